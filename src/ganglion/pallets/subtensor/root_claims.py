"""Root claims: what stakers on the root network are owed of each subnet's alpha.

Each hotkey gathers a rate per subnet: alpha owed for each rao staked to it on the root network. What a
staker is owed is the rate times the stake, less what was claimed already. A claim keeps the alpha as stake
or, unless the staker chose so, sells it and stakes the TAO on the root network. A few stakers, picked
by the parent block's hash, claim in every block without asking.
Source: subtensor pallets/subtensor/src/staking/claim_root.rs, spec 425.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.economy.root_claim import (
    DEFAULT_CLAIMS_PER_BLOCK,
    DEFAULT_THRESHOLD_RAO,
    auto_claim_indices,
    claimed_after_staking,
    claimed_after_unstaking,
    owed,
    payable,
    rate_after,
)
from ganglion.fixed import I96F32
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid, TaoBalance
from ganglion.frame.storage import StorageMap, StorageNMap, storage
from ganglion.pallets.fixed_point import I96F32Raw
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.tao_flows import TaoFlows
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.system import System
from ganglion.scale import Enum
from ganglion.scale.types import AccountId, u64, u128

log = logging.getLogger(__name__)

GREATEST_THRESHOLD_RAO = 10_000_000
U128_MAX = (1 << 128) - 1

Settlement = Callable[[int, int, int], int]


class RootClaimType(Enum, path="pallet_subtensor::pallet::RootClaimTypeEnum"):
    """What becomes of claimed alpha."""


class SwapClaim(RootClaimType, index=0, name="Swap"):
    """It is sold, and the TAO staked on the root network."""


class KeepClaim(RootClaimType, index=1, name="Keep"):
    """It is staked where it is."""


class KeepClaimOn(RootClaimType, index=2, name="KeepSubnets"):
    """It is staked where it is on these subnets, and sold on the others."""

    subnets: frozenset[NetUid]


class RootClaims(Section):
    """Rates, claims, and the automatic round of each block."""

    system: System
    subnets: Subnets
    accounts: Accounts
    shares: Shares
    pools: Pools
    treasury: Treasury
    tao_flows: TaoFlows
    root_stakers: RootStakers

    # hotkey -> netuid -> alpha-rao per rao of root stake.
    root_claimable: StorageMap[AccountId, dict[NetUid, I96F32Raw]] = storage(Blake2_128Concat, default={})
    # netuid, hotkey, coldkey -> alpha-rao claimed, or never owed because the stake came later.
    root_claimed: StorageNMap[tuple[NetUid, AccountId, AccountId], u128] = storage(
        Identity, Blake2_128Concat, Blake2_128Concat, default=0
    )
    # netuid -> least alpha-rao that is paid out.
    root_claimable_threshold: StorageMap[NetUid, I96F32Raw] = storage(
        Blake2_128Concat, default=I96F32.from_int(DEFAULT_THRESHOLD_RAO)
    )
    # coldkey -> what becomes of its claims.
    root_claim_type: StorageMap[AccountId, RootClaimType] = storage(Blake2_128Concat, default=SwapClaim())
    # netuid -> rao that claims of the last block's end took out by selling.
    subnet_root_sell_tao: StorageMap[NetUid, TaoBalance] = storage(Identity, default=0)

    @call(index=121)
    def claim_root(self, origin: Origin, subnets: frozenset[NetUid]) -> None:
        """Claim all that the signer is owed; `subnets` no longer limits it. Emits: RootClaimed."""
        coldkey = origin.signed()
        self._claim_all(coldkey, self.accounts.staking_hotkeys[coldkey])

    @call(index=148)
    def claim_root_with_hotkey(self, origin: Origin, hotkey: AccountId) -> None:
        """Claim what the signer is owed for its root stake with one hotkey. Emits: RootClaimed."""
        self._claim_all(origin.signed(), (hotkey,))

    @call(index=122)
    def set_root_claim_type(self, origin: Origin, new_root_claim_type: RootClaimType) -> None:
        """Choose what becomes of the signer's claims."""
        self.root_claim_type[origin.signed()] = new_root_claim_type

    @call(index=124)
    def sudo_set_root_claim_threshold(self, origin: Origin, netuid: NetUid, new_value: u64) -> None:
        """A subnet's owner or root: set the least alpha-rao that a claim pays there.

        Raises: BadOrigin, SubnetNotExists, InvalidRootClaimThreshold.
        """
        self.subnets.ensure_owner_or_root(origin, netuid)
        self.subnets.require(netuid)
        if new_value > GREATEST_THRESHOLD_RAO:
            raise errors.InvalidRootClaimThreshold(new_value, GREATEST_THRESHOLD_RAO)
        self.root_claimable_threshold[netuid] = I96F32.from_int(new_value)

    def credit(self, hotkey: bytes, netuid: int, amount: int) -> None:
        """Let a hotkey's root stakers claim `amount` alpha-rao; more than their TAO goes to its owner."""
        rates = self.root_claimable[hotkey]
        if amount == 0 and netuid in rates:
            return
        rate = rate_after(rates.get(netuid, 0), amount, self.shares.of_hotkey(hotkey, ROOT_NETUID))
        if rate is None:
            self.shares.add(hotkey, self.accounts.owner_of(hotkey), netuid, amount)
        elif rates.get(netuid) != rate:
            self.root_claimable[hotkey] = rates | {netuid: rate}

    def owed(self, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
        """What a staker could claim on a subnet, as raw I96F32 alpha-rao; may be negative."""
        rate = self.root_claimable[hotkey].get(netuid, 0)
        stake = self.shares.of(hotkey, coldkey, ROOT_NETUID)
        return owed(rate, stake, self.root_claimed[netuid, hotkey, coldkey])

    def note_staked(self, hotkey: bytes, coldkey: bytes, amount: int) -> None:
        """Root stake came: it is owed nothing of what was paid before."""
        self._settle(claimed_after_staking, hotkey, coldkey, amount)

    def note_unstaked(self, hotkey: bytes, coldkey: bytes, amount: int) -> None:
        """Root stake left, and with it what it was owed."""
        self._settle(claimed_after_unstaking, hotkey, coldkey, amount)

    def move_hotkey_stake(self, old: bytes, new: bytes, netuid: int) -> None:
        """With the root stake goes what its stakers are owed on all subnets."""
        if netuid != ROOT_NETUID:
            return
        owed_rates, rates = self.root_claimable.take(old), dict(self.root_claimable[new])
        for each, rate in owed_rates.items():
            rates[each] = I96F32.add(rates.get(each, 0), rate)
        if rates:
            self.root_claimable[new] = rates
        for each in sorted(rates):
            for (_, _, coldkey), _ in self.root_claimed.under(each, old):
                self.move_claimed(each, (old, coldkey), (new, coldkey))

    def move_claimed(self, netuid: int, old: tuple[bytes, bytes], new: tuple[bytes, bytes]) -> None:
        """Add what one (hotkey, coldkey) has claimed to what another has, so that none claims it again."""
        claimed = self.root_claimed[netuid, *old]
        del self.root_claimed[netuid, *old]
        if claimed:
            self.root_claimed[netuid, *new] = min(self.root_claimed[netuid, *new] + claimed, U128_MAX)

    def forget_subnet(self, netuid: int) -> None:
        """Nobody is owed anything of a subnet that goes."""
        for hotkey, rates in self.root_claimable.items():
            if netuid in rates:
                self.root_claimable[hotkey] = {kept: rate for kept, rate in rates.items() if kept != netuid}

    def claim_automatically(self) -> None:
        """The block's round. A staker whose claim fails claims nothing."""
        count = self.root_stakers.num_staking_coldkeys.get()
        parent_hash = self.system.parent_hash.get()
        for index in auto_claim_indices(parent_hash, DEFAULT_CLAIMS_PER_BLOCK, count):
            coldkey = self.root_stakers.staking_coldkeys_by_index[index]
            if coldkey is None:
                continue
            try:
                with self.world.transaction():
                    self._claim_all(coldkey, self.accounts.staking_hotkeys[coldkey])
            except DispatchFailed as failure:
                log.debug("root claim failed coldkey=%s cause=%r", coldkey.hex(), failure)

    def _claim_all(self, coldkey: bytes, hotkeys: Iterable[bytes]) -> None:
        rao = 0
        for hotkey in hotkeys:
            stake = self.shares.of(hotkey, coldkey, ROOT_NETUID)
            for netuid, rate in sorted(self.root_claimable[hotkey].items()):
                sold = self._claim(hotkey, coldkey, netuid, rate, stake)
                if sold:
                    rao += sold
                    stake = self.shares.of(hotkey, coldkey, ROOT_NETUID)
        self.emit(events.RootClaimed(coldkey, rao))

    def _claim(self, hotkey: bytes, coldkey: bytes, netuid: int, rate: int, stake: int) -> int:
        """Pay what root stake (rao) is owed on one subnet at its rate; the rao that selling gave."""
        threshold = self.root_claimable_threshold[netuid]
        if not payable(owed(rate, stake, 0), threshold):  # too little even if nothing had been claimed
            return 0
        amount = payable(owed(rate, stake, self.root_claimed[netuid, hotkey, coldkey]), threshold)
        if amount <= 0:
            return 0
        rao = 0
        if self._keeps(coldkey, netuid):
            self.shares.add(hotkey, coldkey, netuid, amount)
        else:
            rao = self._sell_into_root(hotkey, coldkey, netuid, amount)
        self.root_claimed[netuid, hotkey, coldkey] += amount
        return rao

    def _keeps(self, coldkey: bytes, netuid: int) -> bool:
        match self.root_claim_type[coldkey]:
            case KeepClaim():
                return True
            case KeepClaimOn(subnets):
                return netuid in subnets
        return False

    def _sell_into_root(self, hotkey: bytes, coldkey: bytes, netuid: int, alpha: int) -> int:
        rao = self.pools.sell(netuid, alpha, with_fee=False).paid_out
        self.treasury.from_subnet(netuid, subnet_account(ROOT_NETUID), rao)
        self.subnet_root_sell_tao[netuid] += rao
        self.tao_flows.note_protocol(netuid, -rao)
        self.shares.add(hotkey, coldkey, ROOT_NETUID, rao)
        self.pools.subnet_tao[ROOT_NETUID] += rao
        self.pools.add_alpha_out(ROOT_NETUID, rao)
        self.pools.add_total_stake(rao)
        self.note_staked(hotkey, coldkey, rao)
        return rao

    def _settle(self, rule: Settlement, hotkey: bytes, coldkey: bytes, amount: int) -> None:
        for netuid, rate in sorted(self.root_claimable[hotkey].items()):
            claimed = self.root_claimed[netuid, hotkey, coldkey]
            self.root_claimed[netuid, hotkey, coldkey] = rule(claimed, rate, amount)
