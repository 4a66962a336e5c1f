"""Preimage: data on chain, to be found by its hash.

Terms: to *note* is to put data on chain, for a deposit by its length; to *request* is to need it, which makes
noting it free and keeps it there. Other pallets keep calls here that are too long for their own storage.
The old form of statuses, which the real chain still migrates, never existed here.
Source: polkadot-sdk substrate/frame/preimage/src/lib.rs; deposits: subtensor runtime/src/lib.rs.
"""

from __future__ import annotations

from typing import Annotated, cast

from ganglion.crypto.hashing import Identity, blake2_256
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import Error, InvariantBroken, Pays, PostInfo
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.balances.holds import HeldByPreimage, Holds
from ganglion.pallets.preimage.types import (
    MAX_INLINE,
    MAX_SIZE,
    BoundedCall,
    Inline,
    Legacy,
    Lookup,
    Requested,
    RequestStatus,
    Unrequested,
)
from ganglion.scale import ScaleError
from ganglion.scale.markers import Bounded
from ganglion.scale.types import H256, Bytes, Vec, u32

BASE_DEPOSIT = 104_000_000
BYTE_DEPOSIT = 1_000_000
MOST_UPDATED = 1_024
REASON = HeldByPreimage()


class Preimage(Pallet, crate="pallet_preimage"):
    """Data by hash. Deposits in rao."""

    account_holds: Holds

    # hash -> whether it is waited for, who paid, how long it is.
    request_status_for: StorageMap[H256, RequestStatus | None] = storage(Identity)
    # hash, length -> the data.
    preimage_for: StorageMap[tuple[H256, u32], Annotated[Bytes, Bounded(MAX_SIZE)] | None] = storage(Identity)

    class Noted(Event, index=0):
        """Data was put on chain."""

        hash: H256

    class Requested(Event, index=1):
        """Data is needed."""

        hash: H256

    class Cleared(Event, index=2):
        """Data was removed."""

        hash: H256

    class TooBig(Error, index=0):
        """The data is too long to be kept on chain."""

    class AlreadyNoted(Error, index=1):
        """The data is on chain already."""

    class NotAuthorized(Error, index=2):
        """Somebody else has put the data on chain."""

    class NotNoted(Error, index=3):
        """The data is not on chain."""

    class NotRequested(Error, index=5):
        """Nothing has requested the data."""

    class TooMany(Error, index=6):
        """More hashes are to be updated than can be at once."""

    class TooFew(Error, index=7):
        """No hash is to be updated."""

    @call(index=0)
    def note_preimage(self, origin: Origin, bytes: Bytes) -> PostInfo:
        """Put data on chain; free, and without deposit, for root and for what is requested.

        Raises: TooBig, AlreadyNoted, TokenError (of the deposit). Emits: Noted.
        """
        who = origin.signed_or_root()
        was_requested = self._note(bytes, who)
        return PostInfo(pays=Pays.No if was_requested or who is None else Pays.Yes)

    @call(index=1)
    def unnote_preimage(self, origin: Origin, hash: H256) -> None:
        """Take data back that the signer, or for root anybody, has put on chain; the deposit is returned.

        What is requested stays. Raises: NotNoted, NotAuthorized. Emits: Cleared.
        """
        who = origin.signed_or_root()
        match self.request_status_for[hash]:
            case None:
                raise self.NotNoted(hash)
            case Requested(None, _, _):
                if who is not None:
                    raise self.NotAuthorized(who)
                self.unrequest(hash)
            case Requested((owner, deposit), count, length):
                self._return(who, owner, deposit)
                self.request_status_for[hash] = Requested(None, count, length)
            case Unrequested((owner, deposit), length):
                self._return(who, owner, deposit)
                self._clear(hash, length)

    @call(index=2)
    def request_preimage(self, origin: Origin, hash: H256) -> None:
        """Root: need data. Emits: Requested, the first time."""
        origin.root()
        self.request(hash)

    @call(index=3)
    def unrequest_preimage(self, origin: Origin, hash: H256) -> None:
        """Root: need data no more. Raises: NotRequested. Emits: Cleared if nobody keeps it."""
        origin.root()
        self.unrequest(hash)

    @call(index=4)
    def ensure_updated(self, origin: Origin, hashes: Vec[H256]) -> None:
        """Bring old statuses into the new form: there are none. Raises: TooFew, TooMany."""
        origin.signed()
        if not hashes:
            raise self.TooFew
        if len(hashes) > MOST_UPDATED:
            raise self.TooMany(len(hashes))

    def bound(self, call: RuntimeCall) -> BoundedCall:
        """Keep a call: in the value returned, or here and requested. Raises: TooBig. Emits: Noted."""
        data = self.world.runtime.call_codec.encode(call)
        if len(data) <= MAX_INLINE:
            return Inline(data)
        self._note(data, None)
        return Lookup(blake2_256(data), len(data))

    def peek(self, bounded: BoundedCall) -> RuntimeCall | None:
        """A call that was kept, or None if it is not here any more or cannot be read."""
        data = self._data(bounded)
        if data is None:
            return None
        try:
            return cast(RuntimeCall, self.world.runtime.call_codec.decode(data))
        except ScaleError:
            return None

    def drop(self, bounded: BoundedCall) -> None:
        """Need a call no more that was kept. Emits: Cleared if nobody keeps it."""
        if isinstance(bounded, Legacy | Lookup) and isinstance(
            self.request_status_for[bounded.hash], Requested
        ):
            self.unrequest(bounded.hash)

    def request(self, hash: bytes) -> None:
        """Need data. Emits: Requested, the first time."""
        match self.request_status_for[hash]:
            case Requested(ticket, count, length):
                self.request_status_for[hash] = Requested(ticket, count + 1, length)
                return
            case Unrequested(ticket, length):
                self.request_status_for[hash] = Requested(ticket, 1, length)
            case _:
                self.request_status_for[hash] = Requested(None, 1, None)
        self.emit(self.Requested(hash))

    def unrequest(self, hash: bytes) -> None:
        """Need data no more. Raises: NotRequested. Emits: Cleared if nobody keeps it."""
        match self.request_status_for[hash]:
            case Requested(ticket, count, length) if count > 1:
                self.request_status_for[hash] = Requested(ticket, count - 1, length)
            case Requested(_, _, None):
                del self.request_status_for[hash]
            case Requested(None, _, int(length)):
                self._clear(hash, length)
            case Requested(tuple(ticket), _, int(length)):
                self.request_status_for[hash] = Unrequested(ticket, length)
            case _:
                raise self.NotRequested(hash)

    def try_state(self) -> None:
        """Data lies under its own hash and length, and has a status that says so."""
        for (digest, length), data in self.preimage_for.items():
            if data is None or blake2_256(data) != digest or len(data) != length:
                raise InvariantBroken(f"preimage {digest.hex()} is not what its key says")
            if digest not in self.request_status_for:
                raise InvariantBroken(f"preimage {digest.hex()} has no status")

    def _note(self, data: bytes, depositor: bytes | None) -> bool:
        """Put data on chain; whether it is requested now. Without depositor it is."""
        if len(data) > MAX_SIZE:
            raise self.TooBig(len(data))
        digest = blake2_256(data)
        status = self._status_when_noted(digest, len(data), depositor)
        self.request_status_for[digest] = status
        self.preimage_for[digest, len(data)] = data
        self.emit(self.Noted(digest))
        return isinstance(status, Requested)

    def _status_when_noted(self, digest: bytes, length: int, depositor: bytes | None) -> RequestStatus:
        match self.request_status_for[digest]:
            case Requested(ticket, count, _):
                return Requested(ticket, count, length)
            case Unrequested(ticket, _):
                if depositor is not None:
                    raise self.AlreadyNoted(digest)
                return Requested(ticket, 1, length)
        if depositor is None:
            return Requested(None, 1, length)
        deposit = BASE_DEPOSIT + BYTE_DEPOSIT * length
        self.account_holds.hold(REASON, depositor, deposit)
        return Unrequested((depositor, deposit), length)

    def _return(self, who: bytes | None, owner: bytes, deposit: int) -> None:
        if who not in (None, owner):
            raise self.NotAuthorized(who)
        self.account_holds.release(REASON, owner, deposit)

    def _clear(self, hash: bytes, length: int) -> None:
        del self.request_status_for[hash]
        del self.preimage_for[hash, length]
        self.emit(self.Cleared(hash))

    def _data(self, bounded: BoundedCall) -> bytes | None:
        match bounded:
            case Inline(data):
                return data
            case Lookup(digest, length):
                return self.preimage_for[digest, length]
            case Legacy(digest):
                status = self.request_status_for[digest]
                known = status.maybe_len if isinstance(status, Requested) else None
                return None if known is None else self.preimage_for[digest, known]
        return None
