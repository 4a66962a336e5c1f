"""Unstaking from a hotkey on every subnet at once; where that is not possible, the stake stays.

Source: subtensor pallets/subtensor/src/staking/remove_stake.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId


class UnstakeAll(Section):
    """Calls that unstake everywhere."""

    subnets: Subnets
    accounts: Accounts
    shares: Shares
    staking: Staking
    stake_checks: StakeChecks

    @call(index=83)
    def unstake_all(self, origin: Origin, hotkey: AccountId) -> None:
        """Unstake from a hotkey on every subnet where that is possible. Raises: HotKeyAccountNotExists.

        Emits: StakeRemoved for each.
        """
        coldkey = origin.signed()
        self.accounts.require(hotkey)
        for netuid in self.subnets.netuids():
            self._unstake_if_possible(coldkey, hotkey, netuid)

    @call(index=84)
    def unstake_all_alpha(self, origin: Origin, hotkey: AccountId) -> None:
        """Unstake from a hotkey on every subnet and stake the TAO on the root network.

        Raises: HotKeyAccountNotExists, AmountTooLow if nothing came of it. Emits: StakeRemoved, StakeAdded.
        """
        coldkey = origin.signed()
        self.accounts.require(hotkey)
        netuids = (netuid for netuid in self.subnets.netuids() if netuid != ROOT_NETUID)
        rao = sum(self._unstake_if_possible(coldkey, hotkey, netuid) for netuid in netuids)
        self.staking.stake(hotkey, coldkey, ROOT_NETUID, rao)

    def _unstake_if_possible(self, coldkey: bytes, hotkey: bytes, netuid: int) -> int:
        """Unstake all on one subnet; the rao paid, 0 where a check refuses it."""
        if not self.subnets.subtoken_enabled[netuid]:
            return 0
        alpha = self.shares.of(hotkey, coldkey, netuid)
        try:
            self.stake_checks.unstaking(coldkey, hotkey, netuid, alpha)
        except DispatchFailed:
            return 0
        rao = self.staking.unstake(hotkey, coldkey, netuid, alpha)
        self.staking.clear_small_nomination(hotkey, coldkey, netuid)
        return rao
