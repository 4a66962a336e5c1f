"""`ganglion up` as a person runs it: real processes, a real chain, real models, a market in front."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

PATIENCE_S = 240
ORDERS = {
    "vision": ["svm", "logistic", "guess"],
    "text": ["blend", "bigram", "echo"],
    "forecast": ["ensemble", "momentum", "naive"],
}
"""Two honest miners of each subnet, the better first, and an exploiter."""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


def start(directory: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ganglion", "up", "--port", "0", "--market-port", "0",
         "--directory", str(directory), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip


def children_of(directory: Path) -> list[str]:
    """Command lines of running processes that work in `directory`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(directory) in command:
                found.append(command)
    return found


def told_by(command: str) -> str:
    """What a command that was printed to be pasted into a shell prints. Raises: CalledProcessError."""
    run = subprocess.run(command, shell=True, check=True, stdout=subprocess.PIPE, text=True, timeout=60)
    return run.stdout


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The report of a run until miners of all subnets are paid, what it printed, and what was told by the
    commands which it printed: by the market, and by an audit of the first subnet's validator.
    """
    directory = tmp_path_factory.mktemp("up")
    report = directory / "report.json"
    miners = [word for name, kinds in ORDERS.items() for word in ("--miners", f"{name}={','.join(kinds)}")]
    arguments = ("--validators", "1", *miners, "--until-paid", "--blocks", "20", "--report", str(report))
    lines: list[str] = []
    bought, audited, audits = "", "", []
    with start(directory, *arguments) as process:
        watchdog = threading.Timer(PATIENCE_S, process.kill)
        watchdog.start()
        for line in process.stdout:
            lines.append(line)
            if "ganglion audit " in line:
                audits.append(line)
            if line.startswith("curl "):
                bought, audited = told_by(line), told_by(audits[0])
    watchdog.cancel()
    output = "".join(lines)
    assert process.returncode == 0, output
    return {
        "output": output,
        "report": json.loads(report.read_text()),
        "bought": json.loads(bought),
        "audited": audited,
        "key": directory / "api-key",
        "left": children_of(directory),
    }


def neurons(paid: dict, subnet: str) -> dict[str, dict]:
    return {each["kind"]: each for each in paid["report"]["neurons"] if each["subnet"] == subnet}


@pytest.mark.parametrize(("subnet", "kinds"), ORDERS.items())
def test_better_models_earn_more_than_worse_ones_and_exploiters_nearly_nothing(
    paid: dict, subnet: str, kinds: list[str]
) -> None:
    best, worse, cheat = (neurons(paid, subnet)[kind]["earned_rao"] for kind in kinds)
    assert best > worse
    assert cheat * 20 < (best + worse) / 2


@pytest.mark.parametrize(("subnet", "kinds"), ORDERS.items())
def test_measured_quality_is_a_share_and_validators_have_none(
    paid: dict, subnet: str, kinds: list[str]
) -> None:
    standing = neurons(paid, subnet)
    best, worse, cheat = (standing[kind]["quality"] for kind in kinds)
    assert 1 >= best > worse > cheat >= 0
    assert standing["validator"]["quality"] is None
    assert standing["validator"]["dividends"] > 0


def test_each_subnet_has_its_netuid_its_first_tao_and_its_ranking(paid: dict) -> None:
    subnets = paid["report"]["subnets"]
    assert [each["subnet"] for each in subnets] == list(ORDERS)
    assert len({each["netuid"] for each in subnets}) == len(ORDERS)
    assert all(each["spearman"] == pytest.approx(1) for each in subnets)
    assert all(each["spearman_measured"] == pytest.approx(1) for each in subnets)
    assert all(set(each["exploiters"].values()) <= {0.0} for each in subnets)
    seconds = [each["seconds_to_first_tao"] for each in subnets]
    assert paid["report"]["seconds_to_first_tao"] == min(seconds) > 0
    for name in ORDERS:
        assert f"first TAO earned by a miner of {name}" in paid["output"]
        assert f"{name}: Spearman of earnings" in paid["output"]


def test_the_market_sells_what_the_miners_make_to_the_printed_call(paid: dict) -> None:
    assert paid["bought"]["object"] == "chat.completion"
    assert paid["bought"]["choices"][0]["message"]["content"]
    assert paid["key"].read_text().strip() in paid["output"]
    assert stat.S_IMODE(paid["key"].stat().st_mode) == 0o600


def test_the_printed_audit_of_the_first_validator_finds_it_honest(paid: dict) -> None:
    assert "no difference" in paid["audited"]


def test_nothing_is_left_running(paid: dict) -> None:
    assert paid["left"] == []


def test_an_interrupt_in_the_middle_stops_every_process(tmp_path: Path) -> None:
    process = start(tmp_path, "--subnets", "text")
    deadline = time.monotonic() + PATIENCE_S
    while len(children_of(tmp_path)) < 5 and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert children_of(tmp_path) == []
