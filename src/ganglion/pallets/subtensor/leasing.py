"""Leasing: a crowdloan pays for a subnet, its creator runs it, and its contributors share the owner's cut.

Terms: the *beneficiary* is the crowdloan's creator; the *lease* has a coldkey and a hotkey of its own, which
nobody has the keys of, and owns the subnet. The beneficiary acts for it as its proxy, and becomes the owner
when a lease that ends has ended.

Contributors' parts are rounded up, as in June. As since spec 475, each is paid alone: what cannot be paid
(too small to be moved, or locked) is noted for that contributor and paid with the next part, so one
contributor holds up nobody else. When a leased subnet is dissolved, what its coldkey was paid goes to the
contributors and the beneficiary by their shares.
Source: subtensor pallets/subtensor/src/subnets/leasing.rs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Identity, Twox64Concat, blake2_256
from ganglion.economy.leasing import contributors_part, lease_share, split_dividends, split_refund
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed, InvariantBroken, PostInfo
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import AlphaBalance, NetUid, Percent
from ganglion.frame.storage import StorageDoubleMap, StorageMap, StorageValue, storage
from ganglion.pallets.balances import Balances
from ganglion.pallets.crowdloan import Crowdloan
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.pallets.proxy import Proxy
from ganglion.pallets.proxy.types import ProxyDefinition, ProxyType
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.stake_moves import Position
from ganglion.pallets.subtensor.types import SubnetLease
from ganglion.pallets.system import System
from ganglion.pallets.weights.leasing import register_weight, terminate_weight
from ganglion.scale.types import AccountId, u32

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.network_registration import NetworkRegistration
    from ganglion.pallets.subtensor.shares import Shares
    from ganglion.pallets.subtensor.stake_moves import StakeMoves
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.takes import Takes

WHOLE = 100


class Leasing(Section):
    """Leases of subnets. Amounts in rao and alpha-rao."""

    accounts: Accounts
    balances: Balances
    crowdloans: Crowdloan
    proxies: Proxy
    registration: NetworkRegistration
    shares: Shares
    stake_moves: StakeMoves
    subnets: Subnets
    system: System
    takes: Takes

    # id -> lease. Removed when it is terminated or its subnet dissolved, as all of the following.
    subnet_leases: StorageMap[u32, SubnetLease | None] = storage(Twox64Concat)
    # id, contributor -> part of what was raised, raw U64F64. The beneficiary has no entry.
    subnet_lease_shares: StorageDoubleMap[u32, AccountId, U64F64Raw] = storage(
        Twox64Concat, Identity, default=0
    )
    # netuid -> id of its lease.
    subnet_uid_to_lease_id: StorageMap[NetUid, u32 | None] = storage(Twox64Concat)
    next_subnet_lease_id: StorageValue[u32] = storage(default=0)
    # id -> alpha gathered for contributors since it was last paid out.
    accumulated_lease_dividends: StorageMap[u32, AlphaBalance] = storage(Twox64Concat, default=0)
    # id, contributor -> alpha that could not be paid yet.
    subnet_lease_unpaid_dividends: StorageDoubleMap[u32, AccountId, AlphaBalance] = storage(
        Twox64Concat, Identity, default=0
    )

    lease_dividends_distribution_interval: u32 = constant(100)

    @call(index=110)
    def register_leased_network(
        self, origin: Origin, emissions_share: Percent, end_block: u32 | None
    ) -> PostInfo:
        """As the call of a crowdloan: launch a subnet with what was raised, and lease it to the creator.

        `emissions_share` is the contributors' part of the owner's cut. What the launch does not need goes
        back. Raises: InvalidCrowdloanId outside of a crowdloan's call, InvalidLeaseBeneficiary, InvalidValue,
        LeaseCannotEndInThePast, and as `register_network`. Emits: SubnetLeaseCreated, and what that emits.
        """
        who = origin.signed()
        crowdloan_id, crowdloan = self.crowdloans.being_finalized()
        if who != crowdloan.creator:
            raise errors.InvalidLeaseBeneficiary(who)
        if emissions_share > WHOLE:
            raise errors.InvalidValue(emissions_share)
        if end_block is not None and end_block <= self.system.number.get():
            raise errors.LeaseCannotEndInThePast(end_block)
        lease_id = self.next_subnet_lease_id.get()
        self.next_subnet_lease_id.set(lease_id + 1)
        coldkey, hotkey = lease_coldkey(lease_id), lease_hotkey(lease_id)
        self._provide(1, coldkey, hotkey)
        self.balances.transfer(crowdloan.funds_account, coldkey, crowdloan.raised, keep_alive=False)
        netuid = self.registration.launch(coldkey, hotkey, None)
        self.proxies.add(coldkey, _operator(who))
        left = self.balances.free(coldkey)
        cost = crowdloan.raised - left
        lease = SubnetLease(who, coldkey, hotkey, emissions_share, end_block, netuid, cost)
        self.subnet_leases[lease_id] = lease
        self.subnet_uid_to_lease_id[netuid] = lease_id
        self.takes.delegates[hotkey] = 0  # all dividends are the contributors'
        for contributor, amount in self.crowdloans.contributions.under(crowdloan_id):
            if contributor != who:
                share = lease_share(amount or 0, crowdloan.raised)
                self.subnet_lease_shares[lease_id, contributor] = share
        self._pay_back(lease_id, lease, left)
        self.emit(events.SubnetLeaseCreated(who, lease_id, netuid, end_block))
        return PostInfo(register_weight(crowdloan.contributors_count))

    @call(index=111)
    def terminate_lease(self, origin: Origin, lease_id: u32, hotkey: AccountId) -> PostInfo:
        """Beneficiary: take over the subnet of a lease that has ended, with a hotkey of one's own.

        Dividends that cannot be paid even now keep the lease, which may be terminated again. Raises:
        LeaseDoesNotExist, ExpectedBeneficiaryOrigin, LeaseHasNoEndBlock, LeaseHasNotEnded,
        BeneficiaryDoesNotOwnHotkey, CannotUseSystemAccount. Emits: SubnetOwnerHotkeySet,
        SubnetLeaseDividendsDistributed, SubnetLeaseDividendSkipped, SubnetLeaseTerminated.
        """
        who = origin.signed()
        lease = self._ended(lease_id, who)
        if not self.accounts.owns(who, hotkey):
            raise errors.BeneficiaryDoesNotOwnHotkey(hotkey)
        is_first = self.subnets.subnet_owner[lease.netuid] != who
        self.subnets.subnet_owner[lease.netuid] = who
        self.subnets.set_owner_hotkey(lease.netuid, hotkey)
        cleared = self.subnet_lease_shares.clear_under(lease_id)
        del self.accumulated_lease_dividends[lease_id]
        if is_first:
            self.proxies.remove(lease.coldkey, _operator(who))
            self._provide(-1, lease.coldkey, lease.hotkey)
        self._settle(lease_id, lease)
        self.emit(events.SubnetLeaseTerminated(who, lease.netuid))
        return PostInfo(terminate_weight(cleared + 1))  # the beneficiary has no share, and counts

    def distribute(self, netuid: int, owner_cut: int) -> None:
        """Gather the contributors' part of a leased subnet's cut; pay it out every so many blocks.

        Emits: SubnetLeaseDividendsDistributed, SubnetLeaseDividendSkipped.
        """
        lease_id = self.subnet_uid_to_lease_id[netuid]
        lease = None if lease_id is None else self.subnet_leases[lease_id]
        if lease_id is None or lease is None:
            return
        if self._has_ended(lease):
            if self.subnets.subnet_owner[netuid] == lease.beneficiary:
                self._settle(lease_id, lease)
            return
        gathered = self.accumulated_lease_dividends[lease_id]
        gathered += contributors_part(owner_cut, lease.emissions_share)
        self.accumulated_lease_dividends[lease_id] = gathered
        if self.system.number.get() % self.lease_dividends_distribution_interval == 0:
            self._pay_out(lease_id, lease, gathered)

    def retained(self, netuid: int, owner_cut: int) -> int:
        """The part of an owner's cut that no contributor of a lease has a right to."""
        lease_id = self.subnet_uid_to_lease_id[netuid]
        lease = None if lease_id is None else self.subnet_leases[lease_id]
        if lease is None or self._has_ended(lease):
            return owner_cut
        return owner_cut - contributors_part(owner_cut, lease.emissions_share)

    def move_coldkey(self, old: bytes, new: bytes) -> None:
        """Give a coldkey's parts in leases to another, and the leases themselves."""
        for lease_id, lease in list(self.subnet_leases.items()):
            if (lease_id, old) in self.subnet_lease_shares:
                self.subnet_lease_shares[lease_id, new] += self.subnet_lease_shares.take((lease_id, old))
            if (lease_id, old) in self.subnet_lease_unpaid_dividends:
                unpaid = self.subnet_lease_unpaid_dividends.take((lease_id, old))
                self.subnet_lease_unpaid_dividends[lease_id, new] += unpaid
            if lease is not None and lease.beneficiary == old:
                self._change_beneficiary(lease_id, lease, new)

    def forget_subnet(self, netuid: int) -> None:
        """End the lease of a subnet that is dissolved; its money goes to those who paid for it."""
        lease_id = self.subnet_uid_to_lease_id[netuid]
        lease = None if lease_id is None else self.subnet_leases[lease_id]
        if lease_id is None or lease is None:
            return
        if self.subnets.subnet_owner[netuid] == lease.coldkey:
            self.proxies.remove(lease.coldkey, _operator(lease.beneficiary))
            self._pay_back(lease_id, lease, self.balances.free(lease.coldkey))
            self._provide(-1, lease.coldkey, lease.hotkey)
        self.subnet_lease_shares.clear_under(lease_id)
        self.subnet_lease_unpaid_dividends.clear_under(lease_id)
        del self.accumulated_lease_dividends[lease_id]
        del self.subnet_leases[lease_id]

    def try_state(self) -> None:
        """Leases and leased subnets name each other, and shares are of leases that exist."""
        for netuid, lease_id in self.subnet_uid_to_lease_id.items():
            lease = None if lease_id is None else self.subnet_leases[lease_id]
            if lease is None or lease.netuid != netuid:
                raise InvariantBroken(f"subnet {netuid} names lease {lease_id}, which is not its own")
        for lease_id, lease in self.subnet_leases.items():
            if lease is None or self.subnet_uid_to_lease_id[lease.netuid] != lease_id:
                raise InvariantBroken(f"lease {lease_id} is of no subnet")
        for lease_id, contributor, _ in self.subnet_lease_shares.items():
            if lease_id not in self.subnet_leases:
                raise InvariantBroken(f"{contributor.hex()} has a share of lease {lease_id}, which is none")

    def _change_beneficiary(self, lease_id: int, lease: SubnetLease, new: bytes) -> None:
        if self.subnets.subnet_owner[lease.netuid] == lease.coldkey:
            self.proxies.remove(lease.coldkey, _operator(lease.beneficiary))
            self.proxies.add(lease.coldkey, _operator(new))
        self.subnet_leases[lease_id] = replace(lease, beneficiary=new)

    def _ended(self, lease_id: int, who: bytes) -> SubnetLease:
        lease = self.subnet_leases[lease_id]
        if lease is None:
            raise errors.LeaseDoesNotExist(lease_id)
        if lease.beneficiary != who:
            raise errors.ExpectedBeneficiaryOrigin(who)
        if lease.end_block is None:
            raise errors.LeaseHasNoEndBlock(lease_id)
        if not self._has_ended(lease):
            raise errors.LeaseHasNotEnded(lease_id, lease.end_block)
        return lease

    def _has_ended(self, lease: SubnetLease) -> bool:
        return lease.end_block is not None and lease.end_block <= self.system.number.get()

    def _pay_back(self, lease_id: int, lease: SubnetLease, rao: int) -> None:
        """Divide TAO of the lease by shares; what the shares leave is the beneficiary's."""
        holders = list(self.subnet_lease_shares.under(lease_id))
        refunds, rest = split_refund(rao, [share for _, share in holders])
        for (contributor, _), refund in zip(holders, refunds, strict=True):
            rest += self._refund(lease.coldkey, contributor, refund)
        self._refund(lease.coldkey, lease.beneficiary, rest)

    def _refund(self, source: bytes, account: bytes, rao: int) -> int:
        """Pay TAO; what could not be paid, since it would open no account."""
        if not self.balances.can_receive(account, rao):
            return rao
        self.balances.transfer(source, account, rao, keep_alive=False)
        return 0

    def _pay_out(self, lease_id: int, lease: SubnetLease, gathered: int) -> None:
        """Pay what was gathered. If the beneficiary cannot be paid all of it waits."""
        holders = list(self.subnet_lease_shares.under(lease_id))
        parts, rest = split_dividends(gathered, [share for _, share in holders])
        try:
            with self.world.transaction():
                for (contributor, _), part in zip(holders, parts, strict=True):
                    owed = part + self.subnet_lease_unpaid_dividends[lease_id, contributor]
                    self._pay_dividend(lease_id, lease, contributor, owed)
                if rest:
                    self._move(lease, lease.beneficiary, rest)
                    told = events.SubnetLeaseDividendsDistributed(lease_id, lease.beneficiary, rest)
                    self.emit(told)
                self.accumulated_lease_dividends[lease_id] = 0
        except DispatchFailed:
            return

    def _settle(self, lease_id: int, lease: SubnetLease) -> None:
        """Pay what is owed still; forget the lease when nothing is."""
        for contributor, owed in list(self.subnet_lease_unpaid_dividends.under(lease_id)):
            self._pay_dividend(lease_id, lease, contributor, owed)
        if not any(True for _ in self.subnet_lease_unpaid_dividends.keys_under(lease_id)):
            del self.subnet_leases[lease_id]
            del self.subnet_uid_to_lease_id[lease.netuid]

    def _pay_dividend(self, lease_id: int, lease: SubnetLease, contributor: bytes, owed: int) -> None:
        if owed == 0:
            return
        try:
            with self.world.transaction():
                self._move(lease, contributor, owed)
                del self.subnet_lease_unpaid_dividends[lease_id, contributor]
                self.emit(events.SubnetLeaseDividendsDistributed(lease_id, contributor, owed))
        except DispatchFailed:
            self.subnet_lease_unpaid_dividends[lease_id, contributor] = owed
            self.emit(events.SubnetLeaseDividendSkipped(lease_id, contributor, owed))

    def _move(self, lease: SubnetLease, coldkey: bytes, alpha: int) -> None:
        held = self.shares.of(lease.hotkey, lease.coldkey, lease.netuid)
        if held < alpha:
            raise errors.NotEnoughStakeToWithdraw(held, alpha)
        source = Position(lease.coldkey, lease.hotkey, lease.netuid)
        self.stake_moves.hand_over(source, Position(coldkey, lease.hotkey, lease.netuid), alpha)

    def _provide(self, change: int, *accounts: bytes) -> None:
        # The lease's accounts live whatever is in them.
        for account in accounts:
            self.system.set_data(account, self.system.account[account].data, providers=change)


def lease_coldkey(lease_id: int) -> bytes:
    """The account that owns a leased subnet: blake2-256 of (str "leasing/coldkey", id u32)."""
    return _derived(b"leasing/coldkey", lease_id)


def lease_hotkey(lease_id: int) -> bytes:
    """The hotkey of a leased subnet: blake2-256 of (str "leasing/hotkey", id u32)."""
    return _derived(b"leasing/hotkey", lease_id)


def _derived(name: bytes, lease_id: int) -> bytes:
    return blake2_256(bytes((len(name) << 2,)) + name + lease_id.to_bytes(4, "little"))


def _operator(beneficiary: bytes) -> ProxyDefinition:
    return ProxyDefinition(beneficiary, ProxyType.SubnetLeaseBeneficiary, 0)
