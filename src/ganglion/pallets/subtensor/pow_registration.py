"""Registration by work: a hotkey gets a uid for a hash that was hard to find, and for no TAO.

A subnet's owner allows it, beside registration at all; by default nobody may. The work is bound to the
subnet, a recent block, the hotkey and the coldkey, so it is of use to nobody else and not for long; of each
block a hotkey may use it once. The difficulty is what root set: it does not follow demand.
Source: RaoFoundation/subtensor pallets/subtensor/src/subnets/registration.rs; age of the work, and bounds of
the difficulty, from the official SDK's miner of spec 475 (bittensor 11.3.0).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from ganglion.crypto.ethereum import keccak_256
from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.scale.types import AccountId, Bytes32, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.registration import Registration
    from ganglion.pallets.system import System

DOMAIN = b"subtensor-pow-register-v1"
GREATEST_AGE = 5
"""Blocks from the one that the work names to the last that takes it."""

GREATEST_HASH = 2**256 - 1


class PowRegistration(Section):
    """Gives uids for work."""

    accounts: Accounts
    hyperparameters: Hyperparameters
    neurons: Neurons
    registration: Registration
    system: System

    # hotkey -> block that its last work named; work for that block or an older one is used up.
    last_pow_registration_block: StorageMap[AccountId, u64 | None] = storage(Blake2_128Concat)

    @call(index=152)
    def pow_register(
        self, origin: Origin, netuid: NetUid, work_block: u64, nonce: u64, work: Bytes32, hotkey: AccountId
    ) -> None:
        """Get a uid for `hotkey` for work. Free of charge.

        Raises: RegistrationNotPermittedOnRootSubnet, SubnetNotExists, SubNetRegistrationDisabled,
        HotKeyAlreadyRegisteredInSubNet, NoNeuronIdAvailable, TooManyRegistrationsThisBlock,
        InvalidWorkBlock, InvalidSeal, InvalidDifficulty, CannotUseSystemAccount, NonAssociatedColdKey.
        Emits: NeuronRegistered.
        """
        coldkey = origin.signed()
        self.check(coldkey, netuid, work_block, nonce, work, hotkey)
        self.accounts.create(coldkey, hotkey)
        uid = self.registration.admit(netuid, hotkey)
        self.last_pow_registration_block[hotkey] = work_block
        self.registration.registrations_this_block[netuid] += 1
        self.emit(events.NeuronRegistered(netuid, uid, hotkey))

    def check(
        self, coldkey: bytes, netuid: int, work_block: int, nonce: int, work: bytes, hotkey: bytes
    ) -> None:
        """Whether the work gets a uid, if there is one to be had. Raises as `pow_register`."""
        self._check_subnet(netuid, hotkey)
        last, age = self.last_pow_registration_block[hotkey], self.system.number.get() - work_block
        if not 1 <= age <= GREATEST_AGE or (last is not None and work_block <= last):
            raise errors.InvalidWorkBlock(work_block, last)
        if work != seal(netuid, self.system.block_hash[work_block], hotkey, coldkey, nonce):
            raise errors.InvalidSeal(work)
        if int.from_bytes(work, "little") * self.difficulty(netuid) > GREATEST_HASH:
            raise errors.InvalidDifficulty(self.difficulty(netuid))
        self.accounts.require_usable(hotkey)
        if self.accounts.exists(hotkey) and not self.accounts.owns(coldkey, hotkey):
            raise errors.NonAssociatedColdKey(coldkey, hotkey)

    def difficulty(self, netuid: int) -> int:
        """How many hashes are tried for one that counts, on average; at least 1."""
        settings = self.hyperparameters
        least = max(settings.min_difficulty[netuid], 1)
        return min(max(settings.difficulty[netuid], least), max(settings.max_difficulty[netuid], least))

    def _check_subnet(self, netuid: int, hotkey: bytes) -> None:
        self.registration.check_subnet(netuid)
        settings = self.hyperparameters
        allowed = settings.network_registration_allowed[netuid]
        if not (allowed and settings.network_pow_registration_allowed[netuid]):
            raise errors.SubNetRegistrationDisabled(netuid)
        if self.neurons.uid(netuid, hotkey) is not None:
            raise errors.HotKeyAlreadyRegisteredInSubNet(netuid, hotkey)
        if settings.max_allowed_uids[netuid] == 0:
            raise errors.NoNeuronIdAvailable(netuid, 0)
        limit = settings.max_registrations_per_block[netuid]
        if self.registration.registrations_this_block[netuid] >= limit:
            raise errors.TooManyRegistrationsThisBlock(netuid, limit)


def challenge(netuid: int, block_hash: bytes, hotkey: bytes, coldkey: bytes) -> bytes:
    """What is hashed, but for the nonce at its end."""
    return DOMAIN + netuid.to_bytes(2, "little") + block_hash + hotkey + coldkey


def seal(netuid: int, block_hash: bytes, hotkey: bytes, coldkey: bytes, nonce: int) -> bytes:
    """The work of a nonce, 32 bytes; read as a little-endian number, the smaller the harder to find."""
    tried = challenge(netuid, block_hash, hotkey, coldkey) + nonce.to_bytes(8, "little")
    return keccak_256(sha256(tried).digest())
