"""The page for authors of subnets does what it says: its commands, in their order, in a fresh directory.

Only the installation is left out, and free ports stand in place of the page's.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "subnet-author.md"
BIN = Path(sys.executable).parent
PATIENCE_S = 240
TEMPO = 360
MINERS_SHARE = 0.41

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


def commands() -> list[str]:
    """The page's blocks of commands."""
    _install, *blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    return blocks


def free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """The directory in which everything was done, and what the last command told in the end."""
    directory = tmp_path_factory.mktemp("author")
    *steps, look = commands()
    ports = {"9944": free_port("127.0.0.1"), "8091": free_port("127.0.0.2")}
    polled = (
        f"for attempt in $(seq {PATIENCE_S}); do\n{look.strip()} --json > stake.json\n"
        "grep -q '\"stake_amount\": 0.0' stake.json || break\nsleep 1\ndone\n"
    )
    script = "set -e\n" + "".join(steps) + polled
    for port, free in ports.items():
        script = script.replace(port, str(free))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "BT_"))}
    environment |= {"HOME": str(directory), "PATH": f"{BIN}:{os.environ['PATH']}"}
    with (directory / "output").open("wb") as output:
        process = subprocess.Popen(
            ["bash", "-c", script],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        status = process.wait(PATIENCE_S)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        await_end(process.pid)
    assert status == 0, (directory / "output").read_text()[-3000:]
    return directory


def await_end(group: int) -> None:
    """Wait until no process of the group is left; then none is left for certain."""
    deadline = time.monotonic() + 20
    try:
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.1)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def events(directory, name, kind):
    told = [json.loads(line) for line in (directory / name).read_text().splitlines()]
    return [event for event in told if event["event"] == kind]


def test_the_miner_is_paid_the_miners_share_of_whole_tempos(tried):
    stake = json.loads((tried / "stake.json").read_text())["stake_amount"]
    assert stake > 0
    assert stake <= MINERS_SHARE * TEMPO * (len(events(tried, "validator.events", "weights")) + 1)


def test_the_validator_found_the_miner_good(tried):
    last = events(tried, "validator.events", "round")[-1]
    assert [(miner["quality"] > 0.99, miner["outcome"]) for miner in last["miners"]] == [(True, "ok")]


def test_the_authors_own_part_is_as_short_as_the_page_says(tried):
    lines = len((tried / "roots" / "subnet.py").read_text().splitlines())
    assert lines < 100
    assert f"has {lines} lines" in " ".join(PAGE.read_text().split())


def test_the_logs_tell_of_nothing_unexpected(tried):
    for name in ("miner.log", "validator.log"):
        log = (tried / name).read_text()
        assert "Traceback" not in log and " ERROR " not in log, log
