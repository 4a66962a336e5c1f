"""The same bytes under another numpy and another number of threads."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ganglion.yuma.case import solve

ROOT = Path(__file__).parents[2]
OLDEST_NUMPY = "2.0.2"
PROGRAM = """
import hashlib, json, sys
from pathlib import Path
import numpy
from ganglion.yuma.case import solve
cases = [json.loads(path.read_text()) for path in sorted(Path("tests/vectors/yuma").glob("*.json"))]
outcomes = json.dumps([solve(case) for case in cases]).encode()
print(numpy.__version__, hashlib.sha256(outcomes).hexdigest())
"""


def digest_here():
    cases = [json.loads(path.read_text()) for path in sorted(ROOT.glob("tests/vectors/yuma/*.json"))]
    return hashlib.sha256(json.dumps([solve(case) for case in cases]).encode()).hexdigest()


def digest_of(python, threads):
    limits = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")}
    environment = os.environ | limits | {"PYTHONPATH": str(ROOT / "src")}
    run = subprocess.run(
        [python, "-c", PROGRAM], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return run.stdout.split()


@pytest.mark.parametrize("threads", [1, 2])
def test_outcomes_do_not_depend_on_the_number_of_threads(threads):
    assert digest_of(sys.executable, threads) == [np.__version__, digest_here()]


@pytest.mark.slow
def test_outcomes_do_not_depend_on_the_numpy_version(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path], check=True)
    python = tmp_path / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"numpy=={OLDEST_NUMPY}"], check=True)
    assert digest_of(python, 1) == [OLDEST_NUMPY, digest_here()]
