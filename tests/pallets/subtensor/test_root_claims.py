import pytest

from ganglion.fixed import I96F32
from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.root_claims import KeepClaim, KeepClaimOn, RootClaims
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_account import subnet_account

TAO = 10**9


@pytest.fixture
def netuid(chain, who):
    """A subnet whose owner's hotkey has 10 TAO of root stake and 5 alpha to be claimed by it."""
    netuid = chain.subnet()
    chain.stake(0, "owner_hotkey", "cold", 10)
    chain[Pools].add_alpha_out(netuid, 5 * TAO)
    chain[RootClaims].credit(who("owner_hotkey"), netuid, 5 * TAO)
    return netuid


def claim(chain):
    chain.call(RootClaims.claim_root, frozenset(), by="cold")


def test_what_is_owed_is_the_rate_times_the_stake(chain, who, netuid):
    owed = chain[RootClaims].owed(who("owner_hotkey"), who("cold"), netuid)
    assert owed == I96F32.from_int(5 * TAO)


def test_a_claim_sells_the_alpha_and_stakes_the_tao_on_root(chain, netuid):
    before = chain[Balances].free(subnet_account(0))
    claim(chain)
    (event,) = chain.events(events.RootClaimed)
    assert 0 < event.tao < 5 * TAO
    assert chain.stake_of("owner_hotkey", "cold", 0) == 10 * TAO + event.tao
    assert chain[Balances].free(subnet_account(0)) == before + event.tao
    assert chain[RootClaims].subnet_root_sell_tao[netuid] == event.tao


def test_a_claim_of_who_keeps_alpha_stakes_it_where_it_is(chain, netuid):
    chain.call(RootClaims.set_root_claim_type, KeepClaim(), by="cold")
    claim(chain)
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 5 * TAO
    assert chain.stake_of("owner_hotkey", "cold", 0) == 10 * TAO


def test_a_claim_may_be_made_with_one_hotkey_alone(chain, who, netuid):
    second = chain.subnet("second", "second_hotkey")
    chain.stake(0, "second_hotkey", "cold", 10)
    chain[Pools].add_alpha_out(second, 5 * TAO)
    chain[RootClaims].credit(who("second_hotkey"), second, 5 * TAO)
    chain.call(RootClaims.claim_root_with_hotkey, who("second_hotkey"), by="cold")
    assert chain.stake_of("second_hotkey", "cold", 0) > 10 * TAO
    assert chain.stake_of("owner_hotkey", "cold", 0) == 10 * TAO
    assert chain[RootClaims].owed(who("owner_hotkey"), who("cold"), netuid) > 0


def test_whoever_did_not_stake_claims_nothing(chain, who, netuid):
    chain.call(RootClaims.claim_root_with_hotkey, who("owner_hotkey"), by="stranger")
    assert chain.events(events.RootClaimed)[-1] == events.RootClaimed(who("stranger"), 0)
    with chain.refuses(BadOrigin):
        chain.call(RootClaims.claim_root_with_hotkey, who("owner_hotkey"), by=NONE)


def test_alpha_is_kept_only_on_the_chosen_subnets(chain, netuid):
    chain.call(RootClaims.set_root_claim_type, KeepClaimOn(frozenset({netuid + 1})), by="cold")
    claim(chain)
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 0


def test_nothing_is_paid_twice(chain, netuid):
    claim(chain)
    staked = chain.stake_of("owner_hotkey", "cold", 0)
    claim(chain)
    assert chain.stake_of("owner_hotkey", "cold", 0) == staked


def test_whoever_comes_later_is_owed_nothing_of_the_past(chain, who, netuid):
    chain.stake(0, "owner_hotkey", "late", 10)
    assert chain[RootClaims].owed(who("owner_hotkey"), who("late"), netuid) == 0


def test_whoever_leaves_forfeits_what_is_owed(chain, who, netuid):
    chain.call(Staking.remove_stake, who("owner_hotkey"), 0, 10 * TAO, by="cold")
    assert chain[RootClaims].owed(who("owner_hotkey"), who("cold"), netuid) <= 0


def test_less_than_the_threshold_waits(chain, who, netuid):
    claims = chain[RootClaims]
    claims.root_claimable_threshold[netuid] = I96F32.from_int(6 * TAO)
    claim(chain)
    assert claims.owed(who("owner_hotkey"), who("cold"), netuid) == I96F32.from_int(5 * TAO)


def test_more_than_the_root_stake_goes_to_the_owner(chain, who, netuid):
    owned = chain.stake_of("owner_hotkey", "owner", netuid)
    chain[RootClaims].credit(who("owner_hotkey"), netuid, 11 * TAO)
    assert chain.stake_of("owner_hotkey", "owner", netuid) == owned + 11 * TAO


def test_stakers_claim_without_asking_in_time(chain, netuid):
    chain.advance(2)
    assert chain.stake_of("owner_hotkey", "cold", 0) > 10 * TAO


def test_a_failing_automatic_claim_changes_nothing(chain, who, netuid):
    chain[Pools].subnet_tao[netuid] = 1
    rate = chain[RootClaims].root_claimable[who("owner_hotkey")]
    chain[RootClaims].claim_automatically()
    assert chain.stake_of("owner_hotkey", "cold", 0) == 10 * TAO
    assert chain[RootClaims].root_claimable[who("owner_hotkey")] == rate
    assert chain.events(events.RootClaimed) == []


def test_an_owner_sets_the_threshold_of_its_subnet(chain, netuid):
    chain.call(RootClaims.sudo_set_root_claim_threshold, netuid, 7, by="owner")
    assert chain[RootClaims].root_claimable_threshold[netuid] == I96F32.from_int(7)


def test_a_stranger_sets_no_threshold(chain, stranger, netuid):
    with chain.refuses(BadOrigin):
        chain.call(RootClaims.sudo_set_root_claim_threshold, netuid, 7, by=stranger)


def test_a_threshold_that_would_lock_claims_away_is_refused(chain, root, netuid):
    with chain.refuses(errors.InvalidRootClaimThreshold):
        chain.call(RootClaims.sudo_set_root_claim_threshold, netuid, 10_000_001, by=root)
