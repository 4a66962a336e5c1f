"""`ganglion testnet` as an operator runs it: what it makes, tells, refuses, and leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ganglion.cli.main import app
from replicas import eventually, free_ports, needs_cometbft

VALIDATORS = 2


def init(directory: Path, *options: str) -> dict[str, object]:
    command = ["testnet", "init", "--output", str(directory), "--validators", str(VALIDATORS), *options]
    made = CliRunner().invoke(app, command)
    assert made.exit_code == 0, made.stderr
    told: dict[str, object] = json.loads(made.stdout)
    return told


def refused(*command: str) -> str:
    ended = CliRunner().invoke(app, ["testnet", *command])
    assert ended.exit_code != 0
    return " ".join(ended.stderr.replace("│", " ").split())  # without the frame that it stands in


def running_on(directory: Path) -> list[str]:
    """The command lines of all processes that name the directory."""
    lines = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(directory) in line:
            lines.append(line)
    return lines


def test_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    init(tmp_path / "net", "--first-port", "20000")
    secrets = [tmp_path / "net" / "shield.secret", *(tmp_path / "net").glob("node*/account.json")]
    assert len(secrets) == 1 + VALIDATORS
    assert all(path.stat().st_mode & 0o077 == 0 for path in secrets)


def test_a_directory_in_use_is_never_written_over(tmp_path: Path) -> None:
    init(tmp_path / "net")
    before = (tmp_path / "net" / "spec.json").read_text()
    assert "is not empty" in refused("init", "--output", str(tmp_path / "net"))
    assert (tmp_path / "net" / "spec.json").read_text() == before


def test_what_cannot_be_is_told(tmp_path: Path) -> None:
    output = str(tmp_path / "net")
    assert "addresses for 4 validators" in refused("init", "--output", output, "--hosts", "10.0.0.1")
    assert "too few ports" in refused("init", "--output", output, "--first-port", "65530")
    assert "neither a preset" in refused("init", "--output", output, "--chain", "nothing.json")
    assert "holds no testnet" in refused("status", str(tmp_path))
    assert not (tmp_path / "net").exists()


@pytest.mark.slow
@pytest.mark.xdist_group("comet")
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.faults)])
def test_nothing_is_left_running(tmp_path: Path, number: signal.Signals) -> None:
    needs_cometbft()
    net = tmp_path / "net"
    init(net, "--first-port", str(free_ports(10 * VALIDATORS)), "--block-time", "0.5")
    assert CliRunner().invoke(app, ["testnet", "status", str(net)]).exit_code == 1
    command = [sys.executable, "-m", "ganglion", "testnet", "start", str(net)]
    with (tmp_path / "log").open("wb") as log:
        started = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
    eventually(
        "all nodes agree on a block",
        lambda: CliRunner().invoke(app, ["testnet", "status", str(net)]).exit_code == 0,
    )
    assert len(running_on(net)) == 1 + 2 * VALIDATORS
    started.send_signal(number)
    assert started.wait(60) == (0 if number is signal.SIGINT else -signal.SIGKILL)
    eventually("all processes ended", lambda: not running_on(net), 20)
