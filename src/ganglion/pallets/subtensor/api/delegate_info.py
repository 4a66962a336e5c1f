"""Delegates: hotkeys that take stake of others, what they pay and who staked to them.

Source: subtensor pallets/subtensor/src/rpc_info/delegate_info.rs.
"""

from __future__ import annotations

from ganglion.fixed import U64F64
from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.primitives import RAO_PER_TAO, AlphaBalance, NetUid, PerU16
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale import Struct
from ganglion.scale.types import AccountId, Compact, Vec, u64

BLOCKS_PER_DAY = 7_200
_U16_MAX = 65_535


class DelegateInfo(Struct, path="pallet_subtensor::rpc_info::delegate_info::DelegateInfo"):
    """A delegate. Returns are in alpha-rao a day, `return_per_1000` per 1,000 TAO on the root network."""

    delegate_ss58: AccountId
    take: Compact[PerU16]
    nominators: Vec[tuple[AccountId, Vec[tuple[Compact[NetUid], Compact[u64]]]]]
    owner_ss58: AccountId
    registrations: Vec[Compact[NetUid]]
    validator_permits: Vec[Compact[NetUid]]
    return_per_1000: Compact[u64]
    total_daily_return: Compact[u64]


class DelegateInfoRuntimeApi(RuntimeApi, version=1):
    """Delegates."""

    accounts: Accounts
    hyperparameters: Hyperparameters
    neurons: Neurons
    shares: Shares
    takes: Takes

    @api_method
    def get_delegates(self) -> Vec[DelegateInfo]:
        """All delegates, in order of storage key."""
        return tuple(
            self._info(hotkey, self._nominators(hotkey)) for hotkey, _ in self.takes.delegates.items()
        )

    @api_method
    def get_delegate(self, delegate_account: AccountId) -> DelegateInfo | None:
        """A delegate, or None if the hotkey is none."""
        if delegate_account not in self.takes.delegates:
            return None
        return self._info(delegate_account, self._nominators(delegate_account))

    @api_method
    def get_delegated(
        self, delegatee_account: AccountId
    ) -> Vec[tuple[DelegateInfo, tuple[Compact[NetUid], Compact[AlphaBalance]]]]:
        """A coldkey's stakes with delegates; the nominators are left out."""
        return tuple(
            (self._info(hotkey, ()), (netuid, stake))
            for hotkey, _ in self.takes.delegates.items()
            for coldkey, netuid, stake in self.shares.stakers(hotkey)
            if coldkey == delegatee_account
        )

    def _nominators(self, hotkey: bytes) -> tuple[tuple[bytes, tuple[tuple[int, int], ...]], ...]:
        stakes: dict[bytes, list[tuple[int, int]]] = {}
        for coldkey, netuid, stake in self.shares.stakers(hotkey):
            stakes.setdefault(coldkey, []).append((netuid, stake))
        return tuple((coldkey, tuple(stakes[coldkey])) for coldkey in sorted(stakes))

    def _info(
        self, hotkey: bytes, nominators: tuple[tuple[bytes, tuple[tuple[int, int], ...]], ...]
    ) -> DelegateInfo:
        registrations = self.neurons.networks_of(hotkey)
        uids = [(netuid, self.neurons.uid(netuid, hotkey)) for netuid in registrations]
        seats = [(netuid, uid) for netuid, uid in uids if uid is not None]
        daily = sum(self._daily_emission(netuid, uid) for netuid, uid in seats)
        return DelegateInfo(
            delegate_ss58=hotkey,
            take=self.takes.delegates[hotkey],
            nominators=nominators,
            owner_ss58=self.accounts.owner_of(hotkey),
            registrations=registrations,
            validator_permits=tuple(netuid for netuid, uid in seats if self.neurons.has_permit(netuid, uid)),
            return_per_1000=self._per_thousand_tao(hotkey, daily),
            total_daily_return=U64F64.to_u64(daily),
        )

    def _daily_emission(self, netuid: int, uid: int) -> int:
        """Raw U64F64 alpha-rao a day, if every epoch were as the last."""
        tempo, emission = self.hyperparameters.tempo[netuid], self.neurons.emission[netuid]
        if tempo == 0 or uid >= len(emission):
            return 0
        return U64F64.mul(U64F64.from_int(emission[uid]), U64F64.from_ratio(BLOCKS_PER_DAY, tempo))

    def _per_thousand_tao(self, hotkey: bytes, daily: int) -> int:
        kept = U64F64.sub(U64F64.one, U64F64.from_ratio(self.takes.delegates[hotkey], _U16_MAX))
        thousands = U64F64.from_ratio(self.shares.of_hotkey(hotkey, ROOT_NETUID), 1_000 * RAO_PER_TAO)
        return U64F64.to_u64(U64F64.safe_div(U64F64.mul(daily, kept), thousands))
