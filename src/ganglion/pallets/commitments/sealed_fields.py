"""Sealed fields: commitments that the chain opens when the beacon's round is out.

What was opened moves from the commitment to a list of the neuron's latest openings. What cannot be opened
stays in the commitment, marked as failed. A field may hold a ciphertext (`ganglion.crypto.timelock`) or the
client's portable envelope, which is a ciphertext with its round.
Source: subtensor pallets/commitments/src/lib.rs (reveal_timelocked_commitments); for failures
docs/decisions/0006-drand.md.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from ganglion.crypto.beacon import MalformedPoint
from ganglion.crypto.hashing import Identity, Twox64Concat
from ganglion.crypto.timelock import CannotOpen, Ciphertext, MalformedCiphertext, open_sealed
from ganglion.frame.event import Event
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, StorageValue, storage
from ganglion.pallets.commitments.data import CommitmentInfo, Data, Registration, RevealFailure
from ganglion.pallets.drand import Drand
from ganglion.pallets.system import System
from ganglion.scale import Codecs, ScaleError
from ganglion.scale.types import AccountId, Bytes, Vec, u64

if TYPE_CHECKING:
    from ganglion.pallets.commitments.pallet import Commitments

MAX_REVEALS = 10
"""Openings of a neuron that are kept."""

MAX_OPENED = 64
"""Fields after which a block opens no further neuron's."""

Place = tuple[int, bytes]
_ENVELOPE = Codecs().of(tuple[Bytes, u64])


class CannotReveal(ValueError):
    """A sealed field cannot be opened, now or ever."""

    def __init__(self, failure: RevealFailure) -> None:
        super().__init__(failure.name)
        self.failure = failure


def reveal(field: Data, signature: bytes) -> bytes:
    """What a sealed field holds, which is never empty. Raises: CannotReveal."""
    try:
        plaintext = open_sealed(_ciphertext(field), signature)
    except MalformedPoint as error:
        raise CannotReveal(RevealFailure.SignatureDeserialize) from error
    except CannotOpen as error:
        raise CannotReveal(RevealFailure.Decrypt) from error
    if not plaintext:
        raise CannotReveal(RevealFailure.EmptyPlaintext)
    return plaintext


def _ciphertext(field: Data) -> Ciphertext:
    try:
        return Ciphertext.parse(field.content)
    except MalformedCiphertext:
        return _enveloped(field)


def _enveloped(field: Data) -> Ciphertext:
    try:
        data, round_number = _ENVELOPE.decode(field.content)
        ciphertext = Ciphertext.parse(data)
    except (ScaleError, MalformedCiphertext) as error:
        raise CannotReveal(RevealFailure.CiphertextDeserialize) from error
    if round_number != field.reveal_round:
        raise CannotReveal(RevealFailure.RoundMismatch)
    return ciphertext


class SealedFields(Section):
    """Opens sealed fields."""

    system: System
    drand: Drand
    commitments: Commitments

    # netuid, hotkey -> (content, block of its opening), oldest first.
    revealed_commitments: StorageDoubleMap[NetUid, AccountId, Vec[tuple[Bytes, u64]] | None] = storage(
        Identity, Twox64Concat
    )
    # (netuid, hotkey) with a sealed field.
    timelocked_index: StorageValue[frozenset[tuple[NetUid, AccountId]]] = storage(default=frozenset())
    # (netuid, hotkey) behind which the next block goes on; none: at the beginning.
    timelock_reveal_cursor: StorageValue[tuple[NetUid, AccountId] | None] = storage()

    class CommitmentRevealed(Event, index=2):
        """A sealed field was opened."""

        netuid: NetUid
        who: AccountId

    class CommitmentRevealFailed(Event, index=3):
        """A sealed field could not be opened."""

        netuid: NetUid
        who: AccountId
        reveal_round: u64
        error: RevealFailure

    def on_initialize(self) -> None:
        """Open what can be opened. Emits: CommitmentRevealed, CommitmentRevealFailed."""
        places = sorted(self.timelocked_index.get())
        if not places:
            return
        cursor, opened = self.timelock_reveal_cursor.get(), 0
        for place in places[bisect_right(places, cursor) if cursor else 0 :]:
            opened += self._attend(place)
            if opened >= MAX_OPENED:
                self.timelock_reveal_cursor.set(place)
                return
        self.timelock_reveal_cursor.kill()

    def note(self, netuid: int, who: bytes, *, has_sealed: bool) -> None:
        """Remember whether a neuron's commitment has a sealed field."""
        index = self.timelocked_index.get()
        place = frozenset({(netuid, who)})
        self.timelocked_index.set(index | place if has_sealed else index - place)

    def forget_subnet(self, netuid: int) -> None:
        """Drop all that was opened or is sealed on a subnet."""
        self.revealed_commitments.clear_under(netuid)
        kept = frozenset(place for place in self.timelocked_index.get() if place[0] != netuid)
        self.timelocked_index.set(kept)

    def _attend(self, place: Place) -> int:
        """Open what can be opened of one commitment; how many fields were, or failed."""
        commitment = self.commitments.commitment_of[place]
        fields = () if commitment is None else commitment.info.fields
        ready = tuple(field for field in fields if field.is_timelock and self._is_ready(field))
        if commitment is not None and ready:
            self._open(place, commitment, ready)
        elif not any(field.is_timelock for field in fields):
            self.note(*place, has_sealed=False)
        return len(ready)

    def _is_ready(self, field: Data) -> bool:
        return field.reveal_round in self.drand.pulses or self.drand.is_past(field.reveal_round)

    def _open(self, place: Place, commitment: Registration, ready: tuple[Data, ...]) -> None:
        left, opened = [], []
        for field in commitment.info.fields:
            if field not in ready:
                left.append(field)
                continue
            try:
                opened.append(self._reveal(field))
                self.emit(self.CommitmentRevealed(*place))
            except CannotReveal as error:
                left.append(field.failed)
                self.emit(self.CommitmentRevealFailed(*place, field.reveal_round, error.failure))
        self._remember(place, opened)
        info = CommitmentInfo(tuple(left))
        self.commitments.commitment_of[place] = replace(commitment, info=info) if left else None
        self.note(*place, has_sealed=any(field.is_timelock for field in left))

    def _reveal(self, field: Data) -> bytes:
        signature = self.drand.signature_of(field.reveal_round)
        if signature is None:
            raise CannotReveal(RevealFailure.PulseExpired)
        return reveal(field, signature)

    def _remember(self, place: Place, opened: list[bytes]) -> None:
        if opened:
            block = self.system.number.get()
            openings = (
                *(self.revealed_commitments[place] or ()),
                *((content, block) for content in opened),
            )
            self.revealed_commitments[place] = openings[-MAX_REVEALS:]
