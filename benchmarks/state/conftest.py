"""A state of 100,000 accounts, as a chain of that size has it (seed 1)."""

import random

import pytest

from ganglion.crypto.hashing import Blake2_128Concat, twox128

ACCOUNTS = 100_000
CHANGED = 4_000
SYSTEM_ACCOUNT = twox128(b"System") + twox128(b"Account")


@pytest.fixture(scope="session")
def accounts():
    """Storage keys of all accounts."""
    dice = random.Random(1)
    return [SYSTEM_ACCOUNT + Blake2_128Concat.hash(dice.randbytes(32)) for _ in range(ACCOUNTS)]


@pytest.fixture(scope="session")
def genesis(accounts):
    """Account infos of 56 bytes."""
    dice = random.Random(2)
    return {key: dice.randbytes(56) for key in accounts}


@pytest.fixture
def block_changes(accounts):
    """Makes the changes of one block: 4,000 other accounts each time (2,000 transfers)."""
    dice = random.Random(3)
    return lambda: {key: dice.randbytes(56) for key in dice.sample(accounts, CHANGED)}
