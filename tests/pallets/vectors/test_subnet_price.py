"""The vectors of launching and closing subnets through Subnets, Prices, Pools and their calls."""

import pytest

from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.rate_limits import RateLimits
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import NetworkLastRegistered
from ganglion.pallets.system import System

NETUID = 1


def begin(chain, given):
    """The clock and the settings of a case; its launches follow each other without a pause."""
    subnets = chain[Subnets]
    subnets.network_last_lock_cost.set(given["last_lock"])
    subnets.network_min_lock_cost.set(given["min_lock"])
    subnets.network_lock_reduction_interval.set(given["interval"])
    subnets.network_rate_limit.set(0)
    chain[RateLimits].last_rate_limited_block[NetworkLastRegistered()] = given["last_lock_block"]
    chain[Treasury].total_issuance.set(given["issuance"])


@pytest.mark.vectors("c_subnet_price", "lock_cost")
def test_a_launch_costs_what_is_recorded(chain, given, expected):
    begin(chain, given)
    chain[System].number.set(given["now"])
    assert chain[Subnets].lock_cost() == expected["cost"]


class Launches:
    """Launches, closes and looks, each in its block. One subnet was there before."""

    def __init__(self, chain, books, given):
        self.chain, self.given = chain, given
        begin(chain, given)
        books.open(NETUID)

    def register(self):
        cost = self.look()
        owner = f"owner at {self.chain[System].number.get()} of {len(self.chain[Subnets].netuids())}"
        self.chain[Balances].deposit(self.chain.who(owner), cost + 500)
        launch = NetworkRegistration.register_network
        self.chain.call(launch, self.chain.who(f"hotkey of {owner}"), by=owner)
        assert self.chain.balance(owner) == 500
        return cost

    def look(self):
        self.chain[Treasury].total_issuance.set(self.given["issuance"])
        return self.chain[Subnets].lock_cost()

    def dissolve(self, root):
        netuid = max(self.chain[Subnets].netuids())
        self.chain.call(Dissolution.root_dissolve_network, netuid, by=root)
        return self.look()


@pytest.mark.vectors("c_subnet_price", "lock_cost_chain")
def test_launches_and_closings_cost_what_is_recorded(chain, books, root, given, expected):
    launches, seen = Launches(chain, books, given), []
    for event, block in given["events"]:
        chain[System].number.set(block)
        seen.append(launches.dissolve(root) if event == "dissolve" else getattr(launches, event)())
    assert seen == expected


@pytest.mark.vectors("c_subnet_price", "median_price")
def test_the_median_of_pools_at_these_prices_is_the_recorded_one(chain, books, given, expected):
    for netuid, price in enumerate(given["prices_x64"], start=1):
        books.open_at(price, netuid)
        assert chain[Prices].spot(netuid) == price
    assert chain[Prices].median() == expected["price_x64"]


@pytest.mark.vectors("c_subnet_price", "new_pool")
def test_a_lock_becomes_the_recorded_pool(chain, given, expected):
    pools = chain[Pools]
    pools.found(NETUID, given["locked"], given["min_lock"], given["median_price_x64"])
    assert (pools.subnet_tao[NETUID], pools.subnet_alpha_in[NETUID]) == (expected["tao"], expected["alpha"])


@pytest.mark.vectors("c_subnet_price", "dissolve")
def test_a_closed_subnets_pot_goes_to_whom_it_is_recorded(chain, books, root, given, expected):
    books.open(NETUID, given["pot"])
    chain[Pools].subnet_protocol_alpha[NETUID] = given["protocol_alpha"]
    names = [f"cold {index}" for index in range(len(given["stakes"]))]
    # Holders are paid in order of coldkey.
    names.sort(key=chain.who)
    for name, stake in zip(names, given["stakes"], strict=True):
        books.endow(name, 0)
        books.stake("hot", name, NETUID, stake)
    issued = chain[Balances].total_issuance.get()
    chain.call(Dissolution.root_dissolve_network, NETUID, by=root)
    assert [chain.balance(name) - 500 for name in names] == expected["payouts"]
    assert chain[Pools].subnet_tao[NETUID] == 0
    # Nobody's part is recycled with the rest: the protocol's, and all of a pot without any holder.
    assert issued - chain[Balances].total_issuance.get() == given["pot"] - sum(expected["payouts"])
    assert chain[Balances].free(subnet_account(NETUID)) == 500
