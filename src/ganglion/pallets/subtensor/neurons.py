"""Neurons: the slots (uids) of a subnet, the hotkeys in them, and what epochs have found out about each.

Uids run from 0 to n - 1. Per-neuron results are vectors by uid, written by epochs; `incentive` and
`last_update` exist once per mechanism, under its storage index. A uid is given to a new hotkey only as a
whole: nothing of the old neuron stays but the votes of others, which become zero.
Source: subtensor pallets/subtensor/src/subnets/uids.rs, subnets/registration.rs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid, NetUidStorageIndex, PerU16
from ganglion.frame.storage import StorageDoubleMap, StorageMap, storage
from ganglion.pallets.subtensor.types import ZERO_ACCOUNT, storage_index
from ganglion.scale.types import AccountId, Vec, u16, u64
from ganglion.yuma import is_immune, uid_to_prune

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.evm_keys import EvmKeys
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.serving import Serving
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
    from ganglion.pallets.system import System

T = TypeVar("T")


class Neurons(Section):
    """Who has which uid, and the vectors by uid."""

    system: System
    accounts: Accounts
    evm_keys: EvmKeys
    hyperparameters: Hyperparameters
    serving: Serving
    subnets: Subnets
    votes: VoteMatrix

    # netuid -> number of uids.
    subnetwork_n: StorageMap[NetUid, u16] = storage(Identity, default=0)
    # The two directions between uid and hotkey, and the same by hotkey first.
    uids: StorageDoubleMap[NetUid, AccountId, u16 | None] = storage(Identity, Blake2_128Concat)
    keys: StorageDoubleMap[NetUid, u16, AccountId] = storage(Identity, Identity, default=ZERO_ACCOUNT)
    is_network_member: StorageDoubleMap[AccountId, NetUid, bool] = storage(
        Blake2_128Concat, Identity, default=False
    )
    block_at_registration: StorageDoubleMap[NetUid, u16, u64] = storage(Identity, Identity, default=0)

    active: StorageMap[NetUid, Vec[bool]] = storage(Identity, default=())
    emission: StorageMap[NetUid, Vec[AlphaBalance]] = storage(Identity, default=())
    consensus: StorageMap[NetUid, Vec[PerU16]] = storage(Identity, default=())
    incentive: StorageMap[NetUidStorageIndex, Vec[PerU16]] = storage(Identity, default=())
    dividends: StorageMap[NetUid, Vec[PerU16]] = storage(Identity, default=())
    validator_trust: StorageMap[NetUid, Vec[PerU16]] = storage(Identity, default=())
    validator_permit: StorageMap[NetUid, Vec[bool]] = storage(Identity, default=())
    stake_weight: StorageMap[NetUid, Vec[u16]] = storage(Identity, default=())
    # Block of the newest weights, or of their commit where commit-reveal is on.
    last_update: StorageMap[NetUidStorageIndex, Vec[u64]] = storage(Identity, default=())

    def count(self, netuid: int) -> int:
        """How many uids are taken."""
        return self.subnetwork_n[netuid]

    def uid(self, netuid: int, hotkey: bytes) -> int | None:
        """The hotkey's uid, if it has one."""
        return self.uids[netuid, hotkey]

    def hotkey(self, netuid: int, uid: int) -> bytes:
        """The hotkey in a uid; zeros if there is none."""
        return self.keys[netuid, uid]

    def hotkeys(self, netuid: int) -> tuple[bytes, ...]:
        """All hotkeys in order of uid."""
        return tuple(self.keys[netuid, uid] for uid in range(self.count(netuid)))

    def registered_at(self, netuid: int) -> tuple[int, ...]:
        """Blocks of registration in order of uid."""
        return tuple(self.block_at_registration[netuid, uid] for uid in range(self.count(netuid)))

    def networks_of(self, hotkey: bytes) -> tuple[int, ...]:
        """The subnets on which a hotkey has a uid, in order of storage key."""
        return tuple(netuid for netuid, member in self.is_network_member.under(hotkey) if member)

    def has_permit(self, netuid: int, uid: int) -> bool:
        """Whether the last epoch let the uid validate."""
        permits = self.validator_permit[netuid]
        return uid < len(permits) and permits[uid]

    def updated_at(self, index: int, uid: int) -> int:
        """The block of a uid's newest weights on a mechanism, 0 if there were none."""
        blocks = self.last_update[index]
        return blocks[uid] if uid < len(blocks) else 0

    def note_update(self, netuid: int, mechanism: int, uid: int) -> None:
        """The uid sets or commits weights in this block."""
        index = storage_index(netuid, mechanism)
        blocks = self.last_update[index]
        padded = blocks + (0,) * (self.count(netuid) - len(blocks))
        self.last_update[index] = _with(padded, uid, self.system.number.get())

    def append(self, netuid: int, hotkey: bytes) -> int:
        """Give `hotkey` the next uid, which is returned."""
        uid = self.count(netuid)
        self.subnetwork_n[netuid] = uid + 1
        self.active[netuid] += (True,)
        self.validator_permit[netuid] += (False,)
        for vector in (self.emission, self.consensus, self.dividends, self.validator_trust):
            vector[netuid] += (0,)
        for mechanism in self.hyperparameters.mechanisms(netuid):
            self.incentive[storage_index(netuid, mechanism)] += (0,)
        self._seat(netuid, uid, hotkey)
        return uid

    def replace(self, netuid: int, uid: int, hotkey: bytes) -> None:
        """Give the uid of another neuron, and nothing else of it, to `hotkey`."""
        old = self.keys[netuid, uid]
        del self.uids[netuid, old]
        del self.is_network_member[old, netuid]
        self.serving.forget(netuid, old)
        self.evm_keys.forget(netuid, uid)
        self._clear(netuid, uid)
        self.active[netuid] = _with(self.active[netuid], uid, True)
        self._seat(netuid, uid, hotkey)

    def reseat(self, netuid: int, seats: Sequence[tuple[bytes, int]]) -> None:
        """Give all uids anew, from 0 on, to hotkeys with their blocks of registration."""
        self.keys.clear_under(netuid)
        self.uids.clear_under(netuid)
        self.block_at_registration.clear_under(netuid)
        for uid, (hotkey, block) in enumerate(seats):
            self.keys[netuid, uid] = hotkey
            self.uids[netuid, hotkey] = uid
            self.block_at_registration[netuid, uid] = block
        self.subnetwork_n[netuid] = len(seats)

    def move_hotkey(self, old: bytes, new: bytes, netuid: int) -> None:
        """Give a hotkey's uid to another."""
        uid = self.uids.take((netuid, old))
        del self.is_network_member[old, netuid]
        if uid is not None:
            self.uids[netuid, new] = uid
            self.keys[netuid, uid] = new
            self.is_network_member[new, netuid] = True

    def uid_to_prune(self, netuid: int) -> int | None:
        """The uid that a registration in the full subnet would take, or None if nobody may go."""
        return uid_to_prune(
            self.emission[netuid],
            self.registered_at(netuid),
            now=self.system.number.get(),
            immunity_period=self.hyperparameters.immunity_period[netuid],
            protected=self.owner_uids(netuid),
            min_non_immune=self.hyperparameters.min_non_immune_uids[netuid],
        )

    def is_immune(self, netuid: int, uid: int) -> bool:
        """Whether a uid is too young to be replaced while others can be."""
        return is_immune(
            self.system.number.get(),
            self.block_at_registration[netuid, uid],
            self.hyperparameters.immunity_period[netuid],
        )

    def owner_uids(self, netuid: int) -> tuple[int, ...]:
        """The owner's uids that are never replaced: the owner hotkey's, then the longest registered."""
        seated = [
            self.uids[netuid, hotkey]
            for hotkey in self.accounts.owned_hotkeys[self.subnets.subnet_owner[netuid]]
        ]
        uids = sorted(
            (uid for uid in seated if uid is not None),
            key=lambda uid: (self.block_at_registration[netuid, uid], uid),
        )
        limit = self.hyperparameters.immune_owner_uids_limit[netuid]
        kept = uids[:limit]
        first = self.subnets.owner_uid(netuid)
        if first is not None and first not in kept:
            kept = [first, *kept][:limit]
        return tuple(kept)

    def try_state(self) -> None:
        """Uid -> hotkey and back agree, uids have no gaps, and nothing is kept of neurons that are gone.

        Raises InvariantBroken.
        """
        seated = set()
        for netuid in self.subnets.netuids():
            count = self.count(netuid)
            keys = dict(self.keys.under(netuid))
            back = {uid: hotkey for hotkey, uid in self.uids.under(netuid)}
            if keys != back or sorted(keys) != list(range(count)):
                raise InvariantBroken(f"subnet {netuid}: {count} uids, keys {keys}, uids {back}")
            seated |= {(netuid, hotkey) for hotkey in back.values()}
            self._check_uids(netuid, count)
        members = {(netuid, hotkey) for hotkey, netuid, member in self.is_network_member.items() if member}
        served = {(netuid, hotkey) for netuid, hotkey in self.serving.endpoints()}
        if members != seated or not served <= seated:
            raise InvariantBroken(f"not seated: members {members ^ seated}, endpoints {served - seated}")

    def _check_uids(self, netuid: int, count: int) -> None:
        """Every uid has its place in the subnet's vectors, and nothing names a uid that is not taken."""
        full = (self.active, self.validator_permit, self.emission, self.consensus)
        sizes = {len(vector[netuid]) for vector in (*full, self.dividends, self.validator_trust)}
        indices = [storage_index(netuid, mechanism) for mechanism in self.hyperparameters.mechanisms(netuid)]
        by_index = {len(vector[index]) for vector in (self.incentive, self.last_update) for index in indices}
        most = max(by_index | {len(self.stake_weight[netuid])})
        named = {uid for index in indices for uid in self.votes.uids(index)}
        named |= {uid for uid, _ in self.block_at_registration.under(netuid)}
        if sizes != {count} or most > count or max(named, default=-1) >= count:
            raise InvariantBroken(
                f"subnet {netuid}: {count} uids, vectors of {sizes} and {most}, named are {named}"
            )

    def _seat(self, netuid: int, uid: int, hotkey: bytes) -> None:
        self.keys[netuid, uid] = hotkey
        self.uids[netuid, hotkey] = uid
        self.is_network_member[hotkey, netuid] = True
        self.block_at_registration[netuid, uid] = self.system.number.get()
        for mechanism in self.hyperparameters.mechanisms(netuid):
            self.note_update(netuid, mechanism, uid)

    def _clear(self, netuid: int, uid: int) -> None:
        for vector in (
            self.emission,
            self.consensus,
            self.dividends,
            self.stake_weight,
            self.validator_trust,
        ):
            vector[netuid] = _with(vector[netuid], uid, 0)
        self.validator_permit[netuid] = _with(self.validator_permit[netuid], uid, False)
        for mechanism in self.hyperparameters.mechanisms(netuid):
            index = storage_index(netuid, mechanism)
            self.incentive[index] = _with(self.incentive[index], uid, 0)
            self.votes.forget_uid(index, uid)


def _with(values: tuple[T, ...], position: int, value: T) -> tuple[T, ...]:
    """`values` with one replaced; unchanged where it does not reach that far, as on the chain."""
    return (*values[:position], value, *values[position + 1 :]) if position < len(values) else values
