import pytest

from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.root_network import RootNetwork
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import DEFAULT_TAKE, Takes


@pytest.fixture
def root_chain(chain):
    chain[Hyperparameters].max_registrations_per_block[0] = 10
    chain[Hyperparameters].target_registrations_per_interval[0] = 10
    return chain


def register(chain, hotkey):
    chain.call(RootNetwork.root_register, chain.who(hotkey), by=f"{hotkey}_coldkey")


def test_a_registration_takes_the_next_uid_and_makes_a_delegate(root_chain, who):
    register(root_chain, "one")
    register(root_chain, "two")
    assert root_chain[Neurons].hotkeys(0) == (who("one"), who("two"))
    assert root_chain[Takes].delegates[who("one")] == DEFAULT_TAKE
    assert root_chain.events(events.NeuronRegistered)[-1].uid == 1


def test_a_hotkey_registers_once(root_chain):
    register(root_chain, "one")
    with root_chain.refuses(errors.HotKeyAlreadyRegisteredInSubNet):
        register(root_chain, "one")


def test_a_full_network_takes_only_who_has_more_stake_than_the_least(root_chain, who):
    root_chain[Hyperparameters].max_allowed_uids[0] = 2
    for name in ("rich", "poor"):
        register(root_chain, name)
    root_chain[Shares].add(who("rich"), who("rich"), 0, 100)
    with root_chain.refuses(errors.StakeTooLowForRoot):
        register(root_chain, "new")
    root_chain[Shares].add(who("new"), who("new"), 0, 1)
    register(root_chain, "new")
    assert root_chain[Neurons].hotkeys(0) == (who("rich"), who("new"))


def test_registrations_of_one_block_are_limited(chain):
    chain[Hyperparameters].target_registrations_per_interval[0] = 10
    register(chain, "one")
    with chain.refuses(errors.TooManyRegistrationsThisBlock):
        register(chain, "two")
    chain.advance()
    register(chain, "two")


def test_registrations_of_an_interval_are_limited(root_chain):
    root_chain[Hyperparameters].target_registrations_per_interval[0] = 1
    for name in ("one", "two", "three"):
        register(root_chain, name)
    with root_chain.refuses(errors.TooManyRegistrationsThisInterval):
        register(root_chain, "four")


def test_without_root_network_nobody_registers(chain):
    del chain[Subnets].networks_added[0]
    with chain.refuses(errors.RootNetworkDoesNotExist):
        register(chain, "one")
