"""Closing subnets: who is paid, what is recycled, and that nothing stays."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.identity import Identities
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.rate_limits import RateLimits
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import Hyperparameter, OwnerHyperparamUpdate, SubnetIdentity

TAO = 10**9
ED = 500
DISSOLVE = Dissolution.root_dissolve_network


@pytest.fixture
def netuid(chain):
    """A started subnet with stakes of 300 and 100 TAO, the pool's alpha being the protocol's."""
    chain.advance()
    netuid = chain.subnet()
    chain.stake(netuid, "owner_hotkey", "big", 300)
    chain.stake(netuid, "owner_hotkey", "small", 100)
    return netuid


def test_holders_are_paid_by_their_alpha_and_the_rest_is_recycled(chain, netuid, root):
    pot = chain[Pools].subnet_tao[netuid]
    alpha = {name: chain.stake_of("owner_hotkey", name, netuid) for name in ("big", "small")}
    everything = sum(alpha.values()) + chain[Pools].subnet_alpha_in[netuid]
    before = {name: chain.balance(name) for name in alpha}
    issued = chain[Balances].total_issuance.get()
    chain.call(DISSOLVE, netuid, by=root)
    paid = {name: chain.balance(name) - before[name] for name in alpha}
    for name, held in alpha.items():
        assert paid[name] - pot * held // everything in (0, 1)
    assert chain[Balances].free(subnet_account(netuid)) == ED
    assert issued - chain[Balances].total_issuance.get() == pot - sum(paid.values()) - ED
    assert chain.events(events.NetworkRemoved) == [events.NetworkRemoved(netuid)]
    chain.advance()


def test_both_counts_of_issuance_fall_alike(chain, netuid, root):
    apart = chain[Balances].total_issuance.get() - chain[Treasury].total_issuance.get()
    chain.call(DISSOLVE, netuid, by=root)
    assert chain[Balances].total_issuance.get() - chain[Treasury].total_issuance.get() == apart


def test_a_subnet_from_before_the_refund_block_leaves_the_whole_pot_to_stakers(chain, netuid, root):
    chain[Dissolution].tao_in_refund_deployment_block.set(chain.number)
    pot, before = chain[Pools].subnet_tao[netuid], chain.balance("big") + chain.balance("small")
    chain.call(DISSOLVE, netuid, by=root)
    assert chain.balance("big") + chain.balance("small") - before == pot


def test_an_old_launch_has_its_lock_refunded_as_far_as_the_account_reaches(chain, netuid, root):
    chain[Dissolution].tao_in_refund_deployment_block.set(chain.number)
    chain[Subnets].network_registration_start_block.set(chain.number + 1)
    chain[SubnetEmission].subnet_owner_cut.set(0)
    chain[Balances].deposit(subnet_account(netuid), 7 * TAO)
    before = chain.balance("owner")
    chain.call(DISSOLVE, netuid, by=root)
    assert chain.balance("owner") - before >= 7 * TAO


def test_a_holder_of_dust_gets_nothing_but_holds_up_nobody(chain, netuid, root):
    chain[Shares].add(chain.who("owner_hotkey"), chain.who("poor"), netuid, 100)
    chain[Pools].add_alpha_out(netuid, 100)
    chain.call(DISSOLVE, netuid, by=root)
    assert chain.balance("poor") == 0
    assert not chain[Subnets].exists(netuid)
    chain.advance()


def test_total_stake_loses_the_pool(chain, netuid, root):
    before, pot = chain[Pools].total_stake.get(), chain[Pools].subnet_tao[netuid]
    chain.call(DISSOLVE, netuid, by=root)
    assert chain[Pools].total_stake.get() == before - pot


def test_root_stakers_are_owed_nothing_of_it_any_more(chain, netuid, root, who):
    claims = chain[RootClaims]
    claims.root_claimable[who("hot")] = {netuid: 5, 9: 6}
    claims.root_claimed[netuid, who("hot"), who("cold")] = 3
    chain.call(DISSOLVE, netuid, by=root)
    assert claims.root_claimable[who("hot")] == {9: 6}
    assert claims.root_claimed[netuid, who("hot"), who("cold")] == 0


def test_an_identity_goes_and_that_is_told(chain, netuid, root):
    chain[Identities].present(netuid, SubnetIdentity(b"x", b"", b"", b"", b"", b"", b"", b""))
    chain.call(DISSOLVE, netuid, by=root)
    assert chain.events(events.SubnetIdentityRemoved) == [events.SubnetIdentityRemoved(netuid)]
    assert netuid not in chain[Identities].subnet_identities_v3


def test_the_next_owner_is_not_held_up_by_what_the_last_one_did(chain, netuid, root):
    key = OwnerHyperparamUpdate(netuid, Hyperparameter.Kappa)
    chain[RateLimits].note(key)
    chain.call(DISSOLVE, netuid, by=root)
    assert key not in chain[RateLimits].last_rate_limited_block


@pytest.mark.parametrize("netuid", [0, 7])
def test_only_a_subnet_can_be_dissolved(chain, root, netuid):
    with chain.refuses(errors.SubnetNotExists):
        chain.call(DISSOLVE, netuid, by=root)


def test_neither_strangers_nor_the_owner_may_dissolve(chain, netuid, stranger, who):
    for by in (stranger, chain.signed("owner")):
        with chain.refuses(BadOrigin):
            chain.call(DISSOLVE, netuid, by=by)
        with chain.refuses(BadOrigin):
            chain.call(Dissolution.dissolve_network, who("owner"), netuid, by=by)


def test_the_old_call_does_the_same(chain, netuid, root, who):
    chain.call(Dissolution.dissolve_network, who("anyone"), netuid, by=root)
    assert chain[Subnets].netuids() == (0,)
    assert chain[Subnets].total_networks.get() == 1


def test_other_subnets_do_not_notice(chain, netuid, root):
    other = chain.subnet("other", "other_hotkey")
    staked = chain.stake(other, "other_hotkey", "small", 50)
    pot = chain[Pools].subnet_tao[other]
    chain.call(DISSOLVE, netuid, by=root)
    assert chain.stake_of("other_hotkey", "small", other) == staked
    assert chain[Pools].subnet_tao[other] == pot
    assert chain[Neurons].count(other) == 1
    chain.advance(3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example builds its chain
@given(stakes=st.lists(st.integers(3_000_000, 10**12), max_size=6))
def test_no_rao_is_made_or_lost(make_chain, root, who, stakes):
    chain = make_chain()
    netuid = chain.subnet()
    for at, rao in enumerate(stakes):
        chain[Shares].add(who("owner_hotkey"), who(f"staker{at}"), netuid, rao)
        chain[Pools].add_alpha_out(netuid, rao)
    issued, held = chain[Balances].total_issuance.get(), chain[Balances].free(subnet_account(netuid))
    chain.call(DISSOLVE, netuid, by=root)
    paid = sum(chain.balance(f"staker{at}") for at in range(len(stakes)))
    recycled = issued - chain[Balances].total_issuance.get()
    assert paid + recycled + chain[Balances].free(subnet_account(netuid)) == held
    chain.advance()
