"""Auto-stake: a coldkey may have its miners' pay staked to another hotkey.

Source: subtensor pallets/subtensor/src/macros/dispatches.rs, coinbase/run_coinbase.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.scale.types import AccountId, Vec


class AutoStake(Section):
    """Where miners' pay goes."""

    subnets: Subnets
    neurons: Neurons
    accounts: Accounts
    shares: Shares

    # coldkey, netuid -> hotkey that its miners' pay is staked to.
    auto_stake_destination: StorageDoubleMap[AccountId, NetUid, AccountId | None] = storage(
        Blake2_128Concat, Identity
    )
    # hotkey, netuid -> coldkeys that chose it.
    auto_stake_destination_coldkeys: StorageDoubleMap[AccountId, NetUid, Vec[AccountId]] = storage(
        Blake2_128Concat, Identity, default=()
    )

    @call(index=114)
    def set_coldkey_auto_stake_hotkey(self, origin: Origin, netuid: NetUid, hotkey: AccountId) -> None:
        """Have the signer's miners' pay on a subnet staked to a hotkey registered there.

        Raises: SubnetNotExists, HotKeyNotRegisteredInSubNet, SameAutoStakeHotkeyAlreadySet.
        Emits: AutoStakeDestinationSet.
        """
        coldkey = origin.signed()
        if not self.subnets.exists(netuid):
            raise errors.SubnetNotExists(netuid)
        if self.neurons.uid(netuid, hotkey) is None:
            raise errors.HotKeyNotRegisteredInSubNet(netuid, hotkey)
        before = self.auto_stake_destination[coldkey, netuid]
        if before == hotkey:
            raise errors.SameAutoStakeHotkeyAlreadySet(hotkey)
        if before is not None:
            chosen_by = self.auto_stake_destination_coldkeys[before, netuid]
            self.auto_stake_destination_coldkeys[before, netuid] = tuple(
                other for other in chosen_by if other != coldkey
            )
        self.auto_stake_destination[coldkey, netuid] = hotkey
        self.auto_stake_destination_coldkeys[hotkey, netuid] += (coldkey,)
        self.emit(events.AutoStakeDestinationSet(coldkey, netuid, hotkey))

    def move_hotkey(self, old: bytes, new: bytes, netuid: int) -> None:
        """Who chose a hotkey has chosen another."""
        coldkeys = self.auto_stake_destination_coldkeys.take((old, netuid))
        if coldkeys:
            for coldkey in coldkeys:
                self.auto_stake_destination[coldkey, netuid] = new
            self.auto_stake_destination_coldkeys[new, netuid] = coldkeys

    def move_coldkey(self, old: bytes, new: bytes) -> None:
        """Give a coldkey's choices to another."""
        for netuid in self.subnets.netuids():
            hotkey = self.auto_stake_destination.take((old, netuid))
            if hotkey is None:
                continue
            self.auto_stake_destination[new, netuid] = hotkey
            others = self.auto_stake_destination_coldkeys[hotkey, netuid]
            kept = tuple(other for other in others if other not in (old, new))
            self.auto_stake_destination_coldkeys[hotkey, netuid] = (*kept, new)

    def pay(self, netuid: int, hotkey: bytes, incentive: int) -> None:
        """Stake a miner's pay (alpha-rao) for its owner, where the owner wants it. Emits: AutoStakeAdded."""
        owner = self.accounts.owner_of(hotkey)
        destination = self.auto_stake_destination[owner, netuid]
        if destination is not None:
            self.emit(events.AutoStakeAdded(netuid, destination, hotkey, owner, incentive))
        self.shares.add(destination or hotkey, owner, netuid, incentive)
