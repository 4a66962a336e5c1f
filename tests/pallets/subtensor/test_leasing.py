"""A crowdloan pays for a subnet, whose owner's cut its contributors share."""

from __future__ import annotations

import pytest

from ganglion.crypto.hashing import blake2_256
from ganglion.economy.leasing import contributors_part
from ganglion.frame.address import AddressId
from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE, ROOT
from ganglion.pallets.admin_utils.neuron_settings import NeuronSettings
from ganglion.pallets.admin_utils.subnet_settings import SubnetSettings
from ganglion.pallets.balances import Balances
from ganglion.pallets.crowdloan import Crowdloan
from ganglion.pallets.crowdloan import errors as crowdloan_errors
from ganglion.pallets.proxy import Proxy
from ganglion.pallets.proxy import events as proxy_events
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.leasing import Leasing, lease_coldkey, lease_hotkey
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.system import System
from ganglion.scale.containers import Ok

TAO = 10**9
ALPHA = 10**9
CAP = 2_000
COLDKEY, HOTKEY = lease_coldkey(0), lease_hotkey(0)


def raise_money(chain, *, share=30, end=None, cap=CAP):
    """A full crowdloan of alice, half of it bob's and a quarter carol's, whose call leases a subnet."""
    for name in ("alice", "bob", "carol"):
        chain.fund(name, 2 * cap)
    call = chain.runtime.call(Leasing.register_leased_network, share, end)
    chain.call(Crowdloan.create, cap // 4 * TAO, TAO, cap * TAO, 60_000, call, None, by="alice")
    chain.call(Crowdloan.contribute, 0, cap // 2 * TAO, by="bob")
    chain.call(Crowdloan.contribute, 0, cap // 4 * TAO, by="carol")


@pytest.fixture
def leased(chain):
    """A chain with a leased subnet, started; 30 % of the owner's cut is the contributors'."""
    raise_money(chain, end=1_000)
    chain.call(Crowdloan.finalize, 0, by="alice")
    start = chain.runtime.call(NetworkRegistration.start_call, lease(chain).netuid)
    operate(chain, start)
    return chain


def lease(chain):
    return chain[Leasing].subnet_leases[0]


def operate(chain, call, by="alice"):
    """Make a call for the lease; how it ended."""
    chain.call(Proxy.proxy, AddressId(COLDKEY), None, call, by=by)
    return chain.events(proxy_events.ProxyExecuted)[-1].result


def pay_cut(chain, alpha, block):
    """Pay the owner's cut in a block."""
    chain[System].number.set(block)
    chain[Payout].pools.add_alpha_out(lease(chain).netuid, alpha)
    chain[Payout]._pay_owner(lease(chain).netuid, alpha)


def alpha_of(chain, name):
    return chain[Payout].shares.of(HOTKEY, chain.who(name), lease(chain).netuid)


def test_a_finalized_crowdloan_launches_a_subnet_that_the_lease_owns(leased):
    netuid = lease(leased).netuid
    assert leased[Subnets].subnet_owner[netuid] == COLDKEY
    assert leased[Subnets].subnet_owner_hotkey[netuid] == HOTKEY
    assert leased[Leasing].subnet_uid_to_lease_id[netuid] == 0
    assert leased[Takes].delegates[HOTKEY] == 0
    assert leased.events(events.SubnetLeaseCreated) == [
        events.SubnetLeaseCreated(leased.who("alice"), 0, netuid, 1_000)
    ]
    leased.advance()


def test_what_the_launch_did_not_need_goes_back_by_shares(leased):
    left = CAP * TAO - lease(leased).cost
    assert left > 0
    before = 2 * CAP * TAO
    assert leased.balance("bob") == before - CAP // 2 * TAO + left // 2
    assert leased.balance("carol") == before - CAP // 4 * TAO + left // 4
    spent = sum(before - leased.balance(name) for name in ("alice", "bob", "carol"))
    assert spent == lease(leased).cost
    assert leased[Balances].free(COLDKEY) == 0


def test_the_contributors_have_shares_and_the_beneficiary_has_the_rest(leased):
    shares = dict(leased[Leasing].subnet_lease_shares.under(0))
    assert shares == {leased.who("bob"): 1 << 63, leased.who("carol"): 1 << 62}


def test_a_subnet_is_leased_only_by_the_call_of_a_crowdloan(chain):
    with chain.refuses(crowdloan_errors.InvalidCrowdloanId):
        chain.call(Leasing.register_leased_network, 30, None, by="alice")
    for origin in (NONE, ROOT):
        with chain.refuses(BadOrigin):
            chain.call(Leasing.register_leased_network, 30, None, by=origin)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"share": 101}, errors.InvalidValue),
        ({"end": 1}, errors.LeaseCannotEndInThePast),
        ({"cap": 800}, errors.CannotAffordLockCost),
    ],
)
def test_a_lease_that_cannot_be_leaves_the_money_in_the_crowdloan(chain, terms, error):
    raise_money(chain, **terms)
    with chain.refuses(error):
        chain.call(Crowdloan.finalize, 0, by="alice")
    chain.advance()


def test_the_beneficiary_runs_the_subnet_as_a_proxy_and_cannot_take_it(leased):
    netuid = lease(leased).netuid
    tune = leased.runtime.call(NeuronSettings.sudo_set_serving_rate_limit, netuid, 7)
    assert operate(leased, tune) == Ok(())
    steal = leased.runtime.call(SubnetSettings.sudo_set_sn_owner_hotkey, netuid, leased.who("thief"))
    assert operate(leased, steal) != Ok(())


def test_dividends_gather_until_their_block_and_are_then_paid_by_shares(leased):
    pay_cut(leased, 100 * ALPHA, 150)
    assert leased[Leasing].accumulated_lease_dividends[0] == 30 * ALPHA
    assert alpha_of(leased, "bob") == 0
    pay_cut(leased, 100 * ALPHA, 200)
    assert leased[Leasing].accumulated_lease_dividends[0] == 0
    paid = [alpha_of(leased, name) for name in ("bob", "carol", "alice")]
    assert paid == [30 * ALPHA, 15 * ALPHA, 15 * ALPHA]
    told = {event.contributor: event.alpha for event in leased.events(events.SubnetLeaseDividendsDistributed)}
    assert told == {leased.who(name): alpha_of(leased, name) for name in ("bob", "carol", "alice")}
    leased.world.try_state()


def test_a_part_too_small_to_be_moved_is_owed_and_paid_with_the_next(leased):
    bob, carol = leased.who("bob"), leased.who("carol")
    leased[Leasing].subnet_lease_shares[0, carol] = 1 << 40
    pay_cut(leased, 100 * ALPHA, 200)
    owed = leased[Leasing].subnet_lease_unpaid_dividends[0, carol]
    assert 0 < owed < ALPHA
    assert leased.events(events.SubnetLeaseDividendSkipped) == [
        events.SubnetLeaseDividendSkipped(0, carol, owed)
    ]
    assert alpha_of(leased, "bob") == 15 * ALPHA
    leased[Leasing].subnet_lease_shares[0, carol] = 1 << 62
    leased[Leasing].subnet_lease_shares[0, bob] = 0
    pay_cut(leased, 100 * ALPHA, 300)
    assert leased[Leasing].subnet_lease_unpaid_dividends[0, carol] == 0
    assert alpha_of(leased, "carol") == owed + 30 * ALPHA // 4


def test_the_part_that_nobody_else_has_a_right_to_may_be_locked(leased):
    leasing, netuid = leased[Leasing], lease(leased).netuid
    assert leasing.retained(netuid, 101) == 101 - contributors_part(101, 30)
    assert leasing.retained(netuid + 1, 101) == 101
    leased[System].number.set(1_000)
    assert leasing.retained(netuid, 101) == 101


def test_an_ended_lease_pays_no_dividends(leased):
    pay_cut(leased, 100 * ALPHA, 1_000)
    assert alpha_of(leased, "bob") == 0
    assert leased[Leasing].accumulated_lease_dividends[0] == 0


def end(chain):
    """Take over the subnet of the lease with a hotkey of alice's."""
    chain.call(Leasing.terminate_lease, 0, chain.who("alices hotkey"), by="alice")


def test_the_beneficiary_takes_over_when_the_lease_has_ended(leased):
    netuid = lease(leased).netuid
    leased[Accounts].create(leased.who("alice"), leased.who("alices hotkey"))
    with leased.refuses(errors.LeaseHasNotEnded):
        end(leased)
    leased[System].number.set(1_000)
    end(leased)
    assert leased[Subnets].subnet_owner[netuid] == leased.who("alice")
    assert leased[Subnets].subnet_owner_hotkey[netuid] == leased.who("alices hotkey")
    assert not [*leased[Leasing].subnet_leases.keys(), *leased[Leasing].subnet_lease_shares.keys()]
    assert COLDKEY not in leased[Proxy].proxies
    assert leased.events(events.SubnetLeaseTerminated) == [
        events.SubnetLeaseTerminated(leased.who("alice"), netuid)
    ]
    leased.world.try_state()


def test_dividends_still_owed_keep_the_lease_until_they_are_paid(leased):
    netuid, carol = lease(leased).netuid, leased.who("carol")
    leased[Accounts].create(leased.who("alice"), leased.who("alices hotkey"))
    leased[Leasing].subnet_lease_unpaid_dividends[0, carol] = 5 * ALPHA
    leased[System].number.set(1_000)
    end(leased)
    assert lease(leased) is not None
    leased[Payout].shares.add(HOTKEY, COLDKEY, netuid, 6 * ALPHA)
    end(leased)
    assert leased[Payout].shares.of(HOTKEY, carol, netuid) == 5 * ALPHA
    assert lease(leased) is None


def test_leases_are_not_terminated_by_others_or_without_reason(leased):
    leased[System].number.set(1_000)
    with leased.refuses(errors.LeaseDoesNotExist):
        leased.call(Leasing.terminate_lease, 9, leased.who("x"), by="alice")
    with leased.refuses(errors.ExpectedBeneficiaryOrigin):
        leased.call(Leasing.terminate_lease, 0, leased.who("x"), by="bob")
    with leased.refuses(errors.BeneficiaryDoesNotOwnHotkey):
        leased.call(Leasing.terminate_lease, 0, leased.who("x"), by="alice")
    for origin in (NONE, ROOT):
        with leased.refuses(BadOrigin):
            leased.call(Leasing.terminate_lease, 0, leased.who("x"), by=origin)


def test_a_lease_without_end_is_never_terminated(chain):
    raise_money(chain)
    chain.call(Crowdloan.finalize, 0, by="alice")
    chain[System].number.set(100_000)
    with chain.refuses(errors.LeaseHasNoEndBlock):
        end(chain)


def test_when_a_leased_subnet_is_dissolved_its_money_goes_to_those_who_paid(leased, root):
    before = {name: leased.balance(name) for name in ("alice", "bob", "carol")}
    leased.call(Dissolution.root_dissolve_network, lease(leased).netuid, by=root)
    gained = {name: leased.balance(name) - before[name] for name in before}
    assert gained["bob"] > 0
    assert gained["carol"] == gained["bob"] // 2
    assert leased[Balances].free(COLDKEY) == 0
    assert lease(leased) is None
    leased.world.try_state()


def test_a_new_coldkey_takes_over_parts_and_the_lease(leased):
    leasing = leased[Leasing]
    leasing.move_coldkey(leased.who("bob"), leased.who("new bob"))
    leasing.move_coldkey(leased.who("alice"), leased.who("new alice"))
    assert leasing.subnet_lease_shares[0, leased.who("new bob")] == 1 << 63
    assert lease(leased).beneficiary == leased.who("new alice")
    tune = leased.runtime.call(NeuronSettings.sudo_set_serving_rate_limit, lease(leased).netuid, 7)
    assert operate(leased, tune, by="new alice") == Ok(())


def test_the_accounts_of_a_lease_are_derived_from_its_number():
    assert lease_coldkey(1) == blake2_256(bytes((60,)) + b"leasing/coldkey" + b"\x01\0\0\0")
    assert lease_hotkey(1) == blake2_256(bytes((56,)) + b"leasing/hotkey" + b"\x01\0\0\0")
