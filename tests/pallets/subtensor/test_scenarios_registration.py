"""Registration and launching at their edges, as the real chain's own tests look for them."""

import pytest

from ganglion.frame.dispatch import U64_MAX
from ganglion.pallets.admin_utils.registration_settings import RegistrationSettings
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.root_network import RootNetwork
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets

TAO = 10**9


def test_whoever_owns_the_lock_cost_and_not_a_rao_more_cannot_launch(chain):
    chain.fund("owner", chain[Subnets].lock_cost() // TAO)
    with chain.refuses(errors.CannotAffordLockCost):
        chain.call(NetworkRegistration.register_network, chain.who("hotkey"), by="owner")


def test_a_launch_is_backed_to_the_last_rao(chain):
    chain.fund("owner", chain[Subnets].lock_cost() // TAO)
    chain[Balances].deposit(chain.who("owner"), chain[Balances].existential_deposit)
    chain.call(NetworkRegistration.register_network, chain.who("hotkey"), by="owner")
    assert chain[Balances].free(subnet_account(1)) == chain[Pools].subnet_tao[1]
    assert chain.balance("owner") == chain[Balances].existential_deposit


def test_the_count_of_spent_rao_stops_at_its_limit(chain, root):
    netuid = chain.subnet()
    chain.call(RegistrationSettings.sudo_set_rao_recycled, netuid, U64_MAX - 1, by=root)
    chain.neuron(netuid, "miner")
    assert chain[Registration].rao_recycled_for_registration[netuid] == U64_MAX


def test_a_registration_that_fails_after_the_account_was_made_leaves_no_account(chain):
    netuid = chain.subnet()
    chain[Hyperparameters].max_allowed_uids[netuid] = 1
    chain.fund("late", 10)
    with chain.refuses(errors.NoNeuronIdAvailable):
        chain.call(Registration.burned_register, netuid, chain.who("late_hotkey"), by="late")


def test_each_registration_of_a_block_costs_more_than_the_one_before(chain):
    netuid = chain.subnet()
    before = chain[Registration].burn[netuid]
    chain.neuron(netuid, "first")
    dearer = chain[Registration].burn[netuid]
    chain.neuron(netuid, "second")
    assert before < dearer < chain[Registration].burn[netuid]


def test_a_hotkey_of_another_coldkey_is_not_registered(chain):
    netuid, other = chain.subnet(), chain.subnet("other", "other_hotkey")
    chain.neuron(netuid, "miner")
    chain.fund("thief", 10)
    with chain.refuses(errors.NonAssociatedColdKey):
        chain.call(Registration.burned_register, other, chain.who("miner"), by="thief")


@pytest.mark.parametrize("spare", [0, 1])
def test_the_limit_of_a_registration_is_the_highest_price_it_pays(chain, spare):
    netuid = chain.subnet()
    chain.fund("coldkey", 10)
    limit = chain[Registration].burn[netuid] - 1 + spare
    call = (Registration.register_limit, netuid, chain.who("miner"), limit)
    if spare:
        chain.call(*call, by="coldkey")
        assert chain[Neurons].uid(netuid, chain.who("miner")) == 1
    else:
        with chain.refuses(errors.RegistrationPriceLimitExceeded):
            chain.call(*call, by="coldkey")


def test_a_replaced_neuron_leaves_nothing_but_its_votes_targets(chain):
    netuid = chain.subnet()
    chain[Hyperparameters].max_allowed_uids[netuid] = 2
    chain[Hyperparameters].min_non_immune_uids[netuid] = 0
    chain[Hyperparameters].immunity_period[netuid] = 0
    chain.neuron(netuid, "old")
    chain.advance()
    assert chain.neuron(netuid, "new") == 1
    assert chain[Neurons].uid(netuid, chain.who("old")) is None
    assert not chain[Neurons].networks_of(chain.who("old"))


def test_the_root_network_admits_three_times_its_target_in_an_interval(chain):
    chain[Hyperparameters].max_registrations_per_block[0] = 9
    target = chain[Hyperparameters].target_registrations_per_interval[0]
    for seat in range(3 * target):
        chain.call(RootNetwork.root_register, chain.who(f"root_{seat}"), by="coldkey")
    with chain.refuses(errors.TooManyRegistrationsThisInterval):
        chain.call(RootNetwork.root_register, chain.who("late"), by="coldkey")
