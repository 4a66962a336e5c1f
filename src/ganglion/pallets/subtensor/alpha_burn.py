"""Giving alpha up: recycled alpha can be mined again, burnt alpha cannot.

Source: subtensor pallets/subtensor/src/staking/recycle_alpha.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.stake_limits import StakeLimits
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId


class AlphaBurn(Section):
    """Calls that destroy alpha. A subnet's alpha issuance falls only when it is recycled."""

    accounts: Accounts
    children: Children
    shares: Shares
    pools: Pools
    staking: Staking
    stake_limits: StakeLimits
    stake_checks: StakeChecks

    @call(index=101)
    def recycle_alpha(self, origin: Origin, hotkey: AccountId, amount: AlphaBalance, netuid: NetUid) -> None:
        """Give up stake, so that its alpha can be mined again. Emits: AlphaRecycled.

        Raises: SubnetNotExists, CannotBurnOrRecycleOnRootSubnet, SubtokenDisabled, HotKeyAccountNotExists,
        StakeUnavailable.
        """
        coldkey = origin.signed()
        given_up = self._give_up(coldkey, hotkey, amount, netuid)
        self.pools.add_alpha_out(netuid, -given_up)
        self.emit(events.AlphaRecycled(coldkey, hotkey, given_up, netuid))

    @call(index=102)
    def burn_alpha(self, origin: Origin, hotkey: AccountId, amount: AlphaBalance, netuid: NetUid) -> None:
        """Give up stake for good. Emits: AlphaBurned. Raises as `recycle_alpha`."""
        self._burn(origin.signed(), hotkey, amount, netuid)

    @call(index=132)
    def add_stake_burn(
        self,
        origin: Origin,
        hotkey: AccountId,
        netuid: NetUid,
        amount: TaoBalance,
        limit: TaoBalance | None,
    ) -> None:
        """Stake TAO, at `limit` rao per alpha or less if given, and burn the alpha at once.

        Raises as `add_stake`, `add_stake_limit` and `burn_alpha`. Emits: AddStakeBurn.
        """
        coldkey = origin.signed()
        before = self.shares.of(hotkey, coldkey, netuid)
        if limit is None:
            self.staking.add_stake(origin, hotkey, netuid, amount)
        else:
            self.stake_limits.add_stake_limit(origin, hotkey, netuid, amount, limit, allow_partial=False)
        alpha = self.shares.of(hotkey, coldkey, netuid) - before
        self._burn(coldkey, hotkey, alpha, netuid)
        self.emit(events.AddStakeBurn(netuid, hotkey, amount, alpha))

    def _burn(self, coldkey: bytes, hotkey: bytes, amount: int, netuid: int) -> None:
        given_up = self._give_up(coldkey, hotkey, amount, netuid)
        self.emit(events.AlphaBurned(coldkey, hotkey, given_up, netuid))

    def _give_up(self, coldkey: bytes, hotkey: bytes, amount: int, netuid: int) -> int:
        """Take at most `amount` alpha-rao out of a stake; how much it was."""
        self.stake_checks.require_subnet(netuid)
        if netuid == ROOT_NETUID:
            raise errors.CannotBurnOrRecycleOnRootSubnet(netuid)
        self.stake_checks.require_subtoken(netuid)
        self.accounts.require(hotkey)
        given_up = min(amount, self.shares.of(hotkey, coldkey, netuid))
        self.stake_checks.require_available(coldkey, hotkey, netuid, given_up)
        self.shares.remove(hotkey, coldkey, netuid, given_up)
        self.children.note_stake(hotkey, came=False)
        return given_up
