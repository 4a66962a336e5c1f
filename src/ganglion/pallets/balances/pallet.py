"""Balances: free, reserved and frozen TAO of every account. Amounts in rao.

Terms: the *existential deposit* is the least free TAO that keeps an account alive; what is left below it is
*dust*, which is lost to everybody and leaves the issuance. *Reserved* TAO belongs to the account but
cannot be spent; *frozen* is how much free and reserved together must stay.
Source: polkadot-sdk substrate/frame/balances/src/lib.rs, impl_fungible.rs, impl_currency.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.address import MultiAddress, lookup
from ganglion.frame.call import call
from ganglion.frame.dispatch import (
    ArithmeticErrorKind,
    ArithmeticFailed,
    Error,
    InvariantBroken,
    TokenError,
    TokenErrorKind,
)
from ganglion.frame.event import Event
from ganglion.frame.genesis import InvalidGenesis
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import TaoBalance
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.balances.holds import Holds
from ganglion.pallets.balances.types import (
    MAX_RESERVES,
    AdjustmentDirection,
    BalancesGenesis,
    ReserveData,
    Reserves,
)
from ganglion.pallets.system.account import AccountData, AccountInfo
from ganglion.pallets.system.pallet import System
from ganglion.scale.types import AccountId, Compact, u32

U64_MAX = (1 << 64) - 1


class Balances(Pallet, crate="pallet_balances", sections=(Holds,)):
    """Free, reserved and frozen TAO of every account."""

    system: System
    genesis = BalancesGenesis

    # All TAO in accounts, free and reserved, in rao. Written here only.
    total_issuance: StorageValue[TaoBalance] = storage(default=0)
    inactive_issuance: StorageValue[TaoBalance] = storage(default=0)
    # account -> its reserves by name.
    reserves: StorageMap[AccountId, Reserves] = storage(Blake2_128Concat, default=())

    existential_deposit: TaoBalance = constant(500)
    max_locks: u32 = constant(50)
    max_reserves: u32 = constant(MAX_RESERVES)
    max_freezes: u32 = constant(50)

    class Endowed(Event, index=0):
        """An account was created with some free TAO."""

        account: AccountId
        free_balance: TaoBalance

    class DustLost(Event, index=1):
        """An account fell below the existential deposit and lost the rest."""

        account: AccountId
        amount: TaoBalance

    class Transfer(Event, index=2):
        """TAO went from one account to another."""

        from_: AccountId
        to: AccountId
        amount: TaoBalance

    class BalanceSet(Event, index=3):
        """Root set an account's free TAO."""

        who: AccountId
        free: TaoBalance

    class Reserved(Event, index=4):
        """TAO was reserved."""

        who: AccountId
        amount: TaoBalance

    class Unreserved(Event, index=5):
        """Reserved TAO became free."""

        who: AccountId
        amount: TaoBalance

    class Deposit(Event, index=7):
        """TAO was put into an account."""

        who: AccountId
        amount: TaoBalance

    class Withdraw(Event, index=8):
        """TAO was taken out of an account (for fees, for example)."""

        who: AccountId
        amount: TaoBalance

    class Burned(Event, index=11):
        """TAO of an account was destroyed."""

        who: AccountId
        amount: TaoBalance

    class TotalIssuanceForced(Event, index=21):
        """Root corrected the issuance."""

        old: TaoBalance
        new: TaoBalance

    class LiquidityRestrictions(Error, index=1):
        """The account's TAO is locked."""

    class InsufficientBalance(Error, index=2):
        """The balance is too low to send that much."""

    class ExistentialDeposit(Error, index=3):
        """The amount is too low to create an account."""

    class DeadAccount(Error, index=6):
        """The receiving account does not exist."""

    class TooManyReserves(Error, index=7):
        """The account has as many named reserves as it may have."""

    class IssuanceDeactivated(Error, index=10):
        """More is inactive than would be issued."""

    class DeltaZero(Error, index=11):
        """A change by nothing is no change."""

    @call(index=0)
    def transfer_allow_death(self, origin: Origin, dest: MultiAddress, value: Compact[TaoBalance]) -> None:
        """Send `value`, even if that leaves too little to keep the sender's account. Emits: Transfer."""
        self.transfer(origin.signed(), lookup(dest), value, keep_alive=False)

    @call(index=2)
    def force_transfer(
        self, origin: Origin, source: MultiAddress, dest: MultiAddress, value: Compact[TaoBalance]
    ) -> None:
        """Root: send `value` from any account. Emits: Transfer."""
        origin.root()
        self.transfer(lookup(source), lookup(dest), value, keep_alive=False)

    @call(index=3)
    def transfer_keep_alive(self, origin: Origin, dest: MultiAddress, value: Compact[TaoBalance]) -> None:
        """Send `value`, but never the last existential deposit. Emits: Transfer."""
        self.transfer(origin.signed(), lookup(dest), value, keep_alive=True)

    @call(index=4)
    def transfer_all(self, origin: Origin, dest: MultiAddress, keep_alive: bool) -> None:
        """Send all that can be sent. Emits: Transfer."""
        source = origin.signed()
        self.transfer(source, lookup(dest), self.reducible(source, keep_alive), keep_alive)

    @call(index=5)
    def force_unreserve(self, origin: Origin, who: MultiAddress, amount: TaoBalance) -> None:
        """Root: make reserved TAO free. Emits: Unreserved."""
        origin.root()
        self.unreserve(lookup(who), amount)

    @call(index=8)
    def force_set_balance(self, origin: Origin, who: MultiAddress, new_free: Compact[TaoBalance]) -> None:
        """Root: set an account's free TAO; less than the existential deposit sets none. Emits: BalanceSet."""
        origin.root()
        account = lookup(who)
        free = new_free if new_free >= self.existential_deposit else 0
        change = free - self._data(account).free
        self._issue(change)
        self._put(account, change)
        self.emit(self.BalanceSet(account, free))

    @call(index=9)
    def force_adjust_total_issuance(
        self, origin: Origin, direction: AdjustmentDirection, delta: Compact[TaoBalance]
    ) -> None:
        """Root: correct the issuance. Raises: DeltaZero, IssuanceDeactivated. Emits: TotalIssuanceForced."""
        origin.root()
        if delta == 0:
            raise self.DeltaZero(delta)
        old = self.total_issuance.get()
        grows = direction is AdjustmentDirection.Increase
        new = min(old + delta, U64_MAX) if grows else max(old - delta, 0)
        if self.inactive_issuance.get() > new:
            raise self.IssuanceDeactivated(new)
        self.total_issuance.set(new)
        self.emit(self.TotalIssuanceForced(old, new))

    @call(index=10)
    def burn(self, origin: Origin, value: Compact[TaoBalance], keep_alive: bool) -> None:
        """Destroy `value` of the sender's TAO. Raises: TokenError (FUNDS_UNAVAILABLE). Emits: Burned."""
        who = origin.signed()
        self._take(who, value, keep_alive)
        self._issue(-value)
        self.emit(self.Burned(who, value))

    def build_genesis(self, config: BalancesGenesis) -> None:
        """Give every account its TAO. Raises InvalidGenesis."""
        for at, endowment in enumerate(config.endowments):
            account, amount = endowment.account, endowment.amount
            if self._data(account).free:
                raise InvalidGenesis(f"Balances.endowments[{at}]", "the account is endowed twice")
            if amount < self.existential_deposit:
                reason = f"{amount} rao do not keep an account alive, {self.existential_deposit} do"
                raise InvalidGenesis(f"Balances.endowments[{at}]", reason)
            if self.total_issuance.get() + amount > U64_MAX:
                raise InvalidGenesis(f"Balances.endowments[{at}]", "the sum of all is above 2**64 - 1 rao")
            self._issue(amount)
            self._put(account, amount)

    def try_state(self) -> None:
        """Accounts sum up to the issuance, and none lives on less than the existential deposit."""
        total = 0
        for account, info in self.system.account.items():
            total += info.data.total
            if 0 < info.data.free < self.existential_deposit and not info.data.is_held:
                raise InvariantBroken(f"account {account.hex()} holds only {info.data.free} rao")
        if total != self.total_issuance.get():
            raise InvariantBroken(f"accounts hold {total} rao, {self.total_issuance.get()} are issued")

    def free(self, who: bytes) -> int:
        """Free TAO of an account, in rao."""
        return self._data(who).free

    def total(self, who: bytes) -> int:
        """Free and reserved TAO of an account, in rao."""
        return self._data(who).total

    def reducible(self, who: bytes, keep_alive: bool) -> int:
        """How much can be taken out of an account, in rao."""
        return self._reducible(self.system.account[who], keep_alive)

    def transfer(self, source: bytes, dest: bytes, amount: int, keep_alive: bool) -> None:
        """Move `amount` rao. Emits Transfer, unless source and destination are the same.

        Raises: TokenError (FUNDS_UNAVAILABLE, FROZEN, NOT_EXPENDABLE, BELOW_MINIMUM).
        """
        self._check_transfer(source, amount, keep_alive)
        self._check_put(dest, amount)
        if source == dest:
            return
        self._put(source, -amount)
        self._put(dest, amount)
        self.emit(self.Transfer(source, dest, amount))

    def deposit(self, who: bytes, amount: int) -> None:
        """Mint `amount` rao into an account. Emits: Deposit.

        Raises: TokenError (BELOW_MINIMUM), ArithmeticFailed (OVERFLOW).
        """
        if amount == 0:
            return
        self._check_put(who, amount)
        self._issue(amount)
        self._put(who, amount)
        self.emit(self.Deposit(who, amount))

    def withdraw(self, who: bytes, amount: int, keep_alive: bool) -> None:
        """Burn `amount` rao of an account. Emits: Withdraw. Raises: TokenError (FUNDS_UNAVAILABLE)."""
        self.draw(who, amount, keep_alive)
        self._issue(-amount)

    def draw(self, who: bytes, amount: int, keep_alive: bool) -> None:
        """Take `amount` rao out of an account; they stay issued, and must be given to `resolve`.

        Emits: Withdraw. Raises: TokenError (FUNDS_UNAVAILABLE).
        """
        if amount == 0:
            return
        self._take(who, amount, keep_alive)
        self.emit(self.Withdraw(who, amount))

    def resolve(self, who: bytes | None, amount: int) -> None:
        """Give `amount` rao that were drawn to an account; burn them if it cannot receive. Emits: Deposit."""
        if amount == 0:
            return
        if who is None or not self.can_receive(who, amount):
            self._issue(-amount)
            return
        self._put(who, amount)
        self.emit(self.Deposit(who, amount))

    def can_receive(self, who: bytes, amount: int) -> bool:
        """Whether `amount` rao would keep the account alive."""
        return amount == 0 or self._data(who).free + amount >= self.existential_deposit

    def reserve(self, who: bytes, amount: int) -> None:
        """Set `amount` rao aside. Emits: Reserved.

        Raises: InsufficientBalance, LiquidityRestrictions, Refused (ConsumerRemaining: the free rest must
        keep the account alive).
        """
        if amount == 0:
            return
        data = self._data(who)
        left = data.free - amount
        if left < 0:
            raise self.InsufficientBalance(data.free, amount)
        if left < data.frozen:
            raise self.LiquidityRestrictions(data.frozen, left)
        self._set(who, AccountData(left, data.reserved + amount, data.frozen, data.flags))
        self.emit(self.Reserved(who, amount))

    def unreserve(self, who: bytes, amount: int) -> int:
        """Free at most `amount` rao of the reserve; what was not there, in rao. Emits: Unreserved."""
        data = self._data(who)
        if amount == 0 or data.total == 0:
            return amount
        freed = min(amount, data.reserved)
        self._set(who, AccountData(data.free + freed, data.reserved - freed, data.frozen, data.flags))
        self.emit(self.Unreserved(who, freed))
        return amount - freed

    def shift(self, who: bytes, free: int, reserved: int) -> None:
        """Change free and reserved TAO by so much, without checks or events; both must stay above 0."""
        data = self._data(who)
        self._set(who, AccountData(data.free + free, data.reserved + reserved, data.frozen, data.flags))

    def reserve_named(self, name: bytes, who: bytes, amount: int) -> None:
        """Set `amount` rao aside under an 8-byte name. Raises: TooManyReserves and as `reserve`."""
        if amount == 0:
            return
        held = {reserve.id: reserve.amount for reserve in self.reserves[who]}
        if name not in held and len(held) == MAX_RESERVES:
            raise self.TooManyReserves(who)
        self.reserve(who, amount)
        self._set_named(who, held | {name: held.get(name, 0) + amount})

    def unreserve_named(self, name: bytes, who: bytes, amount: int) -> int:
        """Free at most `amount` rao of a named reserve; what was not there, in rao."""
        held = {reserve.id: reserve.amount for reserve in self.reserves[who]}
        freed = min(amount, held.get(name, 0))
        missing = self.unreserve(who, freed)
        self._set_named(who, held | {name: held.get(name, 0) - freed + missing})
        return amount - freed + missing

    def _set_named(self, who: bytes, held: dict[bytes, int]) -> None:
        kept = tuple(ReserveData(name, held[name]) for name in sorted(held) if held[name])
        if kept:
            self.reserves[who] = kept
        else:
            del self.reserves[who]

    def _data(self, who: bytes) -> AccountData:
        return self.system.account[who].data

    def _issue(self, change: int) -> None:
        total = self.total_issuance.get() + change
        if total > U64_MAX:
            raise ArithmeticFailed(ArithmeticErrorKind.Overflow)
        if total < 0:
            raise ArithmeticFailed(ArithmeticErrorKind.Underflow)
        if change:
            self.total_issuance.set(total)

    def _check_transfer(self, who: bytes, amount: int, keep_alive: bool) -> None:
        if amount == 0:
            return
        account = self.system.account[who]
        free = account.data.free
        if free < amount:
            raise TokenError(TokenErrorKind.FundsUnavailable)
        if amount > self._reducible(account, keep_alive=False):
            raise TokenError(TokenErrorKind.Frozen)
        if keep_alive and free - amount < self.existential_deposit:
            raise TokenError(TokenErrorKind.NotExpendable)

    def _reducible(self, account: AccountInfo, keep_alive: bool) -> int:
        data = account.data
        untouchable = max(0, data.frozen - data.reserved)
        if keep_alive or not account.can_lose_provider:
            untouchable = max(untouchable, self.existential_deposit)
        return max(0, data.free - untouchable)

    def _check_put(self, who: bytes, amount: int) -> None:
        if not self.can_receive(who, amount):
            raise TokenError(TokenErrorKind.BelowMinimum)

    def _take(self, who: bytes, amount: int, keep_alive: bool) -> None:
        if amount > self.reducible(who, keep_alive):
            raise TokenError(TokenErrorKind.FundsUnavailable)
        self._put(who, -amount)

    def _put(self, who: bytes, amount: int) -> None:
        if amount == 0:
            return
        account = self.system.account[who]
        before, least = account.data, self.existential_deposit
        after = before.with_free(before.free + amount)
        if before.free >= least and after.free >= least:  # nearly always: it lives before and after
            self.system.account[who] = account.with_data(after)
        else:
            self._set(who, after)

    def _set(self, who: bytes, data: AccountData) -> None:
        """Write balances.

        Free TAO of at least the existential deposit keeps an account alive; a balance that is held may not
        lose its account. A rest that keeps nothing alive is dust. Raises Refused as `System.set_data`.
        """
        before, least = self._data(who), self.existential_deposit
        providers = (data.free >= least) - (before.free >= least)
        dust = 0 if data.free >= least or data.reserved else data.free
        self.system.set_data(
            who, data.with_free(0) if dust else data, providers, data.is_held - before.is_held
        )
        if providers > 0 and before == AccountData():
            self.emit(self.Endowed(who, data.free))
        if dust:
            self._issue(-dust)
            self.emit(self.DustLost(who, dust))
