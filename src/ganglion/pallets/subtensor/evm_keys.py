"""EVM keys: a hotkey's owner shows that an Ethereum address is the neuron's too.

The address's key signs the hotkey and a block number. An association belongs to the uid: it goes with the
neuron, and moves when uids move. Few uids may name one address, so that finding them stays cheap.
Source: RaoFoundation/subtensor pallets/subtensor/src/utils/evm.rs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from ganglion.crypto.ethereum import keccak_256, personal_hash, recover_address
from ganglion.crypto.hashing import Twox64Concat
from ganglion.frame.call import call
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.scale.markers import Bounded
from ganglion.scale.types import H160, Bytes65, Vec, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.system import System

MAX_UIDS = 32
"""Uids of one subnet that may name the same address."""


class EvmKeys(Section):
    """Which uid has which Ethereum address."""

    accounts: Accounts
    neurons: Neurons
    subnets: Subnets
    system: System

    # netuid, uid -> address, block of the association.
    associated_evm_address: StorageDoubleMap[NetUid, u16, tuple[H160, u64] | None] = storage(
        Twox64Concat, Twox64Concat
    )
    # The same by address: netuid, address -> ((uid, block), ...).
    associated_uids_by_evm_address: StorageDoubleMap[
        NetUid, H160, Annotated[Vec[tuple[u16, u64]], Bounded(MAX_UIDS)]
    ] = storage(Twox64Concat, Twox64Concat, default=())

    # Blocks between two associations of a uid, and from genesis to the first.
    evm_key_associate_rate_limit: u64 = constant(7_200)

    @call(index=93)
    def associate_evm_key(
        self, origin: Origin, netuid: NetUid, evm_key: H160, block_number: u64, signature: Bytes65
    ) -> None:
        """Let the signing hotkey's uid have the address `evm_key`, whose key made the signature.

        It signs, as a personal message (EIP-191), the hotkey and then keccak-256 of the block number as a
        u64. Raises: SubnetNotExists, NonAssociatedColdKey, HotKeyNotRegisteredInSubNet,
        EvmKeyAssociateRateLimitExceeded, InvalidIdentity, InvalidRecoveredPublicKey,
        EvmKeyAssociationLimitExceeded. Emits: EvmKeyAssociated.
        """
        hotkey, now = origin.signed(), self.system.number.get()
        uid = self.check(hotkey, netuid, evm_key, block_number, signature)
        self.forget(netuid, uid)
        self.associated_evm_address[netuid, uid] = (evm_key, now)
        self.associated_uids_by_evm_address[netuid, evm_key] += ((uid, now),)
        self.emit(events.EvmKeyAssociated(netuid, hotkey, evm_key, now))

    def check(self, hotkey: bytes, netuid: int, evm_key: bytes, block_number: int, signature: bytes) -> int:
        """Whether a hotkey may associate the address; its uid. Raises as `associate_evm_key`."""
        if not self.subnets.exists(netuid):
            raise errors.SubnetNotExists(netuid)
        if not self.accounts.exists(hotkey):
            raise errors.NonAssociatedColdKey(hotkey)
        uid = self.neurons.uid(netuid, hotkey)
        if uid is None:
            raise errors.HotKeyNotRegisteredInSubNet(netuid, hotkey)
        _, last = self.associated_evm_address[netuid, uid] or (None, 0)
        if self.system.number.get() - last < self.evm_key_associate_rate_limit:
            raise errors.EvmKeyAssociateRateLimitExceeded(netuid, uid, self.evm_key_associate_rate_limit)
        address = recover_address(association_hash(hotkey, block_number), signature)
        if address is None:
            raise errors.InvalidIdentity(signature)
        if address != evm_key:
            raise errors.InvalidRecoveredPublicKey(address, evm_key)
        named = [other for other, _ in self.associated_uids_by_evm_address[netuid, evm_key]]
        if uid not in named and len(named) >= MAX_UIDS:
            raise errors.EvmKeyAssociationLimitExceeded(netuid, evm_key, MAX_UIDS)
        return uid

    def forget(self, netuid: int, uid: int) -> None:
        """Drop what a uid has."""
        association = self.associated_evm_address.take((netuid, uid))
        if association is not None:
            evm_key, _ = association
            others = self.associated_uids_by_evm_address[netuid, evm_key]
            self._store(netuid, evm_key, tuple(each for each in others if each[0] != uid))

    def rename(self, netuid: int, places: Mapping[int, int]) -> None:
        """Uids move: old -> new. Those that have no new place lose what they have."""
        before = dict(self.associated_evm_address.under(netuid))
        for uid in before:
            if uid not in places:
                self.forget(netuid, uid)
        self.associated_evm_address.clear_under(netuid)
        for uid in sorted(before.keys() & places.keys()):
            self.associated_evm_address[netuid, places[uid]] = before[uid]
        for evm_key, uids in list(self.associated_uids_by_evm_address.under(netuid)):
            self._store(netuid, evm_key, tuple((places[uid], block) for uid, block in uids))

    def try_state(self) -> None:
        """Both directions agree, and only uids that are taken have an address. Raises InvariantBroken."""
        forth = {
            (netuid, uid, *association)
            for netuid, uid, association in self.associated_evm_address.items()
            if association is not None
        }
        back = {
            (netuid, uid, evm_key, block)
            for netuid, evm_key, uids in self.associated_uids_by_evm_address.items()
            for uid, block in uids
        }
        vacant = sorted((netuid, uid) for netuid, uid, _, _ in forth if uid >= self.neurons.count(netuid))
        if forth != back or vacant:
            raise InvariantBroken(f"EVM addresses: one way only {sorted(forth ^ back)}, vacant uids {vacant}")

    def _store(self, netuid: int, evm_key: bytes, uids: tuple[tuple[int, int], ...]) -> None:
        if uids:
            self.associated_uids_by_evm_address[netuid, evm_key] = uids
        else:
            del self.associated_uids_by_evm_address[netuid, evm_key]


def association_hash(hotkey: bytes, block_number: int) -> bytes:
    """What the address's key signs, 32 bytes."""
    return personal_hash(hotkey + keccak_256(block_number.to_bytes(8, "little")))
