"""Utility: several calls in one.

Source: subtensor pallets/utility/src/lib.rs (a fork of polkadot-sdk's). Inner calls run as the caller.
"""

from __future__ import annotations

from collections.abc import Iterator

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import BadOrigin, DispatchError, DispatchFailed, Error
from ganglion.frame.event import Event
from ganglion.frame.origin import NONE, Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.scale.types import Vec, u16, u32


class Utility(Pallet, crate="pallet_subtensor_utility"):
    """Batches, and calls as a derived account."""

    batched_calls_limit: u32 = constant(10_922, name="batched_calls_limit")

    class BatchInterrupted(Event, index=0):
        """A batch stopped at a call that failed; those before it stand."""

        index: u32
        error: DispatchError

    class BatchCompleted(Event, index=1):
        """All calls of a batch succeeded."""

    class BatchCompletedWithErrors(Event, index=2):
        """A forced batch ended, and some of its calls failed."""

    class ItemCompleted(Event, index=3):
        """A call of a batch succeeded."""

    class ItemFailed(Event, index=4):
        """A call of a forced batch failed."""

        error: DispatchError

    class TooManyCalls(Error, index=0):
        """There are too many calls in the batch."""

    @call(index=0)
    def batch(self, origin: Origin, calls: Vec[RuntimeCall]) -> None:
        """Run calls in order up to the first that fails. Raises: TooManyCalls."""
        for index, failure in enumerate(self._run(origin, calls)):
            if failure is not None:
                self.emit(self.BatchInterrupted(index, self.world.runtime.dispatch_error(failure)))
                return
            self.emit(self.ItemCompleted())
        self.emit(self.BatchCompleted())

    @call(index=1)
    def as_derivative(self, origin: Origin, index: u16, call: RuntimeCall) -> None:
        """Run a call as the account derived from the sender and `index`."""
        self.world.dispatch(call, Origin.of(derived_account(origin.signed(), index)))

    @call(index=2)
    def batch_all(self, origin: Origin, calls: Vec[RuntimeCall]) -> None:
        """Run all calls or none. Raises: TooManyCalls, and what a call raises."""
        for failure in self._run(origin, calls):
            if failure is not None:
                raise failure
            self.emit(self.ItemCompleted())
        self.emit(self.BatchCompleted())

    @call(index=4)
    def force_batch(self, origin: Origin, calls: Vec[RuntimeCall]) -> None:
        """Run all calls, whichever fail. Raises: TooManyCalls."""
        failed = False
        for failure in self._run(origin, calls):
            if failure is None:
                self.emit(self.ItemCompleted())
            else:
                failed = True
                self.emit(self.ItemFailed(self.world.runtime.dispatch_error(failure)))
        self.emit(self.BatchCompletedWithErrors() if failed else self.BatchCompleted())

    def _run(self, origin: Origin, calls: tuple[RuntimeCall, ...]) -> Iterator[DispatchFailed | None]:
        if origin == NONE:
            raise BadOrigin
        if len(calls) > self.batched_calls_limit:
            raise self.TooManyCalls(len(calls))
        for item in calls:
            yield self.world.try_dispatch(item, origin)


def derived_account(who: bytes, index: int) -> bytes:
    """The account that `as_derivative` acts as: blake2-256 of (b"modlpy/utilisuba", who, index u16)."""
    return blake2_256(b"modlpy/utilisuba" + who + index.to_bytes(2, "little"))
