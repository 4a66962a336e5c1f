"""Sudo: one key that may act as root. For private networks and tests; a chain may remove the key.

Source: polkadot-sdk substrate/frame/sudo/src/lib.rs; subtensor runtime/src/sudo_wrapper.rs (the extension).
"""

from __future__ import annotations

from typing import Any

from ganglion.frame.address import MultiAddress, lookup
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import DispatchError, DispatchFailed, Error, Pays, PostInfo, Weight
from ganglion.frame.event import Event
from ganglion.frame.extension import TransactionContext, TransactionExtension
from ganglion.frame.origin import ROOT, Origin
from ganglion.frame.pallet import Pallet
from ganglion.frame.storage import StorageValue, storage
from ganglion.frame.validity import InvalidKind, InvalidTransaction
from ganglion.pallets.system.extensions import marker
from ganglion.scale import Struct
from ganglion.scale.containers import Err, Ok
from ganglion.scale.types import AccountId, Unit

Result = Ok[Unit] | Err[DispatchError]
FREE = PostInfo(pays=Pays.No)


class SudoGenesis(Struct):
    """The sudo key at genesis, if any."""

    key: AccountId | None = None


class Sudo(Pallet, crate="pallet_sudo"):
    """The sudo key."""

    genesis = SudoGenesis

    # The account that may act as root. Written by itself or root.
    key: StorageValue[AccountId | None] = storage()

    class Sudid(Event, index=0):
        """A sudo call was run."""

        sudo_result: Result

    class KeyChanged(Event, index=1):
        """The key was handed on."""

        old: AccountId | None
        new: AccountId

    class KeyRemoved(Event, index=2):
        """There is no sudo key any more."""

    class SudoAsDone(Event, index=3):
        """A call was run as another account."""

        sudo_result: Result

    class RequireSudo(Error, index=0):
        """The sender is not the sudo account."""

    @call(index=0)
    def sudo(self, origin: Origin, call: RuntimeCall) -> PostInfo:
        """Run a call as root, free of charge. Emits: Sudid."""
        self._ensure_sudo(origin)
        self.emit(self.Sudid(self._result(call, ROOT)))
        return FREE

    @call(index=1)
    def sudo_unchecked_weight(self, origin: Origin, call: RuntimeCall, weight: Weight) -> PostInfo:
        """Run a call as root; `weight` is what it counts for. Emits: Sudid."""
        self._ensure_sudo(origin)
        self.emit(self.Sudid(self._result(call, ROOT)))
        return FREE

    @call(index=2)
    def set_key(self, origin: Origin, new: MultiAddress) -> PostInfo:
        """Hand the key on. Emits: KeyChanged."""
        self._ensure_sudo(origin)
        old, heir = self.key.get(), lookup(new)
        self.key.set(heir)
        self.emit(self.KeyChanged(old, heir))
        return FREE

    @call(index=3)
    def sudo_as(self, origin: Origin, who: MultiAddress, call: RuntimeCall) -> PostInfo:
        """Run a call as another account. Emits: SudoAsDone."""
        self._ensure_sudo(origin)
        self.emit(self.SudoAsDone(self._result(call, Origin.of(lookup(who)))))
        return FREE

    @call(index=4)
    def remove_key(self, origin: Origin) -> PostInfo:
        """Give up the key for good. Emits: KeyRemoved."""
        self._ensure_sudo(origin)
        self.key.kill()
        self.emit(self.KeyRemoved())
        return FREE

    def build_genesis(self, config: SudoGenesis) -> None:
        """Set the key."""
        self.key.set(config.key)

    def _ensure_sudo(self, origin: Origin) -> None:
        if not origin.is_root and origin.signed() != self.key.get():
            raise self.RequireSudo(origin.account)

    def _result(self, call: RuntimeCall, origin: Origin) -> Result:
        failure: DispatchFailed | None = self.world.try_dispatch(call, origin)
        return Ok(()) if failure is None else Err(self.world.runtime.dispatch_error(failure))


class SudoTransactionExtension(
    TransactionExtension, path="node_subtensor_runtime::sudo_wrapper::SudoTransactionExtension"
):
    """Sudo calls of others never enter the pool."""

    sudo: Sudo
    extra = marker("node_subtensor_runtime::sudo_wrapper::SudoTransactionExtension")

    def validate(self, transaction: TransactionContext, extra: Any) -> None:
        """Raises InvalidTransaction (BAD_SIGNER)."""
        if transaction.call.pallet == Sudo.name and transaction.who != self.sudo.key.get():
            raise InvalidTransaction(InvalidKind.BAD_SIGNER)
