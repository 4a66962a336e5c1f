"""Timestamp: the time of a block, set once by its author.

Source: polkadot-sdk substrate/frame/timestamp/src/lib.rs.
"""

from __future__ import annotations

from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import InvariantBroken, Refused
from ganglion.frame.dispatch import Other as OtherError
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import InherentData, Pallet, constant
from ganglion.frame.storage import StorageValue, storage
from ganglion.scale.types import Compact, u64


class Timestamp(Pallet, crate="pallet_timestamp"):
    """The time of the present block, in Unix milliseconds."""

    # Unix milliseconds. Written by the author's inherent.
    now: StorageValue[u64] = storage(default=0)
    # Whether this block's time was set already. Lives inside a block only.
    did_update: StorageValue[bool] = storage(default=False)

    minimum_period: u64 = constant(6_000)

    @call(index=0)
    def set(self, origin: Origin, now: Compact[u64]) -> None:
        """Nobody (the author): set the block's time. It must be later than the parent's."""
        origin.none()
        previous = self.now.get()
        if self.did_update.get() or (previous and now <= previous):
            raise Refused(OtherError())
        self.now.set(now)
        self.did_update.set(True)

    def inherent(self, data: InherentData) -> RuntimeCall:
        """The author's clock, but never at or before the parent's time."""
        return RuntimeCall(self.name, "set", (max(data.timestamp_ms, self.now.get() + 1),))

    def on_finalize(self) -> None:
        """Every block must have been given its time."""
        if not self.did_update.take():
            raise InvariantBroken("the block's time was not set")
