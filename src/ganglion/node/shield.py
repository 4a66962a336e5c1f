"""The author's side of the MEV shield: its secret keys, and the transactions inside of carriers.

A node that makes blocks announces a new key in each of them and keeps the latest in memory only: when it
stops, what was sealed to them is lost, as on the real chain. Carriers and keys: see `pallets.mev_shield`.
Source: subtensor node/src/service.rs; the fork's basic_authorship.rs.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from ganglion.crypto.shield import SEED_SIZE, CannotOpen, DecapsulationKey, Envelope, MalformedEnvelope
from ganglion.frame.executive import CheckedExtrinsic, Executive
from ganglion.frame.validity import TransactionRefused
from ganglion.pallets.system.extensions import SHIELD_CARRIER
from ganglion.scale import ScaleError
from ganglion.scale.primitives import read_compact

log = logging.getLogger(__name__)

KEYS_KEPT = 16
"""A lone author needs the key of three blocks ago; the rest is room for blocks that failed to be made."""

SHARED_KEYS_KEPT = 64
"""Authors who take turns announce less often each, so that users may seal to an older key."""


class ShieldKeys(Protocol):
    """Keys to which transactions are sealed. For the thread that makes blocks."""

    def announce(self, number: int) -> bytes:
        """The encapsulation key that the author of block `number` announces in it."""

    def open(self, envelope: Envelope) -> bytes:
        """What was sealed. Raises: CannotOpen, also if the key is not (or no longer) ours."""


class FreshKeys:
    """Keys of one author, new in each block, which nobody else ever has."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        """`random_bytes(n)` must give n bytes that nobody can guess."""
        self._random_bytes = random_bytes
        self._by_hash: dict[bytes, DecapsulationKey] = {}

    def announce(self, number: int) -> bytes:
        """See `ShieldKeys.announce`. The oldest secret is forgotten."""
        key = DecapsulationKey(self._random_bytes(SEED_SIZE))
        self._by_hash[key.hash] = key
        if len(self._by_hash) > KEYS_KEPT:
            del self._by_hash[next(iter(self._by_hash))]
        return key.encapsulation_key

    def open(self, envelope: Envelope) -> bytes:
        """See `ShieldKeys.open`."""
        return _opened(self._by_hash, envelope)


class SharedKeys:
    """Keys that authors have in common, since none knows who will make the block after the next.

    The key of block n follows from a secret and n. Whoever has the secret, one of all authors, can read what
    is sealed to any of them.
    """

    def __init__(self, secret: bytes) -> None:
        """The secret must be of 32 bytes that nobody else can guess."""
        self._secret = secret
        self._newest = 0
        self._by_hash: dict[bytes, DecapsulationKey] = {}

    def announce(self, number: int) -> bytes:
        """See `ShieldKeys.announce`. Afterwards keys up to this block's can be opened."""
        self._newest = number
        return self._key(number).encapsulation_key

    def open(self, envelope: Envelope) -> bytes:
        """See `ShieldKeys.open`."""
        if envelope.key_hash not in self._by_hash:
            # Each key takes a while to make, and most blocks hold nothing sealed.
            numbers = range(max(1, self._newest - SHARED_KEYS_KEPT), self._newest + 1)
            self._by_hash = {key.hash: key for key in map(self._key, numbers)}
        return _opened(self._by_hash, envelope)

    def _key(self, number: int) -> DecapsulationKey:
        seed = hashlib.blake2b(number.to_bytes(8, "little"), digest_size=SEED_SIZE, key=self._secret)
        return DecapsulationKey(seed.digest())


def _opened(by_hash: Mapping[bytes, DecapsulationKey], envelope: Envelope) -> bytes:
    key = by_hash.get(envelope.key_hash)
    if key is None:
        raise CannotOpen(f"key 0x{envelope.key_hash.hex()} is not among the latest {len(by_hash)}")
    return key.open(envelope)


class BlockShield:
    """What the author does with carriers while it fills one block.

    `pending_key_hash` names the key that the block's parent left pending; None if there is none.
    """

    def __init__(self, keys: ShieldKeys | None, executive: Executive, pending_key_hash: bytes | None) -> None:
        self._keys = keys
        self._executive = executive
        self._pending_key_hash = pending_key_hash

    def defers(self, transaction: CheckedExtrinsic) -> bool:
        """Whether it is a carrier for the author of another block, and stays in the pool."""
        envelope = _envelope_of(transaction)
        return envelope is not None and envelope.key_hash != self._pending_key_hash

    def inner_of(self, carrier: CheckedExtrinsic) -> CheckedExtrinsic | None:
        """The valid signed transaction inside of a carrier that was applied just now.

        None if it is no carrier, or if its envelope, which was paid for, holds nothing that a block may
        include: no inherent gets in this way.
        """
        envelope = _envelope_of(carrier)
        if envelope is None or self._keys is None:
            return None
        try:
            extrinsic = self._executive.codec.decode(_first_extrinsic(self._keys.open(envelope)))
            inner = self._executive.check(extrinsic)
            self._executive.validate(inner)
        except (CannotOpen, ScaleError, TransactionRefused) as error:
            log.debug("nothing to include carrier=0x%s reason=%s", carrier.extrinsic.hash.hex(), error)
            return None
        return inner


def _envelope_of(transaction: CheckedExtrinsic) -> Envelope | None:
    call = transaction.extrinsic.call
    if call.path != SHIELD_CARRIER:
        return None
    try:
        return Envelope.parse(call.args[0])
    except MalformedEnvelope:  # will be refused when it is applied
        return None


def _first_extrinsic(plaintext: bytes) -> bytes:
    """The plaintext up to the extrinsic's end: the real chain minds nothing behind it. Raises: ScaleError."""
    length, start = read_compact(plaintext, 0)
    return plaintext[: start + length]
