"""Registration: price, payment, seats."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.subnet_account import subnet_account

TAO = 10**9
BURN = Registration.burned_register


def test_a_registration_pays_the_price_and_destroys_the_alpha_that_it_buys(chain, who):
    netuid = chain.subnet()
    chain.fund("payer", 10)
    alpha, held = chain[Pools].alpha_issuance(netuid), chain[Balances].free(subnet_account(netuid))
    chain.call(BURN, netuid, who("miner"), by="payer")
    assert chain.balance("payer") == 9 * TAO
    assert chain[Balances].free(subnet_account(netuid)) == held + TAO
    assert chain[Pools].alpha_issuance(netuid) < alpha
    assert chain[Registration].rao_recycled_for_registration[netuid] == TAO
    assert chain.events(events.NeuronRegistered) == [events.NeuronRegistered(netuid, 1, who("miner"))]


def test_the_hotkey_becomes_the_payers(chain, who):
    netuid = chain.subnet()
    chain.neuron(netuid, "miner", "payer")
    assert chain[Accounts].owns(who("payer"), who("miner"))


def test_each_registration_raises_the_price_at_once_and_blocks_lower_it(chain):
    netuid, registration = chain.subnet(), chain[Registration]
    chain.neuron(netuid, "a")
    assert registration.burn[netuid] == TAO * 23_242_897_532_874_035_200 >> 64
    assert registration.registrations_this_block[netuid] == 1
    chain.advance(360)
    assert registration.registrations_this_block[netuid] == 0
    assert registration.burn[netuid] == pytest.approx(0.63 * TAO, rel=1e-5)


def test_the_price_stays_within_its_bounds(chain):
    netuid = chain.subnet()
    chain[Hyperparameters].min_burn[netuid] = 2 * TAO
    chain.advance()
    assert chain[Registration].burn[netuid] == 2 * TAO
    chain[Hyperparameters].max_burn[netuid] = 2 * TAO
    chain.neuron(netuid, "a")
    assert chain[Registration].burn[netuid] == 2 * TAO


def test_the_old_call_takes_no_work_and_lets_the_signer_pay(chain, who):
    netuid = chain.subnet()
    chain.fund("payer", 10)
    named = {"block_number": 0, "nonce": 0, "work": b"", "hotkey": who("miner"), "coldkey": who("somebody")}
    chain.call(Registration.register, netuid, **named, by="payer")
    assert chain.balance("payer") == 9 * TAO
    assert chain[Accounts].owner_of(who("miner")) == who("payer")


def test_a_limit_keeps_from_paying_more(chain, who):
    netuid = chain.subnet()
    chain.fund("payer", 10)
    with chain.refuses(errors.RegistrationPriceLimitExceeded):
        chain.call(Registration.register_limit, netuid, who("miner"), TAO - 1, by="payer")
    chain.call(Registration.register_limit, netuid, who("miner"), TAO, by="payer")


def test_a_full_subnet_gives_the_weakest_ones_uid(chain, who):
    netuid = chain.subnet()
    for name in "ab":
        chain.neuron(netuid, name)
    chain[Hyperparameters].max_allowed_uids[netuid] = 3
    chain[Hyperparameters].immunity_period[netuid] = 0
    chain[Hyperparameters].min_non_immune_uids[netuid] = 0
    chain[Neurons].emission[netuid] = (0, 9, 4)
    assert chain.neuron(netuid, "new") == 2
    assert chain[Neurons].hotkeys(netuid) == (who("owner_hotkey"), who("a"), who("new"))


def refused(chain, error, netuid, hotkey, by="payer"):
    with chain.refuses(error):
        chain.call(BURN, netuid, hotkey, by=by)


def test_what_cannot_be_registered_is_refused(chain, who):
    netuid = chain.subnet()
    chain.fund("payer", 10)
    refused(chain, errors.RegistrationNotPermittedOnRootSubnet, 0, who("miner"))
    refused(chain, errors.SubnetNotExists, 9, who("miner"))
    refused(chain, errors.HotKeyAlreadyRegisteredInSubNet, netuid, who("owner_hotkey"))
    refused(chain, errors.CannotUseSystemAccount, netuid, subnet_account(netuid))
    refused(chain, errors.NotEnoughBalanceToStake, netuid, who("miner"), by="poor")
    refused(chain, BadOrigin, netuid, who("miner"), by=NONE)


def test_a_hotkey_of_another_coldkey_is_refused(chain, who):
    first, second = chain.subnet("a", "ha"), chain.subnet("b", "hb")
    chain.neuron(first, "miner", "its_owner")
    chain.fund("payer", 10)
    refused(chain, errors.NonAssociatedColdKey, second, who("miner"))


def test_a_closed_subnet_registers_nobody(chain, who):
    netuid = chain.subnet()
    chain.fund("payer", 10)
    chain[Hyperparameters].network_registration_allowed[netuid] = False
    refused(chain, errors.SubNetRegistrationDisabled, netuid, who("miner"))


@pytest.mark.parametrize("limit", [0, 1])
def test_without_a_uid_to_give_nobody_is_registered(chain, who, limit):
    netuid = chain.subnet()
    chain.fund("payer", 10)
    chain[Hyperparameters].max_allowed_uids[netuid] = limit
    refused(chain, errors.NoNeuronIdAvailable, netuid, who("miner"))
