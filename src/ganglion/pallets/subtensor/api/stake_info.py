"""Who has staked what.

Source: subtensor pallets/subtensor/src/rpc_info/stake_info.rs.
"""

from __future__ import annotations

from collections.abc import Iterable

from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.conviction import Conviction
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import LockState
from ganglion.pallets.swap import Swap
from ganglion.scale import Struct
from ganglion.scale.types import AccountId, Compact, Vec, u64


class StakeInfo(Struct, path="pallet_subtensor::rpc_info::stake_info::StakeInfo"):
    """A stake; `emission` is the last dividend of all who staked to the hotkey there."""

    hotkey: AccountId
    coldkey: AccountId
    netuid: Compact[NetUid]
    stake: Compact[AlphaBalance]
    locked: Compact[u64]
    emission: Compact[AlphaBalance]
    tao_emission: Compact[TaoBalance]
    drain: Compact[u64]
    is_registered: bool


class StakeAvailability(Struct, path="pallet_subtensor::rpc_info::stake_info::StakeAvailability"):
    """A coldkey's stake on a subnet, and what of it can be unstaked."""

    total: Compact[AlphaBalance]
    locked: Compact[AlphaBalance]
    available: Compact[AlphaBalance]


StakeKey = tuple[AccountId, NetUid]


class StakeInfoRuntimeApi(RuntimeApi, version=1):
    """Stakes, and what is locked of them."""

    subnets: Subnets
    neurons: Neurons
    accounts: Accounts
    shares: Shares
    payout: Payout
    locks: Locks
    conviction: Conviction
    stake_checks: StakeChecks
    swap: Swap

    @api_method
    def get_stake_info_for_coldkey(self, coldkey_account: AccountId) -> Vec[StakeInfo]:
        """All stakes of a coldkey, by subnet."""
        return tuple(self._stakes_of(coldkey_account))

    @api_method
    def get_stake_info_for_coldkeys(
        self, coldkey_accounts: Vec[AccountId]
    ) -> Vec[tuple[AccountId, Vec[StakeInfo]]]:
        """All stakes of each coldkey."""
        return tuple((coldkey, tuple(self._stakes_of(coldkey))) for coldkey in coldkey_accounts)

    @api_method
    def get_stake_info_for_hotkey_coldkey_netuid(
        self, hotkey_account: AccountId, coldkey_account: AccountId, netuid: NetUid
    ) -> StakeInfo | None:
        """One stake, even if it is zero."""
        return self._info(hotkey_account, coldkey_account, netuid)

    @api_method
    def get_stake_availability_for_coldkeys(
        self, coldkey_accounts: Vec[AccountId], netuids: Vec[NetUid] | None
    ) -> dict[AccountId, dict[NetUid, StakeAvailability]]:
        """What each coldkey can unstake on these subnets (on all: None); subnets without stake left out.

        More netuids than there are subnets get no answer.
        """
        existing = self.subnets.netuids()
        asked = set(existing if netuids is None else netuids)
        known = sorted(asked & set(existing)) if len(asked) <= len(existing) else []
        return {
            coldkey: {
                netuid: availability
                for netuid in known
                if (availability := self._availability(coldkey, netuid)).total or availability.locked
            }
            for coldkey in coldkey_accounts
        }

    @api_method
    def get_stake_fee(
        self,
        origin: StakeKey | None,
        origin_coldkey_account: AccountId,
        destination: StakeKey | None,
        destination_coldkey_account: AccountId,
        amount: u64,
    ) -> u64:
        """The fee of moving `amount` from one stake (None: free TAO) to another, in what is paid in."""
        place = destination or origin
        if destination == origin or place is None:
            return 0
        return self.swap.fee(place[1], amount)

    @api_method
    def get_coldkey_lock(self, coldkey: AccountId, netuid: NetUid) -> LockState | None:
        """A coldkey's lock on a subnet as it is now."""
        lock = self.locks.of(coldkey, netuid)
        return None if lock is None else LockState(lock.mass, lock.conviction, lock.last_update)

    @api_method
    def get_hotkey_conviction(self, hotkey: AccountId, netuid: NetUid) -> U64F64Raw:
        """The conviction that all locks for a hotkey on a subnet carry."""
        return self.conviction.of_hotkey(hotkey, netuid)

    @api_method
    def get_most_convicted_hotkey_on_subnet(self, netuid: NetUid) -> AccountId | None:
        """The hotkey with most conviction on a subnet."""
        return self.conviction.leader(netuid)

    def _availability(self, coldkey: bytes, netuid: int) -> StakeAvailability:
        return StakeAvailability(
            self.shares.of_coldkey(coldkey, netuid),
            self.locks.locked(coldkey, netuid),
            self.stake_checks.available(coldkey, netuid),
        )

    def _stakes_of(self, coldkey: bytes) -> Iterable[StakeInfo]:
        for netuid in self.subnets.netuids():
            for hotkey in self.accounts.staking_hotkeys[coldkey]:
                info = self._info(hotkey, coldkey, netuid)
                if info.stake:
                    yield info

    def _info(self, hotkey: bytes, coldkey: bytes, netuid: int) -> StakeInfo:
        return StakeInfo(
            hotkey=hotkey,
            coldkey=coldkey,
            netuid=netuid,
            stake=self.shares.of(hotkey, coldkey, netuid),
            locked=0,
            emission=self.payout.alpha_dividends_per_subnet[netuid, hotkey],
            tao_emission=0,
            drain=0,
            is_registered=self.neurons.uid(netuid, hotkey) is not None,
        )
