"""SafeMode: for a time, accounts may make only the calls that keep the chain alive.

Only root may enter and extend it here: no deposit is set for which others could, so theirs are refused, and
there are never deposits to release. Root and the author of a block are not bound by it.
Source: polkadot-sdk substrate/frame/safe-mode/src/lib.rs; what is allowed: subtensor runtime/src/lib.rs.
"""

from __future__ import annotations

import enum

from ganglion.crypto.hashing import Twox64Concat
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import CallFiltered
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import BlockNumber, TaoBalance
from ganglion.frame.storage import StorageDoubleMap, StorageValue, storage
from ganglion.pallets.safe_mode import errors
from ganglion.pallets.system import System
from ganglion.scale import named
from ganglion.scale.types import AccountId

ROOT_ENTERS_FOR = 7_200
ROOT_EXTENDS_BY = 3_600

ALLOWED_PALLETS = ("Sudo", "Multisig", "System", "SafeMode", "Timestamp")
ALLOWED_CALLS = ("SubtensorModule.set_weights", "SubtensorModule.serve_axon", "Commitments.set_commitment")


@named("pallet_safe_mode::pallet::ExitReason")
class ExitReason(enum.IntEnum):
    """Why safe mode ended."""

    Timeout = 0
    Force = 1


class SafeMode(Pallet, crate="pallet_safe_mode", declares=(errors,)):
    """Whether the chain is in safe mode."""

    system: System

    # The last block of safe mode, if the chain is in it.
    entered_until: StorageValue[BlockNumber | None] = storage()
    # account, block -> deposit in rao. Nothing writes it while no deposit is set.
    deposits: StorageDoubleMap[AccountId, BlockNumber, TaoBalance | None] = storage(
        Twox64Concat, Twox64Concat
    )

    enter_duration: BlockNumber = constant(0)
    extend_duration: BlockNumber = constant(0)
    enter_deposit_amount: TaoBalance | None = constant(None)
    extend_deposit_amount: TaoBalance | None = constant(None)
    release_delay: BlockNumber | None = constant(None)

    class Entered(Event, index=0):
        """The chain is in safe mode up to a block."""

        until: BlockNumber

    class Extended(Event, index=1):
        """Safe mode will last longer."""

        until: BlockNumber

    class Exited(Event, index=2):
        """Safe mode has ended."""

        reason: ExitReason

    @call(index=0)
    def enter(self, origin: Origin) -> None:
        """Enter for a deposit. Raises: Entered, NotConfigured."""
        origin.signed()
        if self.entered_until.exists():
            raise errors.Entered
        raise errors.NotConfigured

    @call(index=1)
    def force_enter(self, origin: Origin) -> None:
        """Root: enter. Raises: Entered. Emits: Entered."""
        origin.root()
        if self.entered_until.exists():
            raise errors.Entered
        until = self.system.number.get() + ROOT_ENTERS_FOR
        self.entered_until.set(until)
        self.emit(self.Entered(until))

    @call(index=2)
    def extend(self, origin: Origin) -> None:
        """Extend for a deposit. Raises: Exited, NotConfigured."""
        origin.signed()
        self._until()
        raise errors.NotConfigured

    @call(index=3)
    def force_extend(self, origin: Origin) -> None:
        """Root: extend. Raises: Exited. Emits: Extended."""
        origin.root()
        until = self._until() + ROOT_EXTENDS_BY
        self.entered_until.set(until)
        self.emit(self.Extended(until))

    @call(index=4)
    def force_exit(self, origin: Origin) -> None:
        """Root: end safe mode. Raises: Exited. Emits: Exited."""
        origin.root()
        self._until()
        self._exit(ExitReason.Force)

    @call(index=5)
    def force_slash_deposit(self, origin: Origin, account: AccountId, block: BlockNumber) -> None:
        """Root: destroy a deposit. Raises: NoDeposit."""
        origin.root()
        raise errors.NoDeposit(account, block)

    @call(index=6)
    def release_deposit(self, origin: Origin, account: AccountId, block: BlockNumber) -> None:
        """Give a deposit back. Raises: NoDeposit."""
        origin.signed()
        raise errors.NoDeposit(account, block)

    @call(index=7)
    def force_release_deposit(self, origin: Origin, account: AccountId, block: BlockNumber) -> None:
        """Root: give a deposit back. Raises: NoDeposit."""
        origin.root()
        raise errors.NoDeposit(account, block)

    def on_initialize(self) -> None:
        """End safe mode when its time is over. Emits: Exited."""
        until = self.entered_until.get()
        if until is not None and self.system.number.get() > until:
            self._exit(ExitReason.Timeout)

    def guard(self, who: bytes, call: RuntimeCall) -> None:
        """Raises: CallFiltered for what may not be called in safe mode."""
        if not self.entered_until.exists():
            return
        if call.pallet not in ALLOWED_PALLETS and call.path not in ALLOWED_CALLS:
            raise CallFiltered(call.path)

    def _until(self) -> int:
        until = self.entered_until.get()
        if until is None:
            raise errors.Exited
        return until

    def _exit(self, reason: ExitReason) -> None:
        self.entered_until.kill()
        self.emit(self.Exited(reason))
