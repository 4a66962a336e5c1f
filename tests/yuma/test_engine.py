"""Large epochs are computed by the compiled operations, if there are any, and come out the same."""

import subprocess
import sys

import numpy as np
import pytest

from ganglion.yuma import EpochInput, Hyperparameters, RowOps, Rows, engine, run_epoch
from ganglion.yuma.case import outcome_to_json
from ganglion.yuma.engine import LARGE, ops_for


def full_epoch(n, yuma3=False):
    """n uids that all score and hold bonds in all."""
    starts = np.arange(n + 1, dtype=np.int64) * n
    uids = np.tile(np.arange(n, dtype=np.uint16), n)
    rng = np.random.default_rng(7)
    settings = Hyperparameters(
        tempo=360,
        activity_cutoff=5000,
        stake_threshold=0,
        max_allowed_validators=n,
        kappa=32767,
        bonds_penalty=65535,
        bonds_moving_average=900_000,
        yuma3=yuma3,
        liquid_alpha=yuma3,
    )
    return EpochInput(
        n=n,
        current_block=1000,
        last_step_block=639,
        rao_emission=10**12,
        hyperparameters=settings,
        stake=[int(rao) << 64 for rao in rng.integers(1, 10**12, n)],
        last_update=np.full(n, 900, dtype=np.uint64),
        block_at_registration=np.full(n, 10, dtype=np.uint64),
        validator_permit=np.ones(n, dtype=np.bool_),
        weights=Rows(starts, uids, rng.integers(0, 65536, n * n).astype(np.uint16)),
        bonds=Rows(starts, uids, rng.integers(0, 65536, n * n).astype(np.uint16)),
    )


@pytest.mark.parametrize("yuma3", [False, True])
def test_a_large_epoch_is_compiled_and_comes_out_as_the_plain_one(yuma3):
    compiled = pytest.importorskip("ganglion.yuma.compiled", reason="numba is not installed").COMPILED
    epoch = full_epoch(256, yuma3)
    assert ops_for([epoch]) is compiled
    assert outcome_to_json(run_epoch(epoch, compiled)) == outcome_to_json(run_epoch(epoch))


def test_a_small_epoch_is_plain():
    assert type(ops_for([full_epoch(16)])) is RowOps


def test_mechanisms_are_large_together():
    epoch = full_epoch(128)
    count = -(-LARGE // (epoch.weights.entries + epoch.bonds.entries))
    assert type(ops_for([epoch] * (count - 1))) is RowOps
    assert ops_for([epoch] * count) is engine.fastest_ops()


def test_without_numba_every_epoch_is_plain():
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from ganglion.yuma import engine, epoch\n"
        "sys.exit(engine.fastest_ops() is not epoch.PLAIN)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "extra `fast`" in done.stderr
