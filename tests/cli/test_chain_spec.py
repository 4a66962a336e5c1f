"""`ganglion chain-spec` prints what `ganglion node --chain` reads."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ganglion.cli.main import app
from ganglion.node.chain_spec import PRESETS, load, parse


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_preset_is_printed_as_a_spec_of_the_same_chain(preset: str) -> None:
    result = CliRunner().invoke(app, ["chain-spec", preset])
    assert result.exit_code == 0
    assert parse(json.loads(result.stdout)) == load(preset)


def test_a_bad_file_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps({**load("dev").to_json(), "genesis": {"Sudo": {"key": 5}}}))
    result = CliRunner().invoke(app, ["chain-spec", str(path)])
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("ganglion chain-spec: invalid chain spec: genesis.Sudo.key: ")
