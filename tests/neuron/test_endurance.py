"""Neurons as processes outlive a node which is stopped and killed, and a tenth of the requests going wrong.

The short form of `python benchmarks/neuron/endurance.py --minutes 30`, which checks the same.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "neuron" / "endurance.py"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What the program saw."""
    directory = tmp_path_factory.mktemp("endurance")
    command = [sys.executable, PROGRAM, "--minutes", "0.15", "--directory", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    lines = done.stdout.splitlines()
    assert lines and lines[-1].startswith("{"), done.stderr
    return json.loads(lines[-1])


def test_nothing_was_lost_and_nobody_died(report):
    assert report["complaints"] == [], report


def test_the_node_did_go_away_twice_and_requests_did_go_wrong(report):
    assert [(restart["by"], restart["status"]) for restart in report["restarts"]] == [
        ("SIGTERM", 0),
        ("SIGKILL", -9),
    ]
    assert sum(report["requests"].values()) > report["requests"]["passed"]
