"""Voting power: validators' stake averaged over epochs, for governance outside this chain.

Off until a subnet's owner or root wants it; once disabled it goes on for two weeks, then it is forgotten.
Source: subtensor pallets/subtensor/src/utils/voting_power.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.economy.voting_power import (
    DEFAULT_WEIGHT,
    DISABLE_GRACE_BLOCKS,
    ONE,
    is_forgotten,
    voting_power,
)
from ganglion.frame.call import call
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, StorageMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.system import System
from ganglion.scale.types import AccountId, u64


class VotingPower(Section):
    """Averages the stake weight of validators. Power in alpha-rao."""

    system: System
    subnets: Subnets
    neurons: Neurons
    stake_weights: StakeWeights

    # netuid, hotkey -> power. Written at epochs.
    voting_power: StorageDoubleMap[NetUid, AccountId, u64] = storage(Identity, Blake2_128Concat, default=0)
    # netuid -> the power of all hotkeys together.
    total_voting_power: StorageMap[NetUid, u64] = storage(Identity, default=0)
    voting_power_tracking_enabled: StorageMap[NetUid, bool] = storage(Identity, default=False)
    # netuid -> block from which on it is no longer counted; 0: none.
    voting_power_disable_at_block: StorageMap[NetUid, u64] = storage(Identity, default=0)
    # netuid -> weight of the newest stake, in parts of 10**18.
    voting_power_ema_alpha: StorageMap[NetUid, u64] = storage(Identity, default=DEFAULT_WEIGHT)

    @call(index=129)
    def enable_voting_power_tracking(self, origin: Origin, netuid: NetUid) -> None:
        """Owner or root: count voting power from the next epoch on, and forget that it was to end.

        Raises: BadOrigin, SubnetNotExists. Emits: VotingPowerTrackingEnabled.
        """
        self.subnets.ensure_owner_or_root(origin, netuid)
        self.subnets.require(netuid)
        self.voting_power_tracking_enabled[netuid] = True
        del self.voting_power_disable_at_block[netuid]
        self.emit(events.VotingPowerTrackingEnabled(netuid))

    @call(index=130)
    def disable_voting_power_tracking(self, origin: Origin, netuid: NetUid) -> None:
        """Owner or root: stop counting in two weeks.

        Raises: BadOrigin, VotingPowerTrackingNotEnabled. Emits: VotingPowerTrackingDisableScheduled.
        """
        self.subnets.ensure_owner_or_root(origin, netuid)
        if not self.voting_power_tracking_enabled[netuid]:
            raise errors.VotingPowerTrackingNotEnabled(netuid)
        block = self.system.number.get() + DISABLE_GRACE_BLOCKS
        self.voting_power_disable_at_block[netuid] = block
        self.emit(events.VotingPowerTrackingDisableScheduled(netuid, block))

    @call(index=131)
    def sudo_set_voting_power_ema_alpha(self, origin: Origin, netuid: NetUid, alpha: u64) -> None:
        """Root: set the weight of the newest stake, in parts of 10**18.

        Raises: BadOrigin, SubnetNotExists, InvalidVotingPowerEmaAlpha. Emits: VotingPowerEmaAlphaSet.
        """
        origin.root()
        self.subnets.require(netuid)
        if alpha > ONE:
            raise errors.InvalidVotingPowerEmaAlpha(alpha, ONE)
        self.voting_power_ema_alpha[netuid] = alpha
        self.emit(events.VotingPowerEmaAlphaSet(netuid, alpha))

    def count(self, netuid: int, stakes: tuple[int, ...]) -> None:
        """Take an epoch's stakes, in order of uid, into the averages of those who may validate now.

        Emits: VotingPowerTrackingDisabled when the time is up.
        """
        if not self.voting_power_tracking_enabled[netuid]:
            return
        if 0 < self.voting_power_disable_at_block[netuid] <= self.system.number.get():
            self._end(netuid)
            return
        hotkeys, permits = self.neurons.hotkeys(netuid), self.neurons.validator_permit[netuid]
        for hotkey, permitted, stake in zip(hotkeys, permits, stakes, strict=True):
            self._set(netuid, hotkey, self._next(netuid, hotkey, stake) if permitted else 0)
        for hotkey, _ in self.voting_power.under(netuid):
            if self.neurons.uid(netuid, hotkey) is None:
                self._set(netuid, hotkey, 0)

    def move_hotkey_stake(self, old: bytes, new: bytes, netuid: int) -> None:
        """Give a hotkey's power on a subnet to another."""
        power = self.voting_power[netuid, old]
        self._set(netuid, old, 0)
        self._set(netuid, new, self.voting_power[netuid, new] + power)

    def try_state(self) -> None:
        """Totals are sums, of subnets where power is counted."""
        sums: dict[int, int] = {}
        for netuid, _, power in self.voting_power.items():
            sums[netuid] = sums.get(netuid, 0) + power
            if not self.voting_power_tracking_enabled[netuid]:
                raise InvariantBroken(f"subnet {netuid} has voting power but does not count it")
        totals = {netuid: total for netuid, total in self.total_voting_power.items() if total}
        if totals != sums:
            raise InvariantBroken(f"voting power {sums} counted as {totals}")

    def _next(self, netuid: int, hotkey: bytes, stake: int) -> int:
        """The power after an epoch; 0 once it has fallen below what a validator needs.

        Where the average comes to nothing otherwise, the old one stays, as on the real chain.
        """
        previous = self.voting_power[netuid, hotkey]
        power = voting_power(previous, stake, self.voting_power_ema_alpha[netuid])
        least = self.stake_weights.stake_threshold.get()
        return 0 if is_forgotten(previous, power, least) else power or previous

    def _set(self, netuid: int, hotkey: bytes, power: int) -> None:
        previous = self.voting_power[netuid, hotkey]
        if power == previous:
            return
        if power:
            self.voting_power[netuid, hotkey] = power
        else:
            del self.voting_power[netuid, hotkey]
        self.total_voting_power[netuid] += power - previous

    def _end(self, netuid: int) -> None:
        self.voting_power.clear_under(netuid)
        del self.total_voting_power[netuid]
        self.voting_power_tracking_enabled[netuid] = False
        del self.voting_power_disable_at_block[netuid]
        self.emit(events.VotingPowerTrackingDisabled(netuid))
