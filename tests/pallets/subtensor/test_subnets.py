"""Subnets: order, lock cost, owners, and who goes first."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets

TAO = 10**9


def test_netuids_come_in_order_of_their_bytes(chain):
    for netuid in (1, 2, 256):
        chain[Subnets].networks_added[netuid] = True
    assert chain[Subnets].netuids() == (0, 256, 1, 2)
    assert chain[Subnets].free_netuid() == 3


def test_the_first_lock_costs_the_minimum_and_each_launch_doubles_it(chain):
    subnets = chain[Subnets]
    assert subnets.lock_cost() == 1_000 * TAO
    chain.subnet("a", "ha")
    assert subnets.lock_cost() == 2_000 * TAO
    chain.subnet("b", "hb")
    assert subnets.lock_cost() == 4_000 * TAO


def test_the_lock_cost_decays_by_a_floored_slope_down_to_the_minimum(chain):
    subnets = chain[Subnets]
    chain.subnet()
    subnets.network_lock_reduction_interval.set(7)
    chain.advance(3)
    assert subnets.lock_cost() == 2_000 * TAO - 3 * (1_000 * TAO // 7)
    chain.advance(11)
    assert subnets.lock_cost() == 1_000 * TAO


def test_the_weakest_has_the_lowest_moving_price_and_is_past_its_immunity(chain):
    netuids = [chain.subnet(name, f"h{name}") for name in "abc"]
    subnets, prices = chain[Subnets], chain[Prices]
    for netuid, price in zip(netuids, (5, 3, 3), strict=True):
        prices.subnet_moving_price[netuid] = price << 32
    assert subnets.weakest() is None
    subnets.network_immunity_period.set(0)
    assert subnets.weakest() == netuids[1]
    subnets.network_registered_at[netuids[2]] = 0
    assert subnets.weakest() == netuids[2]


def test_only_the_owner_passes_as_owner(chain, who):
    netuid, subnets = chain.subnet(), chain[Subnets]
    assert subnets.ensure_owner(Origin.of(who("owner")), netuid) == who("owner")
    assert subnets.ensure_owner_or_root(ROOT, netuid) is None
    for origin in (Origin.of(who("stranger")), ROOT, NONE):
        with pytest.raises(BadOrigin):
            subnets.ensure_owner(origin, netuid)
    with pytest.raises(BadOrigin):
        subnets.ensure_owner_or_root(NONE, netuid)


def test_a_subnets_account_cannot_be_an_owners_hotkey(chain):
    netuid = chain.subnet()
    with pytest.raises(errors.CannotUseSystemAccount):
        chain[Subnets].set_owner_hotkey(netuid, subnet_account(netuid))


def test_the_owner_has_a_uid_only_while_its_hotkey_is_registered(chain, who):
    netuid, subnets = chain.subnet(), chain[Subnets]
    assert subnets.owner_uid(netuid) == 0
    subnets.set_owner_hotkey(netuid, who("elsewhere"))
    assert subnets.owner_uid(netuid) is None
    assert subnets.owner_uid(99) is None
