"""How long does an epoch take?

Baselines: the chain's own Rust epoch, compiled natively with optimisation, 64 validators, on a
2-core machine of the same kind. Run with `pytest benchmarks/yuma --benchmark-only`.
"""

import pytest
from yuma_worlds import RUST_MS, random_epoch

from ganglion.yuma import RowOps, run_epoch
from ganglion.yuma.compiled import COMPILED

ENGINES = {"plain": RowOps(), "compiled": COMPILED}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("yuma3", "uids", "scored"), RUST_MS)
def test_epoch_of_64_validators(benchmark, engine, yuma3, uids, scored):
    epoch = random_epoch(validators=64, uids=uids, scored=scored, yuma3=yuma3)
    benchmark.extra_info["rust_ms"] = RUST_MS[yuma3, uids, scored]
    benchmark(run_epoch, epoch, ENGINES[engine])


@pytest.mark.parametrize("yuma3", [False, True])
def test_epoch_of_256_validators_and_16384_uids(benchmark, yuma3):
    epoch = random_epoch(validators=256, uids=16384, scored=16384, yuma3=yuma3)
    benchmark.pedantic(run_epoch, (epoch, COMPILED), rounds=3)


@pytest.mark.parametrize("scored", [64, 128, 256, 512])
def test_epoch_of_4096_uids_that_all_validate(benchmark, scored):
    epoch = random_epoch(validators=4096, uids=4096, scored=scored)
    benchmark.pedantic(run_epoch, (epoch, COMPILED), rounds=3)
