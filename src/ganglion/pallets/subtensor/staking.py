"""Staking: buying a subnet's alpha for a hotkey, and selling it again.

TAO leaves the coldkey for the subnet's account and enters the pool; the alpha bought becomes the coldkey's
stake with the hotkey. Unstaking is the way back. The fee goes to the block's author, in TAO. On the
root network one TAO is one alpha and nothing is charged.
Source: subtensor pallets/subtensor/src/staking/{add_stake,remove_stake,stake_utils}.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Twox64Concat
from ganglion.economy.swap import NO_BUY_LIMIT_RAO, NO_SELL_LIMIT_RAO
from ganglion.fixed import U64F64
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.frame.storage import StorageDoubleMap, StorageValue, storage
from ganglion.pallets.aura import Aura
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.tao_flows import TaoFlows
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.swap import Swap
from ganglion.pallets.system import System
from ganglion.scale.types import AccountId, u64


class Staking(Section):
    """Calls and movements between TAO and stake."""

    system: System
    aura: Aura
    swap: Swap
    accounts: Accounts
    children: Children
    shares: Shares
    pools: Pools
    treasury: Treasury
    tao_flows: TaoFlows
    stake_checks: StakeChecks
    root_claims: RootClaims
    root_stakers: RootStakers
    locks: Locks

    # coldkey, hotkey -> block in which the coldkey last changed its stake with the hotkey.
    last_coldkey_hotkey_stake_block: StorageDoubleMap[AccountId, AccountId, u64 | None] = storage(
        Twox64Concat, Twox64Concat
    )
    # Rao below which what a nominator leaves behind is paid out.
    nominator_min_required_stake: StorageValue[u64] = storage(default=0)

    @call(index=2)
    def add_stake(self, origin: Origin, hotkey: AccountId, netuid: NetUid, amount_staked: TaoBalance) -> None:
        """Stake TAO with a hotkey at any price. Emits: StakeAdded.

        Raises: SubnetNotExists, SubtokenDisabled, AmountTooLow, NotEnoughBalanceToStake,
        HotKeyAccountNotExists, InsufficientLiquidity.
        """
        coldkey = origin.signed()
        self.stake_checks.staking(coldkey, hotkey, netuid, amount_staked, amount_staked)
        self.stake(hotkey, coldkey, netuid, amount_staked)

    @call(index=3)
    def remove_stake(
        self, origin: Origin, hotkey: AccountId, netuid: NetUid, amount_unstaked: AlphaBalance
    ) -> None:
        """Unstake alpha at any price, at most all there is. Emits: StakeRemoved.

        Raises: SubtokenDisabled, SubnetNotExists, AmountTooLow, HotKeyAccountNotExists,
        InsufficientLiquidity, StakeUnavailable.
        """
        coldkey = origin.signed()
        self.stake_checks.require_subtoken(netuid)
        alpha = min(amount_unstaked, self.shares.of(hotkey, coldkey, netuid))
        self.stake_checks.unstaking(coldkey, hotkey, netuid, alpha)
        self.unstake(hotkey, coldkey, netuid, alpha)
        self.clear_small_nomination(hotkey, coldkey, netuid)
        self.children.forget_if_poor(hotkey)

    def stake(
        self,
        hotkey: bytes,
        coldkey: bytes,
        netuid: int,
        tao: int,
        limit_rao: int = NO_BUY_LIMIT_RAO,
        *,
        with_fee: bool = True,
    ) -> int:
        """Turn TAO of a coldkey into stake; the alpha-rao bought. The coldkey keeps its account alive.

        What the limit does not let in stays in the subnet's account. Raises: InsufficientTaoBalance,
        AmountTooLow, InsufficientLiquidity and as `Swap.buy`. Emits: StakeAdded.
        """
        paid = self.treasury.to_subnet(netuid, coldkey, tao)
        trade = self.pools.buy(netuid, paid, limit_rao, with_fee=with_fee)
        if trade.paid_out == 0:
            raise errors.AmountTooLow(paid)
        if not self.shares.accepts(hotkey, netuid, trade.paid_out):
            raise errors.InsufficientLiquidity(trade.paid_out)
        self.shares.add(hotkey, coldkey, netuid, trade.paid_out)
        self.treasury.pay_fee(netuid, trade.fee)
        self.tao_flows.note(netuid, trade.paid_in)
        self.locks.refresh(coldkey, netuid)
        self.note_changed(coldkey, hotkey)
        self.children.note_stake(hotkey, came=True)
        if netuid == ROOT_NETUID:
            self.root_claims.note_staked(hotkey, coldkey, trade.paid_out)
            self.root_stakers.add(coldkey)
        self.emit(events.StakeAdded(coldkey, hotkey, paid, trade.paid_out, netuid, trade.fee))
        return trade.paid_out

    def unstake(
        self,
        hotkey: bytes,
        coldkey: bytes,
        netuid: int,
        alpha: int,
        limit_rao: int = NO_SELL_LIMIT_RAO,
        *,
        with_fee: bool = True,
        receiver: bytes | None = None,
    ) -> int:
        """Turn stake into TAO of its coldkey, or of `receiver`; the rao paid.

        What the limit does not let in stays staked.

        Raises: as `Swap.sell`, InsufficientTaoBalance, TokenError. Emits: StakeRemoved.
        """
        self.shares.remove(hotkey, coldkey, netuid, alpha)
        trade = self.pools.sell(netuid, alpha, limit_rao, with_fee=with_fee)
        refund = max(alpha - trade.paid_in - trade.fee, 0)
        if refund:
            self.shares.add(hotkey, coldkey, netuid, refund)
        self.treasury.from_subnet(netuid, receiver or coldkey, trade.paid_out)
        fee_rao = self._sell_fee(netuid, trade.fee)
        if netuid == ROOT_NETUID:
            self.root_claims.note_unstaked(hotkey, coldkey, alpha)
            self.root_stakers.remove_if_gone(coldkey)
        self.tao_flows.note(netuid, -(trade.paid_out + fee_rao))
        self.locks.refresh(coldkey, netuid)
        self.note_changed(coldkey, hotkey)
        self.children.note_stake(hotkey, came=False)
        self.emit(events.StakeRemoved(coldkey, hotkey, trade.paid_out, trade.paid_in, netuid, trade.fee))
        return trade.paid_out

    def clear_small_nomination(self, hotkey: bytes, coldkey: bytes, netuid: int) -> None:
        """Pay out what a nominator has left with a hotkey if it is below the minimum."""
        if self.accounts.owns(coldkey, hotkey):
            return
        alpha = self.shares.of(hotkey, coldkey, netuid)
        minimum = U64F64.from_int(self.nominator_min_required_stake.get())
        if not 0 < alpha < U64F64.to_u64(U64F64.safe_div(minimum, self.swap.price(netuid))):
            return
        try:
            with self.world.transaction():
                self.unstake(hotkey, coldkey, netuid, alpha)
        except DispatchFailed:
            # What cannot be sold is given up, so that no dust keeps the entry alive.
            self.shares.remove(hotkey, coldkey, netuid, self.shares.of(hotkey, coldkey, netuid))
        self.locks.reduce(coldkey, netuid, alpha)

    def clear_small_nominations(self) -> None:
        """Pay out all that nominators have below the minimum, in order of hotkey, coldkey and netuid."""
        for hotkey, coldkey, netuid in sorted(key for key, _ in self.shares.alpha_v2.items()):
            self.clear_small_nomination(hotkey, coldkey, netuid)

    def note_changed(self, coldkey: bytes, hotkey: bytes) -> None:
        """Remember the block of a change of stake."""
        self.last_coldkey_hotkey_stake_block[coldkey, hotkey] = self.system.number.get()

    def _sell_fee(self, netuid: int, alpha: int) -> int:
        """Sell a fee for the block's author; the rao that it gave. Without author nobody owns the alpha."""
        if alpha == 0 or self.aura.author() is None:
            return 0
        rao = self.pools.sell(netuid, alpha, with_fee=False).paid_out
        self.treasury.pay_fee(netuid, rao)
        return rao
