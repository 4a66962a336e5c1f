"""`ganglion up` as a person runs it: real processes, a real chain, real models."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PATIENCE_S = 240

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


def start(directory: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ganglion", "up", "--port", "0", "--directory", str(directory), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


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


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The report of a run until miners are paid, and what it printed."""
    directory = tmp_path_factory.mktemp("up")
    report = directory / "report.json"
    process = start(directory, "--until-paid", "--blocks", "24", "--report", str(report))
    output, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, output
    return {"output": output, "report": json.loads(report.read_text()), "left": children_of(directory)}


def earned(paid: dict) -> dict[str, int]:
    return {neuron["kind"]: neuron["earned_rao"] for neuron in paid["report"]["neurons"]}


def test_better_models_earn_more_than_worse_ones(paid: dict) -> None:
    pay = earned(paid)
    assert pay["svm"] > pay["knn"] > pay["logistic"] > 0


def test_cheats_earn_less_than_a_twentieth_of_the_median_honest_miner(paid: dict) -> None:
    pay = earned(paid)
    assert max(pay["guess"], pay["copier"]) * 20 < pay["knn"]


def test_measured_quality_is_an_accuracy_and_validators_have_none(paid: dict) -> None:
    quality = {neuron["kind"]: neuron["quality"] for neuron in paid["report"]["neurons"]}
    assert quality["validator"] is None
    assert all(0 <= quality[kind] <= 1 for kind in ("svm", "knn", "logistic", "guess", "copier"))
    assert quality["svm"] > quality["logistic"] > quality["guess"]


def test_the_first_tao_is_timed_and_the_ranking_printed(paid: dict) -> None:
    assert paid["report"]["seconds_to_first_tao"] > 0
    assert paid["report"]["blocks"] > 0
    assert "first TAO earned by a miner" in paid["output"]


def test_nothing_is_left_running(paid: dict) -> None:
    assert paid["left"] == []


def test_an_interrupt_in_the_middle_stops_every_process(tmp_path: Path) -> None:
    process = start(tmp_path)
    deadline = time.monotonic() + PATIENCE_S
    while len(children_of(tmp_path)) < 5 and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert children_of(tmp_path) == []


def test_an_unknown_kind_of_miner_is_refused_before_anything_starts(tmp_path: Path) -> None:
    process = start(tmp_path, "--miners", "svm,oracle")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "oracle" in output
