from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.types import LockState


def test_nothing_is_locked(chain, who):
    assert chain[Locks].of(who("cold"), 1) is None


def test_a_lock_is_found_by_coldkey_and_subnet(chain, who):
    chain[Locks].lock[who("cold"), 1, who("hot")] = LockState(5, 0, 1)
    assert chain[Locks].of(who("cold"), 1) == LockState(5, 0, 1)
    assert chain[Locks].of(who("cold"), 2) is None
