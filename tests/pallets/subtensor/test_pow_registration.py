"""Registration by work, mined by the official SDK's core."""

import bittensor_core
import pytest
from bittensor.pow_registration import registration_prefix

from ganglion.crypto import ss58
from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.admin_utils.errors import NotPermittedOnRootSubnet
from ganglion.pallets.admin_utils.registration_settings import RegistrationSettings
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pow_registration import GREATEST_AGE, PowRegistration
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.system import System

DIFFICULTY = 50
POW = PowRegistration.pow_register
ALLOW = RegistrationSettings.sudo_set_network_pow_registration_allowed


@pytest.fixture
def netuid(chain):
    """A subnet that takes work which is found quickly."""
    netuid = chain.subnet()
    chain[EpochSchedule].restart(netuid)
    chain.call(ALLOW, netuid, True, by="owner")
    chain[Hyperparameters].difficulty[netuid] = DIFFICULTY
    chain[Hyperparameters].min_difficulty[netuid] = 1
    chain.advance()
    return netuid


def mine(chain, netuid, hotkey="hot", coldkey="cold", age=1, difficulty=DIFFICULTY):
    """Arguments of `pow_register`: netuid, block, nonce, work, hotkey."""
    block = chain.number - age
    parent = chain[System].block_hash[block]
    accounts = (ss58.encode(chain.who(name)) for name in (hotkey, coldkey))
    prefix = registration_prefix(netuid, "0x" + parent.hex(), *accounts)
    nonce, work = bittensor_core.pow_mine_cpu(prefix, difficulty, 0, 1_000_000)
    return netuid, block, nonce, bytes(work), chain.who(hotkey)


def test_work_gets_a_uid_and_costs_no_tao(chain, netuid, who):
    burn = chain[Registration].burn[netuid]
    chain.call(POW, *mine(chain, netuid), by="cold")
    assert chain[Neurons].uid(netuid, who("hot")) == 1
    assert chain.balance("cold") == 0
    assert chain[Registration].burn[netuid] == burn
    assert chain.events(events.NeuronRegistered) == [events.NeuronRegistered(netuid, 1, who("hot"))]


def test_by_default_no_work_is_taken(chain, netuid):
    chain[Hyperparameters].network_pow_registration_allowed[netuid] = False
    with chain.refuses(errors.SubNetRegistrationDisabled):
        chain.call(POW, *mine(chain, netuid), by="cold")
    assert chain[Hyperparameters].network_pow_registration_allowed[99] is False


def test_where_nobody_may_register_no_work_is_taken_either(chain, netuid):
    chain[Hyperparameters].network_registration_allowed[netuid] = False
    with chain.refuses(errors.SubNetRegistrationDisabled):
        chain.call(POW, *mine(chain, netuid), by="cold")


def test_a_stranger_does_not_allow_it_nor_does_anybody_on_the_root_network(chain, netuid, stranger, root):
    with chain.refuses(BadOrigin):
        chain.call(ALLOW, netuid, False, by=stranger)
    with chain.refuses(NotPermittedOnRootSubnet):
        chain.call(ALLOW, 0, True, by=root)
    assert chain[Hyperparameters].network_pow_registration_allowed[netuid]


def test_work_is_of_use_to_its_coldkey_only(chain, netuid):
    with chain.refuses(errors.InvalidSeal):
        chain.call(POW, *mine(chain, netuid), by="thief")


def test_nobody_has_no_work(chain, netuid, root):
    with chain.refuses(BadOrigin):
        chain.call(POW, *mine(chain, netuid), by=root)


def test_another_s_hotkey_is_not_registered(chain, netuid):
    chain.call(Accounts.try_associate_hotkey, chain.who("hot"), by="its owner")
    with chain.refuses(errors.NonAssociatedColdKey):
        chain.call(POW, *mine(chain, netuid), by="cold")


@pytest.mark.parametrize("age", [0, GREATEST_AGE + 1])
def test_work_of_this_block_or_of_an_old_one_is_refused(chain, netuid, age):
    chain.advance(GREATEST_AGE)
    with chain.refuses(errors.InvalidWorkBlock):
        chain.call(POW, *mine(chain, netuid, age=age), by="cold")


def test_work_lasts_for_five_blocks(chain, netuid, who):
    chain.advance(GREATEST_AGE)
    chain.call(POW, *mine(chain, netuid, age=GREATEST_AGE), by="cold")
    assert chain[Neurons].uid(netuid, who("hot")) is not None


def test_a_block_serves_a_hotkey_once(chain, netuid):
    second = chain.subnet("second", "second_hotkey")
    chain.call(POW, *mine(chain, netuid), by="cold")
    settings = chain[Hyperparameters]
    settings.network_pow_registration_allowed[second] = True
    settings.difficulty[second] = settings.min_difficulty[second] = 1
    with chain.refuses(errors.InvalidWorkBlock):
        chain.call(POW, *mine(chain, second, difficulty=1), by="cold")


def test_too_easy_work_is_refused(chain, netuid):
    easy = mine(chain, netuid, difficulty=1)
    chain[Hyperparameters].min_difficulty[netuid] = 2**63
    with chain.refuses(errors.InvalidDifficulty):
        chain.call(POW, *easy, by="cold")


def test_the_difficulty_in_force_keeps_to_its_bounds(chain, netuid):
    settings, pow_registration = chain[Hyperparameters], chain[PowRegistration]
    assert pow_registration.difficulty(netuid) == DIFFICULTY
    settings.max_difficulty[netuid] = 7
    assert pow_registration.difficulty(netuid) == 7
    settings.min_difficulty[netuid] = 9
    assert pow_registration.difficulty(netuid) == 9


def test_only_so_many_are_registered_in_a_block(chain, netuid):
    chain.call(POW, *mine(chain, netuid), by="cold")
    with chain.refuses(errors.TooManyRegistrationsThisBlock):
        chain.call(POW, *mine(chain, netuid, "another"), by="cold")
    chain.advance()
    chain.call(POW, *mine(chain, netuid, "another"), by="cold")


def test_a_hotkey_is_registered_once_and_never_on_the_root_network(chain, netuid):
    chain.call(POW, *mine(chain, netuid), by="cold")
    chain.advance()
    with chain.refuses(errors.HotKeyAlreadyRegisteredInSubNet):
        chain.call(POW, *mine(chain, netuid), by="cold")
    _, *rest = mine(chain, netuid, "another")
    with chain.refuses(errors.RegistrationNotPermittedOnRootSubnet):
        chain.call(POW, 0, *rest, by="cold")
