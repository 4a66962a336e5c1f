"""Lock books: what of their stake coldkeys have locked, for which hotkey, and the totals of that.

Terms: an *individual* lock is a coldkey's on a subnet, of which it has one, for one hotkey. It belongs to an
*aggregate*: one for perpetual and one for decaying locks of each hotkey, and two of their own for the subnet
owner's hotkey. States are as of the block that they name and are *rolled* to the present when used.
An aggregate follows the individual locks' losses but is no sum of them: it may be more, or be gone as dust.
Source: subtensor pallets/subtensor/src/staking/lock.rs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.economy.lock_moves import LockPair, joined, parted
from ganglion.economy.locks import DEFAULT_RATE, Lock, LockRules, roll
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, StorageMap, StorageNMap, StorageValue, storage
from ganglion.pallets.subtensor.types import LockState
from ganglion.scale.types import AccountId, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.system import System


class LockBooks(Section):
    """States of locks. Amounts in alpha-rao, conviction as U64F64."""

    system: System
    subnets: Subnets

    # coldkey, netuid, hotkey -> the individual lock.
    lock: StorageNMap[tuple[AccountId, NetUid, AccountId], LockState | None] = storage(
        Blake2_128Concat, Identity, Blake2_128Concat
    )
    # netuid, hotkey, coldkey -> whose locks are for a hotkey.
    locking_coldkeys: StorageNMap[tuple[NetUid, AccountId, AccountId], tuple[()] | None] = storage(
        Identity, Blake2_128Concat, Blake2_128Concat
    )
    # netuid, hotkey -> aggregates of perpetual and of decaying locks.
    hotkey_lock: StorageDoubleMap[NetUid, AccountId, LockState | None] = storage(Identity, Blake2_128Concat)
    decaying_hotkey_lock: StorageDoubleMap[NetUid, AccountId, LockState | None] = storage(
        Identity, Blake2_128Concat
    )
    # netuid -> the same for the owner's hotkey.
    owner_lock: StorageMap[NetUid, LockState | None] = storage(Identity)
    decaying_owner_lock: StorageMap[NetUid, LockState | None] = storage(Identity)
    # coldkey, netuid -> False for a coldkey whose locks there are perpetual; else absent.
    decaying_lock: StorageDoubleMap[AccountId, NetUid, bool | None] = storage(Blake2_128Concat, Identity)
    # Blocks in which conviction matures, and locked alpha unlocks, to 1 - 1/e.
    maturity_rate: StorageValue[u64] = storage(default=DEFAULT_RATE)
    unlock_rate: StorageValue[u64] = storage(default=DEFAULT_RATE)
    # Blocks that root stake must stay after it came; 0 lets it go at once.
    root_stake_unlock_interval: StorageValue[u64] = storage(default=0)

    @property
    def now(self) -> int:
        """The block that locks are rolled to."""
        return self.system.number.get()

    def rules(self, netuid: int, hotkey: bytes, *, perpetual: bool) -> LockRules:
        """How locks for a hotkey change with time."""
        return self.kind(owner=hotkey == self.subnets.subnet_owner_hotkey[netuid], perpetual=perpetual)

    def kind(self, *, owner: bool, perpetual: bool) -> LockRules:
        """How locks of a kind change with time."""
        return LockRules(self.unlock_rate.get(), self.maturity_rate.get(), owner, perpetual)

    def is_perpetual(self, coldkey: bytes, netuid: int) -> bool:
        """Whether a coldkey's locks on a subnet keep their mass."""
        return self.decaying_lock[coldkey, netuid] is False

    def set_perpetual(self, coldkey: bytes, netuid: int, perpetual: bool) -> None:
        """Choose whether a coldkey's locks on a subnet keep their mass. The aggregates are not touched."""
        self.decaying_lock[coldkey, netuid] = False if perpetual else None

    def rules_of(self, coldkey: bytes, netuid: int, hotkey: bytes) -> LockRules:
        """How a coldkey's lock for a hotkey changes with time."""
        return self.rules(netuid, hotkey, perpetual=self.is_perpetual(coldkey, netuid))

    def hotkey_of(self, coldkey: bytes, netuid: int) -> bytes | None:
        """The hotkey that a coldkey's lock on a subnet is for, if there is a lock."""
        for (_, _, hotkey), _ in self.lock.under(coldkey, netuid):
            return hotkey
        return None

    def individual(self, coldkey: bytes, netuid: int, hotkey: bytes) -> Lock:
        """A coldkey's lock as stored; an empty one if there is none."""
        return self._read(self.lock[coldkey, netuid, hotkey])

    def pair(self, coldkey: bytes, netuid: int, hotkey: bytes) -> LockPair:
        """A coldkey's lock and the aggregate that it belongs to, as stored."""
        rules = self.rules_of(coldkey, netuid, hotkey)
        return LockPair(self.individual(coldkey, netuid, hotkey), self.aggregate(netuid, hotkey, rules))

    def put(self, coldkey: bytes, netuid: int, hotkey: bytes, lock: Lock) -> None:
        """Store a coldkey's lock, unless it is dust: then there is none."""
        if lock.is_dust:
            del self.lock[coldkey, netuid, hotkey]
            del self.locking_coldkeys[netuid, hotkey, coldkey]
        else:
            self.lock[coldkey, netuid, hotkey] = _state(lock)
            self.locking_coldkeys[netuid, hotkey, coldkey] = ()

    def put_pair(self, coldkey: bytes, netuid: int, hotkey: bytes, pair: LockPair) -> None:
        """Store a coldkey's lock and the aggregate that it belongs to."""
        self.put(coldkey, netuid, hotkey, pair.individual)
        self.put_aggregate(netuid, hotkey, self.rules_of(coldkey, netuid, hotkey), pair.aggregate)

    def aggregate(self, netuid: int, hotkey: bytes, rules: LockRules) -> Lock:
        """The aggregate of a hotkey's locks of a kind as stored; an empty one if there is none."""
        if rules.owner:
            return self._read((self.owner_lock if rules.perpetual else self.decaying_owner_lock)[netuid])
        aggregates = self.hotkey_lock if rules.perpetual else self.decaying_hotkey_lock
        return self._read(aggregates[netuid, hotkey])

    def put_aggregate(self, netuid: int, hotkey: bytes, rules: LockRules, lock: Lock) -> None:
        """Store an aggregate, unless nothing is left of it."""
        state = _state(lock) if lock else None
        if rules.owner:
            (self.owner_lock if rules.perpetual else self.decaying_owner_lock)[netuid] = state
        else:
            (self.hotkey_lock if rules.perpetual else self.decaying_hotkey_lock)[netuid, hotkey] = state

    def take_aggregate(self, netuid: int, hotkey: bytes, rules: LockRules) -> Lock:
        """An aggregate, rolled, which is removed."""
        taken = roll(self.aggregate(netuid, hotkey, rules), self.now, rules)
        self.put_aggregate(netuid, hotkey, rules, Lock())
        return taken

    def aggregates(self, netuid: int) -> Iterator[tuple[bytes, Lock]]:
        """(hotkey, aggregate) of all kinds, rolled."""
        by_hotkey = ((True, self.hotkey_lock), (False, self.decaying_hotkey_lock))
        for perpetual, locks in by_hotkey:
            rules = self.kind(owner=False, perpetual=perpetual)
            for hotkey, state in locks.under(netuid):
                yield hotkey, roll(self._read(state), self.now, rules)
        owner_hotkey = self.subnets.subnet_owner_hotkey[netuid]
        for perpetual, owner_locks in ((True, self.owner_lock), (False, self.decaying_owner_lock)):
            rules = self.kind(owner=True, perpetual=perpetual)
            if netuid in owner_locks:
                yield owner_hotkey, roll(self._read(owner_locks[netuid]), self.now, rules)

    def join(self, coldkey: bytes, netuid: int, hotkey: bytes, part: Lock) -> None:
        """Count a coldkey's lock, or a part of one, in the aggregate that it belongs to."""
        rules = self.rules_of(coldkey, netuid, hotkey)
        aggregate = joined(self.aggregate(netuid, hotkey, rules), part, self.now, rules)
        self.put_aggregate(netuid, hotkey, rules, aggregate)

    def part(self, coldkey: bytes, netuid: int, hotkey: bytes, part: Lock) -> None:
        """Count a coldkey's lock, or a part of one, no longer in its aggregate."""
        rules = self.rules_of(coldkey, netuid, hotkey)
        aggregate = parted(self.aggregate(netuid, hotkey, rules), part, self.now, rules)
        self.put_aggregate(netuid, hotkey, rules, aggregate)

    def try_state(self) -> None:
        """A coldkey has one lock on a subnet, which is more than dust and which its hotkey knows of."""
        seen: set[tuple[bytes, int]] = set()
        for (coldkey, netuid, hotkey), state in self.lock.items():
            known = (netuid, hotkey, coldkey) in self.locking_coldkeys
            if not known or (coldkey, netuid) in seen or self._read(state).is_dust:
                raise InvariantBroken(f"lock of {coldkey.hex()} for {hotkey.hex()} on {netuid}: {state}")
            seen.add((coldkey, netuid))
        listed = sum(1 for _ in self.locking_coldkeys.items())
        if listed != len(seen):
            raise InvariantBroken(f"{listed} locks are listed by hotkey, there are {len(seen)}")

    def _read(self, state: LockState | None) -> Lock:
        if state is None:
            return Lock(last_update=self.now)
        return Lock(state.locked_mass, state.conviction, state.last_update)


def _state(lock: Lock) -> LockState:
    return LockState(lock.mass, lock.conviction, lock.last_update)
