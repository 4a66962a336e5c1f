"""The lock books: the published vectors run through the pallet, and what would contradict itself."""

import json
from pathlib import Path

import pytest

from ganglion.economy.locks import Lock
from ganglion.frame.dispatch import DispatchFailed, InvariantBroken
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.conviction import Conviction
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.types import LockState
from ganglion.pallets.system import System

VECTORS = Path(__file__).parents[2] / "vectors" / "economy" / "j_locks.json"
CASES = json.loads(VECTORS.read_text())["cases"]


def cases(op):
    return [
        pytest.param(case["inputs"], case["expected"], id=case["name"]) for case in CASES if case["op"] == op
    ]


@pytest.fixture
def netuid(chain, who):
    """A subnet whose owner's hotkey is `own`; hotkeys `x` and `z` exist."""
    netuid = chain.subnet("owner", "own")
    for hotkey in ("x", "z"):
        chain[Accounts].create(who("miner"), who(hotkey))
    return netuid


@pytest.mark.parametrize(("given", "expected"), cases("roll"))
def test_every_roll_matches(chain, who, netuid, given, expected):
    books = chain[LockBooks]
    hotkey = who("own" if given["owner_hotkey"] else "x")
    state = LockState(given["mass"], given["conviction_x64"], given["last_update"])
    books.lock[who("a"), netuid, hotkey] = state
    books.set_perpetual(who("a"), netuid, given["perpetual"])
    books.unlock_rate.set(given["unlock_rate"])
    books.maturity_rate.set(given["maturity_rate"])
    chain[System].number.set(given["now"])
    wanted = Lock(expected["mass"], expected["conviction_x64"], expected["last_update"])
    assert chain[Locks].of(who("a"), netuid) == wanted


class Story:
    """Steps of a vector on a chain."""

    def __init__(self, chain, who, netuid, given):
        self.chain, self.who, self.netuid = chain, who, netuid
        self.names = {who(name): name for name in ("a", "b", "c", "x", "z", given["owner_hotkey"])}
        chain[LockBooks].unlock_rate.set(given["unlock_rate"])
        chain[LockBooks].maturity_rate.set(given["maturity_rate"])

    def lock(self, coldkey, hotkey, amount, stake, block):
        shares, coldkey = self.chain[Shares], self.who(coldkey)
        shares.remove(self.who("x"), coldkey, self.netuid, shares.of(self.who("x"), coldkey, self.netuid))
        shares.add(self.who("x"), coldkey, self.netuid, stake)
        self.chain[System].number.set(block)
        try:
            self.chain[Locks].lock(coldkey, self.who(hotkey), self.netuid, amount)
        except DispatchFailed as refusal:
            return type(refusal).__name__
        return "ok"

    def reduce(self, coldkey, amount, block):
        self.chain[System].number.set(block)
        self.chain[Locks].reduce(self.who(coldkey), self.netuid, amount)
        return "ok"

    def seen(self):
        names, stored = self.names, list(self.chain[LockBooks].lock.items())
        conviction = self.chain[Conviction].by_hotkey(self.netuid)
        return {
            "locks": {
                names[coldkey]: [names[hotkey], lock.locked_mass, lock.conviction, lock.last_update]
                for (coldkey, _, hotkey), lock in stored
            },
            "locked": {
                names[coldkey]: self.chain[Locks].locked(coldkey, self.netuid)
                for (coldkey, _, _), _ in stored
            },
            "conviction_x64": {"own": 0} | {names[hotkey]: score for hotkey, score in conviction.items()},
            "total_x64": self.chain[Conviction].total(self.netuid),
        }


@pytest.mark.parametrize(("given", "expected"), cases("story"))
def test_every_step_of_every_story_matches(chain, who, netuid, given, expected):
    story = Story(chain, who, netuid, given)
    for wanted in expected:
        action, *arguments = wanted["step"]
        assert getattr(story, action)(*arguments) == wanted["result"]
        seen = story.seen()
        assert seen == {key: wanted[key] for key in seen}
        chain[LockBooks].try_state()


@pytest.mark.parametrize("state", [LockState(99, 0, 1), LockState(0, 0, 0)])
def test_stored_dust_is_a_contradiction(chain, who, netuid, state):
    chain[LockBooks].put(who("a"), netuid, who("x"), Lock(1_000))
    chain[LockBooks].lock[who("a"), netuid, who("x")] = state
    with pytest.raises(InvariantBroken):
        chain[LockBooks].try_state()


def test_two_locks_of_a_coldkey_on_a_subnet_are_a_contradiction(chain, who, netuid):
    chain[LockBooks].put(who("a"), netuid, who("x"), Lock(1_000))
    chain[LockBooks].put(who("a"), netuid, who("z"), Lock(1_000))
    with pytest.raises(InvariantBroken):
        chain[LockBooks].try_state()


def test_a_lock_that_its_hotkey_does_not_know_of_is_a_contradiction(chain, who, netuid):
    chain[LockBooks].put(who("a"), netuid, who("x"), Lock(1_000))
    del chain[LockBooks].locking_coldkeys[netuid, who("x"), who("a")]
    with pytest.raises(InvariantBroken):
        chain[LockBooks].try_state()


def test_a_listed_coldkey_without_lock_is_a_contradiction(chain, who, netuid):
    chain[LockBooks].locking_coldkeys[netuid, who("x"), who("a")] = ()
    with pytest.raises(InvariantBroken):
        chain[LockBooks].try_state()
