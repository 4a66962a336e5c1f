"""Crowdloan: many raise money for one purpose, or get it back.

A creator sets a cap, an end and a purpose: an address that gets what was raised, or a call that the creator
makes with it. Each crowdloan keeps its contributions in an account of its own. When the cap is raised the
creator may finalize; until then every contributor may withdraw, and the creator may refund all and dissolve.

After June the rules became stricter, and the stricter ones hold here: a call must take what was raised, may
not finalize another crowdloan, and keeps the restrictions of whoever finalizes; the cap may only rise.
Source: subtensor pallets/crowdloan/src/lib.rs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ganglion.crypto.hashing import Identity, Twox64Concat
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import InvariantBroken, PostInfo
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import BlockNumber, TaoBalance
from ganglion.frame.storage import StorageDoubleMap, StorageMap, StorageValue, storage
from ganglion.pallets.balances import Balances
from ganglion.pallets.crowdloan import errors, events
from ganglion.pallets.crowdloan.types import CrowdloanInfo
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.preimage.types import BoundedCall
from ganglion.pallets.system import System
from ganglion.pallets.weights.crowdloan import MOST_REFUNDS, refund_weight
from ganglion.scale.markers import Newtype
from ganglion.scale.types import AccountId, Bytes8, Compact, u32

PalletId = Annotated[Bytes8, Newtype("frame_support::PalletId")]
PALLET_ID = b"bt/cloan"
MAX_ID = (1 << 32) - 1


class Crowdloan(Pallet, crate="pallet_crowdloan", declares=(errors, events)):
    """Crowdloans. Amounts in rao."""

    balances: Balances
    system: System
    preimages: Preimage

    # id -> crowdloan. Finalized ones stay.
    crowdloans: StorageMap[u32, CrowdloanInfo | None] = storage(Twox64Concat)
    next_crowdloan_id: StorageValue[u32] = storage(default=0)
    # id, contributor -> what of theirs is in the crowdloan, or was when it was finalized.
    contributions: StorageDoubleMap[u32, AccountId, TaoBalance | None] = storage(Twox64Concat, Identity)
    # id -> the most that one may contribute in all.
    max_contributions: StorageMap[u32, TaoBalance | None] = storage(Twox64Concat)
    # The crowdloan whose call is being made, for that call to know.
    current_crowdloan_id: StorageValue[u32 | None] = storage()

    pallet_id: PalletId = constant(PALLET_ID)
    minimum_deposit: TaoBalance = constant(10_000_000_000)
    absolute_minimum_contribution: TaoBalance = constant(100_000_000)
    minimum_block_duration: BlockNumber = constant(50_400)
    maximum_block_duration: BlockNumber = constant(432_000)
    refund_contributors_limit: u32 = constant(MOST_REFUNDS)
    max_contributors: u32 = constant(500)

    @call(index=0)
    def create(
        self,
        origin: Origin,
        deposit: Compact[TaoBalance],
        min_contribution: Compact[TaoBalance],
        cap: Compact[TaoBalance],
        end: Compact[BlockNumber],
        call: RuntimeCall | None,
        target_address: AccountId | None,
    ) -> None:
        """Create a crowdloan with either a call or a target; the deposit is its first contribution.

        Raises: DepositTooLow, CapTooLow, MinimumContributionTooLow, InvalidFinalizationConfig,
        CannotEndInPast, BlockDurationTooShort, BlockDurationTooLong, InsufficientBalance, Overflow.
        Emits: Created.
        """
        creator = origin.signed()
        if deposit < self.minimum_deposit:
            raise errors.DepositTooLow(deposit, self.minimum_deposit)
        if cap <= deposit:
            raise errors.CapTooLow(cap, deposit)
        self._check_least(min_contribution)
        if (call is None) == (target_address is None):
            raise errors.InvalidFinalizationConfig
        self._check_end(end)
        self._check_funds(creator, deposit)
        number = self.next_crowdloan_id.get()
        if number == MAX_ID:
            raise errors.Overflow(number)
        self.next_crowdloan_id.set(number + 1)
        account = funds_account(number)
        self._provide(account, 1)
        kept = None if call is None else self.preimages.bound(call)
        self.crowdloans[number] = CrowdloanInfo(
            creator, deposit, min_contribution, end, cap, account, deposit, target_address, kept, False, 1
        )
        self.balances.transfer(creator, account, deposit, keep_alive=False)
        self.contributions[number, creator] = deposit
        self.emit(events.Created(number, creator, end, cap))

    @call(index=1)
    def contribute(self, origin: Origin, crowdloan_id: Compact[u32], amount: Compact[TaoBalance]) -> None:
        """Contribute, at most what is left to the cap and to the contributor's own limit.

        Raises: InvalidCrowdloanId, ContributionPeriodEnded, CapRaised, ContributionTooLow,
        MaxContributorsReached, MaxContributionReached, InsufficientBalance. Emits: Contributed.
        """
        who, crowdloan = origin.signed(), self.get(crowdloan_id)
        self._check_open(crowdloan, amount)
        before = self.contributions[crowdloan_id, who]
        accepted = min(amount, self._room(crowdloan_id, before or 0), crowdloan.cap - crowdloan.raised)
        self._check_funds(who, accepted)
        self.balances.transfer(who, crowdloan.funds_account, accepted, keep_alive=False)
        self.contributions[crowdloan_id, who] = (before or 0) + accepted
        self.crowdloans[crowdloan_id] = replace(
            crowdloan,
            raised=crowdloan.raised + accepted,
            contributors_count=crowdloan.contributors_count + (before is None),
        )
        self.emit(events.Contributed(crowdloan_id, who, accepted))

    @call(index=2)
    def withdraw(self, origin: Origin, crowdloan_id: Compact[u32]) -> None:
        """Take one's contribution back; the creator what is above the deposit.

        Raises: InvalidCrowdloanId, AlreadyFinalized, NoContribution, DepositCannotBeWithdrawn.
        Emits: Withdrew.
        """
        who, crowdloan = origin.signed(), self._unfinalized(crowdloan_id)
        given = self.contributions[crowdloan_id, who]
        if not given:
            raise errors.NoContribution(crowdloan_id, who)
        kept = crowdloan.deposit if who == crowdloan.creator else 0
        amount = max(given - kept, 0)
        if amount == 0:
            raise errors.DepositCannotBeWithdrawn(kept)
        self.contributions[crowdloan_id, who] = kept or None
        self.balances.transfer(crowdloan.funds_account, who, amount, keep_alive=False)
        self.crowdloans[crowdloan_id] = replace(
            crowdloan,
            raised=crowdloan.raised - amount,
            contributors_count=crowdloan.contributors_count - (kept == 0),
        )
        self.emit(events.Withdrew(crowdloan_id, who, amount))

    @call(index=3)
    def finalize(self, origin: Origin, crowdloan_id: Compact[u32]) -> None:
        """Creator: send what was raised to the target, or make the call, which must take it.

        Raises: InvalidCrowdloanId, InvalidOrigin, CapNotRaised, AlreadyFinalized, AlreadyFinalizing,
        CallUnavailable, FundsNotSettled, and what the call raises. Emits: Finalized.
        """
        who, crowdloan = origin.signed(), self.get(crowdloan_id)
        if who != crowdloan.creator:
            raise errors.InvalidOrigin(who)
        if crowdloan.raised != crowdloan.cap:
            raise errors.CapNotRaised(crowdloan.raised, crowdloan.cap)
        if crowdloan.finalized:
            raise errors.AlreadyFinalized(crowdloan_id)
        if self.current_crowdloan_id.exists():
            raise errors.AlreadyFinalizing(crowdloan_id)
        self.crowdloans[crowdloan_id] = replace(crowdloan, finalized=True)
        if crowdloan.target_address is not None:
            target, raised = crowdloan.target_address, crowdloan.raised
            self.balances.transfer(crowdloan.funds_account, target, raised, keep_alive=False)
        elif crowdloan.call is not None:
            self._make_call(origin, crowdloan_id, crowdloan, crowdloan.call)
        self.emit(events.Finalized(crowdloan_id))

    @call(index=4)
    def refund(self, origin: Origin, crowdloan_id: Compact[u32]) -> PostInfo:
        """Creator: give contributors their money back, so many at a time, but not the creator.

        Raises: InvalidCrowdloanId, AlreadyFinalized, InvalidOrigin. Emits: AllRefunded, PartiallyRefunded.
        """
        crowdloan = self._own(origin, crowdloan_id)
        others = [
            (who, amount or 0)
            for who, amount in self.contributions.under(crowdloan_id)
            if who != crowdloan.creator
        ]
        refunds = others[: self.refund_contributors_limit]
        for who, amount in refunds:
            self.balances.transfer(crowdloan.funds_account, who, amount, keep_alive=False)
            del self.contributions[crowdloan_id, who]
        self.crowdloans[crowdloan_id] = replace(
            crowdloan,
            raised=crowdloan.raised - sum(amount for _, amount in refunds),
            contributors_count=crowdloan.contributors_count - len(refunds),
        )
        if len(refunds) < len(others):
            self.emit(events.PartiallyRefunded(crowdloan_id))
            return PostInfo()
        self.emit(events.AllRefunded(crowdloan_id))
        return PostInfo(refund_weight(len(refunds)))

    @call(index=5)
    def dissolve(self, origin: Origin, crowdloan_id: Compact[u32]) -> None:
        """Creator: give the crowdloan up when all others are refunded.

        Raises: InvalidCrowdloanId, AlreadyFinalized, InvalidOrigin, NoContribution, NotReadyToDissolve.
        Emits: Dissolved.
        """
        crowdloan = self._own(origin, crowdloan_id)
        given = self.contributions[crowdloan_id, crowdloan.creator]
        if given is None:
            raise errors.NoContribution(crowdloan_id, crowdloan.creator)
        if given != crowdloan.raised:
            raise errors.NotReadyToDissolve(crowdloan.raised, given)
        self.balances.transfer(crowdloan.funds_account, crowdloan.creator, given, keep_alive=False)
        del self.contributions[crowdloan_id, crowdloan.creator]
        if crowdloan.call is not None:
            self.preimages.drop(crowdloan.call)
        self._provide(crowdloan.funds_account, -1)
        del self.crowdloans[crowdloan_id]
        del self.max_contributions[crowdloan_id]
        self.emit(events.Dissolved(crowdloan_id))

    @call(index=6)
    def update_min_contribution(
        self, origin: Origin, crowdloan_id: Compact[u32], new_min_contribution: Compact[TaoBalance]
    ) -> None:
        """Creator: change the least contribution. Emits: MinContributionUpdated.

        Raises: MinimumContributionTooLow, MinimumContributionTooHigh, and as `_own`.
        """
        crowdloan = self._own(origin, crowdloan_id)
        self._check_least(new_min_contribution)
        most = self.max_contributions[crowdloan_id]
        if most is not None and new_min_contribution > most:
            raise errors.MinimumContributionTooHigh(new_min_contribution, most)
        self.crowdloans[crowdloan_id] = replace(crowdloan, min_contribution=new_min_contribution)
        self.emit(events.MinContributionUpdated(crowdloan_id, new_min_contribution))

    @call(index=7)
    def update_end(self, origin: Origin, crowdloan_id: Compact[u32], new_end: Compact[BlockNumber]) -> None:
        """Creator: change the end. Emits: EndUpdated.

        Raises: CannotEndInPast, BlockDurationTooShort, BlockDurationTooLong, and as `_own`.
        """
        crowdloan = self._own(origin, crowdloan_id)
        self._check_end(new_end)
        self.crowdloans[crowdloan_id] = replace(crowdloan, end=new_end)
        self.emit(events.EndUpdated(crowdloan_id, new_end))

    @call(index=8)
    def update_cap(self, origin: Origin, crowdloan_id: Compact[u32], new_cap: Compact[TaoBalance]) -> None:
        """Creator: raise the cap. Raises: CapTooLow, and as `_own`. Emits: CapUpdated."""
        crowdloan = self._own(origin, crowdloan_id)
        if new_cap < crowdloan.cap:
            raise errors.CapTooLow(new_cap, crowdloan.cap)
        self.crowdloans[crowdloan_id] = replace(crowdloan, cap=new_cap)
        self.emit(events.CapUpdated(crowdloan_id, new_cap))

    @call(index=9)
    def set_max_contribution(
        self, origin: Origin, crowdloan_id: Compact[u32], new_max_contribution: TaoBalance | None
    ) -> None:
        """Creator: set the most that one may contribute in all; None: any amount.

        Raises: MaximumContributionTooLow, and as `_own`. Emits: MaxContributionUpdated.
        """
        crowdloan = self._own(origin, crowdloan_id)
        given = self.contributions[crowdloan_id, crowdloan.creator] or 0
        least = max(crowdloan.min_contribution, given)
        if new_max_contribution is not None and new_max_contribution < least:
            raise errors.MaximumContributionTooLow(new_max_contribution, least)
        self.max_contributions[crowdloan_id] = new_max_contribution
        self.emit(events.MaxContributionUpdated(crowdloan_id, new_max_contribution))

    def try_state(self) -> None:
        """Until a crowdloan is finalized, contributions sum up to what was raised and lie in its account."""
        if self.current_crowdloan_id.exists():
            raise InvariantBroken("a crowdloan is being finalized between blocks")
        for number, crowdloan in self.crowdloans.items():
            if crowdloan is not None and not crowdloan.finalized:
                self._check_books(number, crowdloan)

    def get(self, crowdloan_id: int) -> CrowdloanInfo:
        """A crowdloan. Raises: InvalidCrowdloanId."""
        crowdloan = self.crowdloans[crowdloan_id]
        if crowdloan is None:
            raise errors.InvalidCrowdloanId(crowdloan_id)
        return crowdloan

    def being_finalized(self) -> tuple[int, CrowdloanInfo]:
        """The crowdloan whose call is being made. Raises: InvalidCrowdloanId."""
        number = self.current_crowdloan_id.get()
        if number is None:
            raise errors.InvalidCrowdloanId
        return number, self.get(number)

    def _make_call(
        self, origin: Origin, crowdloan_id: int, crowdloan: CrowdloanInfo, bounded: BoundedCall
    ) -> None:
        kept = self.preimages.peek(bounded)
        if kept is None:
            raise errors.CallUnavailable(crowdloan_id)
        before = self.balances.free(crowdloan.funds_account)
        self.current_crowdloan_id.set(crowdloan_id)
        self.world.dispatch(kept, origin)
        self.current_crowdloan_id.kill()
        taken = before - self.balances.free(crowdloan.funds_account)
        if taken < crowdloan.raised:
            raise errors.FundsNotSettled(taken, crowdloan.raised)

    def _unfinalized(self, crowdloan_id: int) -> CrowdloanInfo:
        crowdloan = self.get(crowdloan_id)
        if crowdloan.finalized:
            raise errors.AlreadyFinalized(crowdloan_id)
        return crowdloan

    def _own(self, origin: Origin, crowdloan_id: int) -> CrowdloanInfo:
        """The signer's crowdloan. Raises: InvalidCrowdloanId, AlreadyFinalized, InvalidOrigin."""
        who, crowdloan = origin.signed(), self._unfinalized(crowdloan_id)
        if who != crowdloan.creator:
            raise errors.InvalidOrigin(who)
        return crowdloan

    def _check_least(self, contribution: int) -> None:
        if contribution < self.absolute_minimum_contribution:
            raise errors.MinimumContributionTooLow(contribution, self.absolute_minimum_contribution)

    def _check_end(self, end: int) -> None:
        duration = end - self.system.number.get()
        if duration <= 0:
            raise errors.CannotEndInPast(end)
        if duration < self.minimum_block_duration:
            raise errors.BlockDurationTooShort(duration, self.minimum_block_duration)
        if duration > self.maximum_block_duration:
            raise errors.BlockDurationTooLong(duration, self.maximum_block_duration)

    def _check_funds(self, who: bytes, amount: int) -> None:
        if self.balances.free(who) < amount:
            raise errors.InsufficientBalance(self.balances.free(who), amount)

    def _check_open(self, crowdloan: CrowdloanInfo, amount: int) -> None:
        if self.system.number.get() >= crowdloan.end:
            raise errors.ContributionPeriodEnded(crowdloan.end)
        if crowdloan.raised >= crowdloan.cap:
            raise errors.CapRaised(crowdloan.cap)
        if amount < crowdloan.min_contribution:
            raise errors.ContributionTooLow(amount, crowdloan.min_contribution)
        if crowdloan.contributors_count >= self.max_contributors:
            raise errors.MaxContributorsReached(self.max_contributors)

    def _room(self, crowdloan_id: int, given: int) -> int:
        """How much more one may give who has given so much."""
        most = self.max_contributions[crowdloan_id]
        if most is None:
            return self.get(crowdloan_id).cap
        if given >= most:
            raise errors.MaxContributionReached(given, most)
        return most - given

    def _provide(self, account: bytes, change: int) -> None:
        # The account must live however little is in it, so that its last contribution can leave it.
        self.system.set_data(account, self.system.account[account].data, providers=change)

    def _check_books(self, number: int, crowdloan: CrowdloanInfo) -> None:
        amounts = [amount or 0 for _, amount in self.contributions.under(number)]
        if (len(amounts), sum(amounts)) != (crowdloan.contributors_count, crowdloan.raised):
            raise InvariantBroken(f"crowdloan {number}: contributions do not sum up to what was raised")
        if self.balances.free(crowdloan.funds_account) < crowdloan.raised or crowdloan.raised > crowdloan.cap:
            raise InvariantBroken(f"crowdloan {number}: its account does not hold what was raised")


def funds_account(crowdloan_id: int) -> bytes:
    """The account of a crowdloan: b"modl", the pallet's id, the crowdloan's as u32, and zeros."""
    return (b"modl" + PALLET_ID + crowdloan_id.to_bytes(4, "little")).ljust(32, b"\0")
