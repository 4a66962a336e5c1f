"""Moving stake: to another hotkey, another coldkey or another subnet.

On one subnet the alpha changes hands as it is. Between subnets it is sold and the TAO buys the other's
alpha; one fee is paid, on the side that has a pool. Source: subtensor
pallets/subtensor/src/staking/move_stake.rs, stake_utils.rs.
"""

from __future__ import annotations

from dataclasses import dataclass

from ganglion.fixed import U64F64
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.swap import Swap
from ganglion.scale.types import AccountId


@dataclass(frozen=True, slots=True)
class Position:
    """Whose stake, with which hotkey, on which subnet."""

    coldkey: bytes
    hotkey: bytes
    netuid: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a move must keep to.

    `limit_rao` is the least price of the origin's alpha in the destination's, times 10**9 (None: any);
    `partial` whether less than all may move; `given_away` whether both subnets must allow transfers.
    """

    limit_rao: int | None = None
    partial: bool = False
    given_away: bool = False


ANY_TERMS = Terms()


class StakeMoves(Section):
    """Calls that move stake."""

    hyperparameters: Hyperparameters
    swap: Swap
    accounts: Accounts
    children: Children
    shares: Shares
    takes: Takes
    treasury: Treasury
    staking: Staking
    stake_checks: StakeChecks
    root_claims: RootClaims
    root_stakers: RootStakers
    locks: Locks

    @call(index=85)
    def move_stake(
        self,
        origin: Origin,
        origin_hotkey: AccountId,
        destination_hotkey: AccountId,
        origin_netuid: NetUid,
        destination_netuid: NetUid,
        alpha_amount: AlphaBalance,
    ) -> None:
        """Move stake to another hotkey, if wanted on another subnet. Emits: StakeMoved. Raises as `_move`."""
        coldkey = origin.signed()
        source = Position(coldkey, origin_hotkey, origin_netuid)
        self._move_to_hotkey(source, Position(coldkey, destination_hotkey, destination_netuid), alpha_amount)

    @call(index=86)
    def transfer_stake(
        self,
        origin: Origin,
        destination_coldkey: AccountId,
        hotkey: AccountId,
        origin_netuid: NetUid,
        destination_netuid: NetUid,
        alpha_amount: AlphaBalance,
    ) -> None:
        """Give stake to another coldkey. Emits: StakeTransferred.

        Raises: TransferDisallowed, and as `_move`.
        """
        coldkey = origin.signed()
        source = Position(coldkey, hotkey, origin_netuid)
        target = Position(destination_coldkey, hotkey, destination_netuid)
        rao = self._move(source, target, alpha_amount, Terms(given_away=True))
        self.emit(
            events.StakeTransferred(
                coldkey, destination_coldkey, hotkey, origin_netuid, destination_netuid, rao
            )
        )

    @call(index=143)
    def transfer_stake_and_hotkey(
        self,
        origin: Origin,
        destination_coldkey: AccountId,
        origin_hotkey: AccountId,
        destination_hotkey: AccountId,
        origin_netuid: NetUid,
        destination_netuid: NetUid,
        alpha_amount: AlphaBalance,
    ) -> None:
        """Give stake to another coldkey, with another hotkey. Emits: StakeAndHotkeyTransferred.

        Raises: TransferDisallowed, and as `_move`.
        """
        coldkey = origin.signed()
        source = Position(coldkey, origin_hotkey, origin_netuid)
        target = Position(destination_coldkey, destination_hotkey, destination_netuid)
        rao = self._move(source, target, alpha_amount, Terms(given_away=True))
        self.emit(
            events.StakeAndHotkeyTransferred(
                coldkey,
                destination_coldkey,
                origin_hotkey,
                destination_hotkey,
                origin_netuid,
                destination_netuid,
                rao,
            )
        )

    @call(index=87)
    def swap_stake(
        self,
        origin: Origin,
        hotkey: AccountId,
        origin_netuid: NetUid,
        destination_netuid: NetUid,
        alpha_amount: AlphaBalance,
    ) -> None:
        """Move stake with the same hotkey to another subnet. Emits: StakeSwapped. Raises as `_move`."""
        coldkey = origin.signed()
        source = Position(coldkey, hotkey, origin_netuid)
        self._move_to_subnet(source, Position(coldkey, hotkey, destination_netuid), alpha_amount)

    @call(index=90)
    def swap_stake_limit(
        self,
        origin: Origin,
        hotkey: AccountId,
        origin_netuid: NetUid,
        destination_netuid: NetUid,
        alpha_amount: AlphaBalance,
        limit_price: TaoBalance,
        allow_partial: bool,
    ) -> None:
        """As `swap_stake`, while the origin's alpha costs at least the limit in the destination's.

        Raises also: SlippageTooHigh, PriceLimitExceeded. Emits: StakeSwapped.
        """
        coldkey = origin.signed()
        source = Position(coldkey, hotkey, origin_netuid)
        target = Position(coldkey, hotkey, destination_netuid)
        self._move_to_subnet(source, target, alpha_amount, Terms(limit_price, allow_partial))

    @call(index=149)
    def move_stake_limit(
        self,
        origin: Origin,
        origin_hotkey: AccountId,
        destination_hotkey: AccountId,
        origin_netuid: NetUid,
        destination_netuid: NetUid,
        alpha_amount: AlphaBalance,
        limit_price: TaoBalance,
        allow_partial: bool,
    ) -> None:
        """As `move_stake`, while the origin's alpha costs at least the limit in the destination's.

        Raises also: SlippageTooHigh, PriceLimitExceeded. Emits: StakeMoved.
        """
        coldkey = origin.signed()
        source = Position(coldkey, origin_hotkey, origin_netuid)
        target = Position(coldkey, destination_hotkey, destination_netuid)
        self._move_to_hotkey(source, target, alpha_amount, Terms(limit_price, allow_partial))

    def _move_to_hotkey(
        self, source: Position, target: Position, amount: int, terms: Terms = ANY_TERMS
    ) -> None:
        """Move between hotkeys of one coldkey. Emits: StakeMoved. Raises as `_move`."""
        rao = self._move(source, target, amount, terms)
        self.emit(
            events.StakeMoved(source.coldkey, source.hotkey, source.netuid, target.hotkey, target.netuid, rao)
        )

    def _move_to_subnet(
        self, source: Position, target: Position, amount: int, terms: Terms = ANY_TERMS
    ) -> None:
        """Move between subnets with one hotkey. Emits: StakeSwapped. Raises as `_move`."""
        rao = self._move(source, target, amount, terms)
        self.emit(events.StakeSwapped(source.coldkey, source.hotkey, source.netuid, target.netuid, rao))

    def _move(self, source: Position, target: Position, amount: int, terms: Terms = ANY_TERMS) -> int:
        """Move at most `amount` alpha-rao; what they were worth in rao.

        Raises: SameNetuid, SubnetNotExists, SubtokenDisabled, HotKeyAccountNotExists, AmountTooLow,
        InsufficientLiquidity, SlippageTooHigh, TransferDisallowed, StakeUnavailable, LockHotkeyMismatch,
        AccountRejectsLockedAlpha and as the trades.
        """
        alpha = min(amount, self.shares.of(source.hotkey, source.coldkey, source.netuid))
        at_most = self._at_most(source, target, alpha, terms)
        self._check(source, target, alpha)
        if alpha > at_most and not terms.partial:
            raise errors.SlippageTooHigh(alpha, at_most)
        if terms.given_away:
            self._require_transfers(source.netuid, target.netuid)
        self._require_unbound(source, target, alpha)
        moved = min(alpha, at_most)
        if source.netuid == target.netuid:
            return self.hand_over(source, target, moved)
        return self._trade_over(source, target, moved)

    def _at_most(self, source: Position, target: Position, alpha: int, terms: Terms) -> int:
        if terms.limit_rao is None or source.netuid == target.netuid:
            return alpha
        return self.swap.most_to_move(source.netuid, target.netuid, terms.limit_rao)

    def _require_transfers(self, *netuids: int) -> None:
        for netuid in netuids:
            if not self.hyperparameters.transfer_toggle[netuid]:
                raise errors.TransferDisallowed(netuid)

    def _require_unbound(self, source: Position, target: Position, alpha: int) -> None:
        """Locks stay on their subnet, on which they go along; collateral stays with its hotkey."""
        stays = source.netuid == target.netuid
        require = self.stake_checks.require_no_collateral if stays else self.stake_checks.require_available
        require(source.coldkey, source.hotkey, source.netuid, alpha)

    def _check(self, source: Position, target: Position, alpha: int) -> None:
        if source == target:
            raise errors.SameNetuid(source.netuid)
        for position in (source, target):
            self.stake_checks.require_subnet(position.netuid)
        for position in (source, target):
            self.stake_checks.require_subtoken(position.netuid)
        for position in (source, target):
            self.accounts.require(position.hotkey)
        if source.netuid != target.netuid:
            worth = self.stake_checks.worth(source.netuid, alpha)
            if worth <= self.stake_checks.initial_min_stake:
                raise errors.AmountTooLow(worth, self.stake_checks.initial_min_stake)

    def _trade_over(self, source: Position, target: Position, alpha: int) -> int:
        from_root = source.netuid == ROOT_NETUID
        rao = self.staking.unstake(
            source.hotkey, source.coldkey, source.netuid, alpha, with_fee=not from_root
        )
        if source.coldkey != target.coldkey:
            self.treasury.pay(source.coldkey, target.coldkey, rao)
        if rao >= self.stake_checks.initial_min_stake:
            if not self.accounts.owns(target.coldkey, target.hotkey):
                self.takes.become_delegate(target.hotkey)
            self.staking.stake(target.hotkey, target.coldkey, target.netuid, rao, with_fee=from_root)
        return rao

    def hand_over(self, source: Position, target: Position, alpha: int) -> int:
        """Give alpha-rao to another holder on the same subnet; what they are worth in rao.

        Raises: AmountTooLow, and of locks. Emits: StakeRemoved, StakeAdded.
        """
        netuid = source.netuid
        self.locks.transfer(source.coldkey, target.coldkey, netuid, alpha)
        rao = U64F64.to_u64(U64F64.mul(self.swap.price(netuid), U64F64.from_int(alpha)))
        if rao < self.stake_checks.initial_min_stake:
            raise errors.AmountTooLow(rao, self.stake_checks.initial_min_stake)
        self.shares.remove(source.hotkey, source.coldkey, netuid, alpha)
        if netuid == ROOT_NETUID:
            self.root_claims.note_unstaked(source.hotkey, source.coldkey, alpha)
        self.shares.add(target.hotkey, target.coldkey, netuid, alpha)
        if netuid == ROOT_NETUID:
            self.root_claims.note_staked(target.hotkey, target.coldkey, alpha)
            self.root_stakers.add(target.coldkey)
            self.root_stakers.remove_if_gone(source.coldkey)
        self.staking.note_changed(target.coldkey, target.hotkey)
        self.children.note_stake(source.hotkey, came=False)
        self.children.note_stake(target.hotkey, came=True)
        self.emit(events.StakeRemoved(source.coldkey, source.hotkey, rao, alpha, netuid, 0))
        self.emit(events.StakeAdded(target.coldkey, target.hotkey, rao, alpha, netuid, 0))
        return rao
