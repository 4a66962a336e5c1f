"""MevShield: the authors' keys, and the carriers of encrypted transactions.

Terms: a *carrier* is a transaction that submits an envelope (`ganglion.crypto.shield`) with another signed
transaction inside, the *inner* one. Every author announces a fresh encapsulation key in its block. The key
that users see is that of the author two slots ahead: it passes from *next* to *pending* to *current*, one
step a block, and a carrier can only go into the block whose author has the secret, which is the one on top
of the block that left its key pending. There the author puts the inner transaction right behind the carrier;
nothing of the decryption reaches state but that.
Source: subtensor pallets/shield/src/lib.rs.
"""

from __future__ import annotations

from typing import Annotated

from ganglion.crypto.hashing import Twox64Concat, blake2_256
from ganglion.crypto.shield import ENCAPSULATION_KEY_SIZE, key_hash
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import Error
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import InherentData, Pallet
from ganglion.frame.primitives import BlockNumber
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.aura import Aura, AuraId
from ganglion.pallets.mev_shield.stored_calls import StoredCalls
from ganglion.pallets.system import System
from ganglion.scale.markers import Bounded
from ganglion.scale.primitives import BYTES
from ganglion.scale.types import H256, AccountId, Bytes

EncapsulationKey = Annotated[Bytes, Bounded(2_048)]
Ciphertext = Annotated[Bytes, Bounded(8_192)]


class MevShield(Pallet, crate="pallet_shield", sections=(StoredCalls,)):
    """Keys to encrypt with, and encrypted transactions."""

    system: System
    aura: Aura

    # Key of the present block's author. All keys are written by `announce_next_key` only.
    current_key: StorageValue[EncapsulationKey | None] = storage()
    # Key of the next block's author.
    pending_key: StorageValue[EncapsulationKey | None] = storage()
    # Key to encrypt with: that of the author after the next.
    next_key: StorageValue[EncapsulationKey | None] = storage()
    # author -> the key it announced in its latest block.
    author_keys: StorageMap[AuraId, EncapsulationKey | None] = storage(Twox64Concat)
    # First block in which what was encrypted with the pending key can no longer be included.
    pending_key_expires_at: StorageValue[BlockNumber | None] = storage()
    # The same for the next key.
    next_key_expires_at: StorageValue[BlockNumber | None] = storage()

    class EncryptedSubmitted(Event, index=0):
        """An envelope was accepted. `id` is the blake2-256 of submitter and envelope."""

        id: H256
        who: AccountId

    class BadEncKeyLen(Error, index=0):
        """The announced encapsulation key is not one of ML-KEM-768."""

    class Unreachable(Error, index=1):
        """The block has no author."""

    @call(index=0)
    def announce_next_key(self, origin: Origin, enc_key: EncapsulationKey | None) -> None:
        """Nobody (the author): move all keys one step on and announce the author's own, or that it has none.

        Raises: Unreachable, BadEncKeyLen.
        """
        origin.none()
        author = self.aura.author()
        if author is None:
            raise self.Unreachable
        if enc_key is not None and len(enc_key) != ENCAPSULATION_KEY_SIZE:
            raise self.BadEncKeyLen(len(enc_key))
        self._move_keys()
        # Only now: the next key is one that its author announced in an earlier block.
        self.author_keys[author] = enc_key
        self._set_expiries()

    @call(index=1)
    def submit_encrypted(self, origin: Origin, ciphertext: Ciphertext) -> None:
        """Submit an envelope, sealed to the next key, around a signed transaction. Emits: EncryptedSubmitted.

        If both transactions are of one account, the inner one has the nonce after the carrier's.
        """
        who = origin.signed()
        self.emit(self.EncryptedSubmitted(blake2_256(who + BYTES.encode(ciphertext)), who))

    def inherent(self, data: InherentData) -> RuntimeCall | None:
        """The author's announcement, if it keeps keys."""
        if data.shield_key is None:
            return None
        return RuntimeCall(self.name, "announce_next_key", (data.shield_key,))

    def pending_key_hash(self) -> bytes | None:
        """To which key envelopes for the next block are sealed; None if its author announced none."""
        pending = self.pending_key.get()
        return None if pending is None else key_hash(pending)

    def _move_keys(self) -> None:
        self.current_key.set(self.pending_key.get())
        self.pending_key.set(self.next_key.get())
        author = self.aura.author(slots_ahead=2)
        self.next_key.set(None if author is None else self.author_keys[author])

    def _set_expiries(self) -> None:
        now = self.system.number.get()
        self.pending_key_expires_at.set(now + 2 if self.pending_key.exists() else None)
        self.next_key_expires_at.set(now + 3 if self.next_key.exists() else None)
