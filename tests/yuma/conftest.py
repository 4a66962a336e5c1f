"""Made-up epochs for property tests."""

from random import Random

import numpy as np
import pytest
from hypothesis import strategies as st

from ganglion.yuma import Commit, ConsensusMode, EpochInput, Hyperparameters, Rows

BLOCK = 1000
EDGES = (0, 1, 2, 32767, 32768, 65534, 65535)
BLOCKS = (0, 1, 10, 899, 900, 901, 989, 990, 991, 2 * BLOCK, 2**64 - 1)
values = st.one_of(st.sampled_from(EDGES), st.integers(0, 65535))


class Dice:
    """Makes the long parts of an epoch from one drawn seed: drawing each number would take too long."""

    def __init__(self, seed):
        self.random = Random(seed)

    def value(self):
        return self.random.choice(EDGES) if self.random.random() < 0.5 else self.random.randrange(65536)

    def stake(self):
        rao = self.random.randrange(1, 10**15) << 64
        kinds = (0, 1, 2**64, 5 * 2**64, self.random.randrange(2**112), rao, rao, rao, rao)
        return self.random.choice(kinds)

    def blocks(self, count, usual):
        pool = (*BLOCKS, *[usual] * 40)
        return np.array(self.random.choices(pool, k=count), dtype=np.uint64)

    def matrix(self, n):
        """n rows in any order, with some uids that do not exist."""
        rows = []
        for _ in range(n):
            uids = self.random.sample(range(n + 2), self.random.randrange(n + 3))
            rows.append([(uid, self.value()) for uid in uids] if self.random.random() < 0.7 else [])
        return Rows.of("rows", rows)


settings = st.builds(
    Hyperparameters,
    tempo=st.integers(0, 2**16),
    activity_cutoff=st.sampled_from([500, 500, 500, 10, 0, 2**64 - 1]),
    stake_threshold=st.sampled_from([0, 0, 0, 0, 0, 0, 1, 10**9, 2**64 - 1]),
    max_allowed_validators=st.integers(0, 8),
    kappa=values,
    bonds_penalty=values,
    bonds_moving_average=st.one_of(st.sampled_from([0, 1, 900_000, 10**6]), st.integers(0, 10**6)),
    yuma3=st.booleans(),
    liquid_alpha=st.booleans(),
    alpha_sigmoid_steepness=st.one_of(st.sampled_from([-32768, 0, 1000, 32767]), st.integers(-32768, 32767)),
    alpha_low=values,
    alpha_high=values,
    liquid_alpha_consensus_mode=st.sampled_from(ConsensusMode),
    commit_reveal=st.booleans(),
    reveal_period=st.integers(0, 3),
)


@st.composite
def any_epoch(draw):
    n, dice = draw(st.integers(2, 8) | st.integers(0, 8)), Dice(draw(st.integers(0, 2**64)))
    uids = st.integers(0, n - 1) if n else st.nothing()
    commits = st.builds(Commit, st.integers(0, 9), st.integers(0, 5), st.sampled_from(BLOCKS))
    permits = dice.random.choices([True] * 4 + [False], k=dice.random.choice([0, n, n, n, n, n + 1]))
    return EpochInput(
        n=n,
        current_block=BLOCK,
        last_step_block=draw(st.sampled_from([0, 899, 2**64 - 1])),
        rao_emission=draw(st.sampled_from([0, 1, 10**9, 2**64 - 1])),
        hyperparameters=draw(settings),
        stake=[dice.stake() for _ in range(n)],
        last_update=dice.blocks(dice.random.choice([0, n, n, n, n, n + 1]), usual=990),
        block_at_registration=dice.blocks(n, usual=10),
        validator_permit=np.array(permits, dtype=np.bool_),
        weights=dice.matrix(n),
        bonds=dice.matrix(n),
        owner_uid=draw(st.none() | uids),
        commits=tuple(draw(st.lists(commits, max_size=3))),
        current_epoch=draw(st.integers(0, 6)),
        previous_consensus=[dice.value() for _ in range(dice.random.choice([0, n, n, n + 1]))],
    )


@st.composite
def agreeable_epoch(draw):
    """Everybody is active, votes for others in uid order, and no two stakes are equal."""
    n, dice = draw(st.integers(2, 7)), Dice(draw(st.integers(0, 2**64)))
    voters = draw(st.integers(1, n))

    def rows():
        table = [[(uid, dice.value()) for uid in range(n)] for _ in range(voters)]
        return Rows.of("rows", table + [[]] * (n - voters))

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
        stake=[rao << 64 for rao in dice.random.sample(range(1, 10**15), n)],
        last_update=np.full(n, 990, dtype=np.uint64),
        block_at_registration=np.full(n, 10, dtype=np.uint64),
        validator_permit=np.ones(n, dtype=np.bool_),
        weights=rows(),
        bonds=rows(),
    )


@pytest.fixture(scope="session")
def epochs():
    """Strategy: anything that is not refused."""
    return any_epoch()


@pytest.fixture(scope="session")
def agreeable_epochs():
    """Strategy: epochs without ties and masks."""
    return agreeable_epoch()
