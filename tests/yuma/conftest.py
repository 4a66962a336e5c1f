"""Made-up epochs for property tests."""

import numpy as np
import pytest
from hypothesis import strategies as st

from ganglion.yuma import Commit, EpochInput, Hyperparameters, Rows

BLOCK = 1000
values = st.one_of(st.sampled_from([0, 1, 2, 32767, 32768, 65534, 65535]), st.integers(0, 65535))
blocks = st.one_of(st.sampled_from([0, 1, 899, 900, 901, 990, 2**64 - 1]), st.integers(0, 2 * BLOCK))
stakes = st.one_of(
    st.sampled_from([0, 1, 2**64, 5 * 2**64]),
    st.integers(0, 2**112),
    st.integers(0, 100).map(lambda x: x << 64),
)
settings = st.builds(
    Hyperparameters,
    tempo=st.integers(0, 2**16),
    activity_cutoff=st.sampled_from([0, 10, 500, 2**64 - 1]),
    stake_threshold=st.sampled_from([0, 0, 1, 10**9, 2**64 - 1]),
    max_allowed_validators=st.integers(0, 8),
    kappa=values,
    bonds_penalty=values,
    bonds_moving_average=st.one_of(st.sampled_from([0, 1, 900_000, 10**6]), st.integers(0, 10**6)),
    yuma3=st.booleans(),
    liquid_alpha=st.booleans(),
    alpha_sigmoid_steepness=st.one_of(st.sampled_from([-32768, 0, 1000, 32767]), st.integers(-32768, 32767)),
    alpha_low=values,
    alpha_high=values,
    commit_reveal=st.booleans(),
    reveal_period=st.integers(0, 3),
)


def matrix(n):
    """n rows in any order, with some uids that do not exist."""
    row = st.dictionaries(st.integers(0, n + 1), values, max_size=n + 2).map(lambda row: list(row.items()))
    return st.lists(st.one_of(st.just([]), row), min_size=n, max_size=n).map(
        lambda rows: Rows.of("rows", rows)
    )


@st.composite
def any_epoch(draw):
    n = draw(st.integers(0, 8))
    uids = st.integers(0, n - 1) if n else st.nothing()

    def blocks_for(count):
        return np.array(draw(st.lists(blocks, min_size=count, max_size=count)), dtype=np.uint64)

    return EpochInput(
        n=n,
        current_block=BLOCK,
        last_step_block=draw(st.sampled_from([0, 899, 2**64 - 1])),
        rao_emission=draw(st.sampled_from([0, 1, 10**9, 2**64 - 1])),
        hyperparameters=draw(settings),
        stake=draw(st.lists(stakes, min_size=n, max_size=n)),
        last_update=blocks_for(draw(st.sampled_from([0, n, n, n, n + 1]))),
        block_at_registration=blocks_for(n),
        validator_permit=np.array(draw(st.lists(st.booleans(), max_size=n + 1)), dtype=np.bool_),
        weights=draw(matrix(n)),
        bonds=draw(matrix(n)),
        owner_uid=draw(st.none() | uids),
        commits=tuple(
            draw(st.lists(st.builds(Commit, st.integers(0, 9), st.integers(0, 5), blocks), max_size=3))
        ),
        current_epoch=draw(st.integers(0, 6)),
    )


@st.composite
def agreeable_epoch(draw):
    """Everybody is active, votes for others in uid order, and no two stakes are equal."""
    n = draw(st.integers(2, 7))
    voters = draw(st.integers(1, n))
    everyone = st.lists(values, min_size=n, max_size=n)
    cells = draw(st.lists(everyone, min_size=n, max_size=n))
    held = draw(st.lists(everyone, min_size=n, max_size=n))
    stake = draw(st.lists(st.integers(1, 10**15), min_size=n, max_size=n, unique=True))

    def rows(table):
        return Rows.of(
            "rows", [list(enumerate(row)) if uid < voters else [] for uid, row in enumerate(table)]
        )

    return EpochInput(
        n=n,
        current_block=BLOCK,
        last_step_block=899,
        rao_emission=10**18,
        hyperparameters=Hyperparameters(
            tempo=100,
            activity_cutoff=5000,
            stake_threshold=0,
            max_allowed_validators=n,
            kappa=draw(values),
            bonds_penalty=draw(values),
            bonds_moving_average=draw(st.integers(0, 10**6)),
            yuma3=draw(st.booleans()),
            liquid_alpha=draw(st.booleans()),
            alpha_sigmoid_steepness=draw(st.integers(-32768, 32767)),
        ),
        stake=[rao << 64 for rao in stake],
        last_update=np.full(n, 990, dtype=np.uint64),
        block_at_registration=np.full(n, 10, dtype=np.uint64),
        validator_permit=np.ones(n, dtype=np.bool_),
        weights=rows(cells),
        bonds=rows(held),
    )


@pytest.fixture(scope="session")
def epochs():
    """Strategy: anything that is not refused."""
    return any_epoch()


@pytest.fixture(scope="session")
def agreeable_epochs():
    """Strategy: epochs without ties and masks."""
    return agreeable_epoch()
