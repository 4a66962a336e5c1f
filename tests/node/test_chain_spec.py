"""Chain specs: what is wrong in one is told by its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ganglion.node.chain_spec import PRESETS, ChainSpec, InvalidChainSpec, load, parse


def changed(**fields: Any) -> dict[str, Any]:
    """The localnet preset's JSON with some fields replaced."""
    return {**load("localnet").to_json(), **fields}


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_printed_preset_is_read_back_as_the_same_chain(preset: str, tmp_path: Path) -> None:
    spec, path = load(preset), tmp_path / "spec.json"
    path.write_text(json.dumps(spec.to_json()))
    again = load(str(path))
    assert again == spec
    assert genesis_hash(again) == genesis_hash(spec)


def test_another_genesis_is_another_chain() -> None:
    assert genesis_hash(parse(changed(genesis={}))) != genesis_hash(load("localnet"))


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"blockTimeMs": 0}, "blockTimeMs"),
        ({"blockTimeMs": "12"}, "blockTimeMs"),
        ({"chainType": "Other"}, "chainType"),
        ({"name": None}, "name"),
        ({"id": 5}, "id"),
        ({"genesis": []}, "genesis"),
        ({"surprise": 1}, "surprise"),
        ({"constants": {"Nothing.Here": 1}}, "constants.Nothing.Here"),
        ({"constants": {"Balances.ExistentialDeposit": -1}}, "constants.Balances.ExistentialDeposit"),
        ({"genesis": {"Nothing": {}}}, "genesis.Nothing"),
        ({"genesis": {"Sudo": {"key": "5Bad"}}}, "genesis.Sudo.key"),
        ({"genesis": {"Sudo": {"owner": None}}}, "genesis.Sudo.owner"),
        (
            {"genesis": {"Balances": {"endowments": [{"amount": 1}]}}},
            "genesis.Balances.endowments[0].account",
        ),
        ({"genesis": {"Balances": {"endowments": 7}}}, "genesis.Balances.endowments"),
    ],
)
def test_a_fault_is_told_by_its_place(fields: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidChainSpec) as caught:
        genesis_hash(parse(changed(**fields)))
    assert caught.value.path == place


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"name": "x"}', "\x00"])
def test_a_file_that_is_no_spec_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "spec.json"
    path.write_text(text)
    with pytest.raises(InvalidChainSpec):
        load(str(path))


def test_a_missing_file_is_refused_with_the_names_of_the_presets(tmp_path: Path) -> None:
    with pytest.raises(InvalidChainSpec, match="dev, localnet"):
        load(str(tmp_path / "nothing.json"))


def test_a_constant_of_the_spec_reaches_the_runtime() -> None:
    runtime = parse(changed(constants={"Balances.ExistentialDeposit": 123})).runtime()
    values = {f"{p.name}.{name}": value for p in runtime.pallets for name, _, value in p.constants}
    assert values["Balances.ExistentialDeposit"] == 123


def genesis_hash(spec: ChainSpec) -> bytes:
    return spec.build_genesis(spec.runtime()).stored.hash
