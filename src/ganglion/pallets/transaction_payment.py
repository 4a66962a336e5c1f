"""TransactionPayment: what a transaction costs, and who gets it.

The fee is a base, one rao a byte, and the call's weight at 2,000 picoseconds a rao; it does not grow with
load. It is taken before the call and corrected after it, when the true weight is known; the block's author
earns it, and without an author it is burned. Who has too little TAO may pay in kind, where a section takes
that.
Source: polkadot-sdk substrate/frame/transaction-payment, subtensor pallets/transaction-fee/src/lib.rs,
runtime/src/transaction_payment_wrapper.rs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ganglion.economy.fees import BASE_REF_TIME, Charge, inclusion_fee, weight_fee
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchClass, DispatchFailed, DispatchInfo, Pays, Weight
from ganglion.frame.event import Event
from ganglion.frame.extension import TransactionContext, TransactionExtension
from ganglion.frame.pallet import Pallet, Section, constant
from ganglion.frame.primitives import Multiplier, TaoBalance
from ganglion.frame.storage import StorageValue, storage
from ganglion.frame.validity import InvalidKind, InvalidTransaction, ValidTransaction
from ganglion.pallets.aura import Aura
from ganglion.pallets.balances import Balances
from ganglion.pallets.proxy import Proxy
from ganglion.pallets.system.limits import MAX_BLOCK
from ganglion.scale import Struct
from ganglion.scale.markers import Newtype
from ganglion.scale.types import AccountId, Compact, u8

NORMAL_PRIORITY = 1
OPERATIONAL_PRIORITY = 10_000_000_000
ONE = 10**18


class InclusionFee(Struct, path="pallet_transaction_payment::types::InclusionFee"):
    """A fee's parts, in rao."""

    base_fee: TaoBalance
    len_fee: TaoBalance
    adjusted_weight_fee: TaoBalance


class FeeDetails(Struct, path="pallet_transaction_payment::types::FeeDetails"):
    """A fee's parts and the tip, in rao."""

    inclusion_fee: InclusionFee | None
    tip: TaoBalance


class RuntimeDispatchInfo(Struct, path="pallet_transaction_payment::types::RuntimeDispatchInfo"):
    """What a transaction would weigh and cost (rao, without tip)."""

    weight: Weight
    class_: DispatchClass
    partial_fee: TaoBalance


class TransactionPayment(Pallet, crate="pallet_transaction_payment"):
    """Fees of transactions."""

    balances: Balances
    aura: Aura

    next_fee_multiplier: StorageValue[Multiplier] = storage(default=ONE)

    operational_fee_multiplier: u8 = constant(5)

    class TransactionFeePaid(Event, index=0):
        """A transaction was paid for. Amounts in rao; the tip is part of the fee."""

        who: AccountId
        actual_fee: TaoBalance
        tip: TaoBalance

    def fee(self, info: DispatchInfo, length: int, tip: int) -> int:
        """Rao that a transaction of `length` bytes costs, tip included."""
        charge = Charge(length, info.weight.ref_time, tip, info.pays_fee is Pays.Yes)
        return inclusion_fee(charge, max_ref_time=MAX_BLOCK.ref_time)

    def weight_fee(self, weight: Weight) -> int:
        """Rao for a weight, of which no more than a block's counts."""
        return weight_fee(min(weight.ref_time, MAX_BLOCK.ref_time))

    def details(self, info: DispatchInfo, length: int, tip: int = 0) -> FeeDetails:
        """The parts of `fee`."""
        if info.pays_fee is Pays.No:
            return FeeDetails(None, tip)
        parts = InclusionFee(weight_fee(BASE_REF_TIME), length, self.weight_fee(info.weight))
        return FeeDetails(parts, tip)

    def dispatch_info(self, info: DispatchInfo, length: int) -> RuntimeDispatchInfo:
        """What a client is told that a transaction costs."""
        return RuntimeDispatchInfo(info.weight, info.class_, self.fee(info, length, 0))


class PaysInKind(Section):
    """Base of sections by which fees of some calls can be paid with something else than TAO."""

    def covers(self, who: bytes, call: RuntimeCall, fee: int) -> bool:
        """Whether the signer of a call has enough for a fee of so many rao. Changes nothing."""
        raise NotImplementedError

    def pay(self, who: bytes, call: RuntimeCall, fee: int) -> Event:
        """Take what covers the fee, for good, and give it to the author; what is to be told after the call.

        Raises DispatchFailed, having changed nothing.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class _Taken:
    """What was withdrawn before the call, and from whom; `in_kind` tells of what was taken instead."""

    payer: bytes
    fee: int
    tip: int
    in_kind: Event | None = None


class ChargeTransactionPayment(
    TransactionExtension, path="pallet_transaction_payment::ChargeTransactionPayment"
):
    """The sender can pay, and pays; or an account that pays for its proxy's calls."""

    balances: Balances
    proxies: Proxy
    payment: TransactionPayment
    extra = Annotated[
        int,
        *Compact[TaoBalance].__metadata__,
        Newtype("pallet_transaction_payment::ChargeTransactionPayment"),
    ]

    def validate(self, transaction: TransactionContext, extra: int) -> ValidTransaction:
        """Priority is by class alone: a tip buys none. Raises InvalidTransaction (PAYMENT)."""
        fee = self.payment.fee(transaction.info, transaction.length, extra)
        in_tao = fee <= self.balances.reducible(self._payer(transaction), keep_alive=True)
        if not in_tao and self._in_kind(transaction, fee) is None:
            raise InvalidTransaction(InvalidKind.PAYMENT)
        operational = transaction.info.class_ is DispatchClass.Operational
        return ValidTransaction(priority=OPERATIONAL_PRIORITY if operational else NORMAL_PRIORITY)

    def prepare(self, transaction: TransactionContext, extra: int) -> _Taken:
        """Take the expected fee. Raises InvalidTransaction (PAYMENT)."""
        fee = self.payment.fee(transaction.info, transaction.length, extra)
        payer = self._payer(transaction)
        try:
            if fee <= self.balances.reducible(payer, keep_alive=True):
                self.balances.draw(payer, fee, keep_alive=True)
                return _Taken(payer, fee, extra)
            other = self._in_kind(transaction, fee)
            if other is None:
                raise InvalidTransaction(InvalidKind.PAYMENT)
            return _Taken(payer, fee, extra, other.pay(transaction.who, transaction.call, fee))
        except DispatchFailed as failure:
            raise InvalidTransaction(InvalidKind.PAYMENT) from failure

    def settle(
        self,
        transaction: TransactionContext,
        prepared: Any,
        actual: DispatchInfo,
        failure: DispatchFailed | None,
    ) -> None:
        """Give back what was too much, pay the author, tell. Emits: TransactionFeePaid.

        The event names the fee that was due, also when the refund could not be made. What was paid in kind
        is not refunded, and told before.
        """
        taken: _Taken = prepared
        due = taken.fee
        if actual is not transaction.info:
            due = min(due, self.payment.fee(actual, transaction.length, taken.tip))
        if taken.in_kind is not None:
            self.emit(taken.in_kind)
        else:
            self._pay_author(taken, due)
        self.emit(TransactionPayment.TransactionFeePaid(taken.payer, due, taken.tip))

    def _pay_author(self, taken: _Taken, due: int) -> None:
        refund = taken.fee - due
        if refund and not self._can_refund(taken.payer, refund):
            refund = 0
        self.balances.resolve(taken.payer, refund)
        self.balances.resolve(self.payment.aura.author(), taken.fee - refund)

    def _in_kind(self, transaction: TransactionContext, fee: int) -> PaysInKind | None:
        """The section that would take a fee which the payer has not in TAO."""
        others = (section for section in self.world.sections if isinstance(section, PaysInKind))
        return next((each for each in others if each.covers(transaction.who, transaction.call, fee)), None)

    def _payer(self, transaction: TransactionContext) -> bytes:
        if transaction.call.pallet != Proxy.name:
            return transaction.who
        return self.proxies.fee_payer(transaction.who, transaction.call)

    def _can_refund(self, who: bytes, refund: int) -> bool:
        # An account that the call emptied is not brought back to life by its refund: the author earns it.
        return self.balances.total(who) > 0 and self.balances.can_receive(who, refund)
