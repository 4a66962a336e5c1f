"""Proxy: an account lets others act for it, each within a type of calls.

Terms: the *real* account is acted for, a *delegate* acts. With a *delay*, the delegate announces the hash of
each call so many blocks ahead, and the real account may reject it meanwhile. A *pure* proxy is an account
without key, which only its proxies can use. Deposits are reserved while entries are stored.
Source: subtensor pallets/proxy/src/lib.rs; who pays: runtime/src/transaction_payment_wrapper.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Twox64Concat, blake2_256
from ganglion.frame.address import AddressId, MultiAddress, lookup
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import DispatchError, InvariantBroken, Pays, PostInfo
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import BlockNumber, TaoBalance
from ganglion.frame.storage import StorageDoubleMap, StorageMap, storage
from ganglion.pallets.balances import Balances
from ganglion.pallets.proxy import errors, events
from ganglion.pallets.proxy.announcements import Announcements
from ganglion.pallets.proxy.filters import allows, is_superset
from ganglion.pallets.proxy.types import (
    MAX_PROXIES,
    Definitions,
    DepositKind,
    ProxyDefinition,
    ProxyType,
)
from ganglion.pallets.system import System
from ganglion.scale.containers import Err, Ok
from ganglion.scale.types import AccountId, Compact, Unit, u16, u32

if TYPE_CHECKING:
    from collections.abc import Callable

BATCHES = ("Utility.batch", "Utility.batch_all", "Utility.force_batch")


class Proxy(
    Pallet,
    crate="pallet_subtensor_proxy",
    sections=(Announcements,),
    declares=(errors, events),
):
    """Who may act for whom. Amounts in rao."""

    balances: Balances
    system: System
    announcements_of: Announcements

    # real account -> its proxies in ascending order, and the deposit for them.
    proxies: StorageMap[AccountId, tuple[Definitions, TaoBalance]] = storage(Twox64Concat, default=((), 0))
    # real account -> how the last call of a proxy ended. Forgotten when the block closes.
    last_call_result: StorageMap[AccountId, Ok[Unit] | Err[DispatchError] | None] = storage(Twox64Concat)
    # real account, delegate -> there if the real account pays the fees of the delegate's proxy calls.
    real_pays_fee: StorageDoubleMap[AccountId, AccountId, Unit | None] = storage(
        Twox64Concat, Twox64Concat, name="RealPaysFeeConsentV1"
    )

    proxy_deposit_base: TaoBalance = constant(60_000_000)
    proxy_deposit_factor: TaoBalance = constant(33_000_000)
    max_proxies: u32 = constant(MAX_PROXIES)

    @call(index=0)
    def proxy(
        self, origin: Origin, real: MultiAddress, force_proxy_type: ProxyType | None, call: RuntimeCall
    ) -> None:
        """Make a call for the real account. Raises: NotProxy, Unannounced. Emits: ProxyExecuted."""
        self.run(self.acting(origin.signed(), real, force_proxy_type), lookup(real), call)

    @call(index=1)
    def add_proxy(
        self, origin: Origin, delegate: MultiAddress, proxy_type: ProxyType, delay: BlockNumber
    ) -> None:
        """Let a delegate act for the signer. Raises and emits as `add`."""
        self.add(origin.signed(), ProxyDefinition(lookup(delegate), proxy_type, delay))

    @call(index=2)
    def remove_proxy(
        self, origin: Origin, delegate: MultiAddress, proxy_type: ProxyType, delay: BlockNumber
    ) -> None:
        """Take a delegate's right back. Raises and emits as `remove`."""
        self.remove(origin.signed(), ProxyDefinition(lookup(delegate), proxy_type, delay))

    @call(index=3)
    def remove_proxies(self, origin: Origin) -> None:
        """Take all rights back. A pure proxy that does so is lost for ever."""
        who = origin.signed()
        _, deposit = self.proxies.take(who)
        self.balances.unreserve(who, deposit)
        self.real_pays_fee.clear_under(who)

    @call(index=4)
    def create_pure(self, origin: Origin, proxy_type: ProxyType, delay: BlockNumber, index: u16) -> None:
        """Make an account without key, whose only proxy is the signer. The signer's deposit is reserved.

        Raises: Duplicate if this extrinsic has made the same before, InsufficientBalance. Emits: PureCreated.
        """
        who = origin.signed()
        when = self.system.number.get(), self.system.extrinsic_index()
        pure = pure_account(who, when, proxy_type, index)
        if pure in self.proxies:
            raise errors.Duplicate(pure)
        deposit = self.deposit(1)
        self.balances.reserve(who, deposit)
        self.proxies[pure] = (ProxyDefinition(who, proxy_type, delay),), deposit
        self.emit(events.PureCreated(pure, who, proxy_type, index))

    @call(index=5)
    def kill_pure(
        self,
        origin: Origin,
        spawner: MultiAddress,
        proxy_type: ProxyType,
        index: u16,
        height: Compact[BlockNumber],
        ext_index: Compact[u32],
    ) -> None:
        """As a pure proxy: give yourself up; what the account has is lost, the spawner's deposit is free.

        Raises: NoPermission. Emits: PureKilled.
        """
        who, account = origin.signed(), lookup(spawner)
        if pure_account(account, (height, ext_index), proxy_type, index) != who:
            raise errors.NoPermission(who)
        _, deposit = self.proxies.take(who)
        self.balances.unreserve(account, deposit)
        self.emit(events.PureKilled(who, account, proxy_type, index))

    @call(index=10)
    def poke_deposit(self, origin: Origin) -> PostInfo:
        """Bring the signer's deposits to what they must be now; free of charge if that changed one.

        Raises: InsufficientBalance. Emits: DepositPoked.
        """
        who = origin.signed()
        definitions, old = self.proxies[who]
        deposit = self.deposit(len(definitions))
        poked = self._poke(who, DepositKind.Proxies, old, deposit)
        if poked:
            self._put(who, definitions, deposit)
        announced = self.announcements_of.poke(who)
        if announced is not None:
            poked |= self._poke(who, DepositKind.Announcements, *announced)
        return PostInfo(pays=Pays.No if poked else Pays.Yes)

    @call(index=11)
    def set_real_pays_fee(self, origin: Origin, delegate: MultiAddress, pays_fee: bool) -> None:
        """Say whether the signer pays the fees of a delegate's proxy calls.

        Raises: NotProxy. Emits: RealPaysFeeSet.
        """
        real, account = origin.signed(), lookup(delegate)
        self.find(real, account, None)
        if pays_fee:
            self.real_pays_fee[real, account] = ()
        else:
            del self.real_pays_fee[real, account]
        self.emit(events.RealPaysFeeSet(real, account, pays_fee))

    def on_finalize(self) -> None:
        """Forget how the block's proxy calls ended."""
        self.last_call_result.clear()

    def try_state(self) -> None:
        """Proxies are in order, each once, and paid for."""
        for real, (definitions, _) in self.proxies.items():
            ranks = [definition.rank for definition in definitions]
            if not ranks or ranks != sorted(set(ranks)):
                raise InvariantBroken(f"the proxies of {real.hex()} are not in order")

    def acting(self, delegate: bytes, real: MultiAddress, kind: ProxyType | None) -> ProxyDefinition:
        """The right by which a delegate may act at once. Raises: NotProxy, Unannounced."""
        definition = self.find(lookup(real), delegate, kind)
        if definition.delay:
            raise errors.Unannounced(definition.delay)
        return definition

    def find(self, real: bytes, delegate: bytes, kind: ProxyType | None) -> ProxyDefinition:
        """The delegate's first right, or the first of a type. Raises: NotProxy."""
        for definition in self.proxies[real][0]:
            if definition.delegate == delegate and kind in (None, definition.proxy_type):
                return definition
        raise errors.NotProxy(delegate, real, kind)

    def add(self, real: bytes, definition: ProxyDefinition) -> None:
        """Let a delegate act for `real`. Emits: ProxyAdded.

        Raises: NoSelfProxy, Duplicate, TooMany, InsufficientBalance (of the deposit).
        """
        if definition.delegate == real:
            raise errors.NoSelfProxy(real)
        definitions, deposit = self.proxies[real]
        if definition in definitions:
            raise errors.Duplicate(definition.delegate)
        if len(definitions) == self.max_proxies:
            raise errors.TooMany(self.max_proxies)
        self._keep(real, (*definitions, definition), deposit)
        kind, delay = definition.proxy_type, definition.delay
        self.emit(events.ProxyAdded(real, definition.delegate, kind, delay))

    def remove(self, real: bytes, definition: ProxyDefinition) -> None:
        """Take a right back. Raises: NotFound. Emits: ProxyRemoved."""
        definitions, deposit = self.proxies[real]
        if definition not in definitions:
            raise errors.NotFound(definition.delegate)
        self._keep(real, tuple(each for each in definitions if each != definition), deposit)
        del self.real_pays_fee[real, definition.delegate]
        kind, delay = definition.proxy_type, definition.delay
        self.emit(events.ProxyRemoved(real, definition.delegate, kind, delay))

    def run(self, definition: ProxyDefinition, real: bytes, call: RuntimeCall) -> None:
        """Make a call for `real` within the right. Emits: ProxyExecuted, also if the call fails."""
        failure = self.world.try_dispatch(call, self.origin(definition, real))
        result = Ok(()) if failure is None else Err(self.world.runtime.dispatch_error(failure))
        self.last_call_result[real] = result
        self.emit(events.ProxyExecuted(result))

    def origin(self, definition: ProxyDefinition, real: bytes) -> Origin:
        """The origin of what is done for `real` by a right."""
        return Origin.of(real).restricted(self._filter(definition.proxy_type))

    def deposit(self, count: int) -> int:
        """What so many proxies must be backed by."""
        return self.proxy_deposit_base + self.proxy_deposit_factor * count if count else 0

    def adjust_deposit(self, who: bytes, old: int, new: int) -> None:
        """Reserve or free the difference. Raises: InsufficientBalance."""
        if new > old:
            self.balances.reserve(who, new - old)
        else:
            self.balances.unreserve(who, old - new)

    def fee_payer(self, signer: bytes, call: RuntimeCall) -> bytes:
        """Who pays for a transaction: a real account that has said so, or the signer.

        Of a proxy call in a proxy call, or in a batch of such for one account, the innermost pays if each
        real account has agreed to pay for the one that acts for it.
        """
        outer = self._paying(signer, call)
        if outer is None:
            return signer
        inner: RuntimeCall = call.args[2]
        calls = inner.args[0] if inner.path in BATCHES else (inner,)
        payers = {self._paying(outer, each) for each in calls}
        found = payers.pop() if len(payers) == 1 else None
        return outer if found is None else found

    def _paying(self, delegate: bytes, call: RuntimeCall) -> bytes | None:
        """The real account of a proxy call, if it pays for the delegate."""
        if call.path != "Proxy.proxy" or not isinstance(call.args[0], AddressId):
            return None
        real = call.args[0].account
        return real if (real, delegate) in self.real_pays_fee else None

    def _filter(self, kind: ProxyType) -> Callable[[RuntimeCall], bool]:
        """What a type may do. It may not make or undo rights that are more than its own."""
        runtime = self.world.runtime

        def may(call: RuntimeCall) -> bool:
            if call.path in ("Proxy.add_proxy", "Proxy.remove_proxy") and not is_superset(kind, call.args[1]):
                return False
            if call.path in ("Proxy.remove_proxies", "Proxy.kill_pure") and kind is not ProxyType.Any:
                return False
            return allows(runtime, kind, call)

        return may

    def _keep(self, real: bytes, definitions: tuple[ProxyDefinition, ...], old_deposit: int) -> None:
        deposit = self.deposit(len(definitions))
        self.adjust_deposit(real, old_deposit, deposit)
        self._put(real, tuple(sorted(definitions, key=lambda definition: definition.rank)), deposit)

    def _put(self, real: bytes, definitions: tuple[ProxyDefinition, ...], deposit: int) -> None:
        if definitions:
            self.proxies[real] = definitions, deposit
        else:
            del self.proxies[real]

    def _poke(self, who: bytes, kind: DepositKind, old: int, new: int) -> bool:
        if old == new:
            return False
        self.adjust_deposit(who, old, new)
        self.emit(events.DepositPoked(who, kind, old, new))
        return True


def pure_account(who: bytes, when: tuple[int, int], proxy_type: ProxyType, index: int) -> bytes:
    """The account that `create_pure` makes; `when` is the block and the extrinsic's index in it.

    blake2-256 of (b"modlpy/proxy____", who, block u32, extrinsic u32, type u8, index u16).
    """
    height, extrinsic = when
    return blake2_256(
        b"modlpy/proxy____"
        + who
        + height.to_bytes(4, "little")
        + extrinsic.to_bytes(4, "little")
        + bytes((proxy_type,))
        + index.to_bytes(2, "little")
    )
