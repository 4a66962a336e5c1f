"""Launching and starting subnets."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.identity import Identities
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import SubnetIdentity

TAO = 10**9
REGISTER = NetworkRegistration.register_network
IDENTITY = SubnetIdentity(b"vision", b"", b"", b"", b"", b"", b"", b"")


def test_the_whole_lock_becomes_the_pool_at_the_price_of_one_tao(chain, who):
    chain.fund("owner", 1_001)
    chain.call(REGISTER, who("hot"), by="owner")
    assert chain[Pools].subnet_tao[1] == chain[Pools].subnet_alpha_in[1] == 1_000 * TAO
    assert chain[Balances].free(subnet_account(1)) == 1_000 * TAO
    assert chain[Subnets].subnet_locked[1] == 1_000 * TAO
    assert chain.balance("owner") == 1 * TAO


def test_the_owners_hotkey_is_the_first_neuron(chain, who):
    netuid = chain.subnet("owner", "hot")
    assert chain[Neurons].hotkeys(netuid) == (who("hot"),)
    assert chain[Subnets].subnet_owner[netuid] == who("owner")
    assert chain[Subnets].subnet_owner_hotkey[netuid] == who("hot")


def test_a_new_subnet_begins_with_the_settings_of_new_subnets(chain):
    netuid, settings = chain.subnet(), chain[Hyperparameters]
    assert settings.tempo[netuid] == 360
    assert (settings.max_allowed_uids[netuid], settings.max_allowed_validators[netuid]) == (256, 64)
    assert (settings.min_allowed_weights[netuid], settings.immunity_period[netuid]) == (1, 5_000)
    assert settings.yuma3_on[netuid]
    assert settings.commit_reveal_weights_enabled[netuid]
    assert chain[Registration].burn[netuid] == 1 * TAO
    assert chain[Subnets].token_symbol[netuid].decode() == "α"
    assert not chain[SubnetEmission].subnet_emission_enabled[netuid]


def test_it_is_told(chain, who):
    chain.fund("owner", 1_001)
    chain.call(NetworkRegistration.register_network_with_identity, who("hot"), IDENTITY, by="owner")
    assert chain.events(events.NetworkAdded) == [events.NetworkAdded(1, 1)]
    assert chain.events(events.SubnetOwnerHotkeySet) == [events.SubnetOwnerHotkeySet(1, who("hot"))]
    assert chain.events(events.SubnetIdentitySet) == [events.SubnetIdentitySet(1)]
    assert chain[Identities].subnet_identities_v3[1] == IDENTITY


def test_epochs_of_new_subnets_are_staggered_by_netuid(chain):
    chain.advance(20)
    netuids = [chain.subnet(name, f"h{name}") for name in "ab"]
    assert [chain[EpochSchedule].last_epoch_block[netuid] for netuid in netuids] == [20, 19]


def test_a_hotkey_of_another_coldkey_is_refused(chain, who):
    netuid = chain.subnet()
    chain.neuron(netuid, "miner", "someone")
    chain.fund("other", 5_000)
    with chain.refuses(errors.NonAssociatedColdKey):
        chain.call(REGISTER, who("miner"), by="other")


def test_a_subnets_account_as_hotkey_is_refused(chain):
    chain.fund("owner", 2_000)
    with chain.refuses(errors.CannotUseSystemAccount):
        chain.call(REGISTER, subnet_account(5), by="owner")


def test_who_cannot_afford_the_lock_is_refused(chain, who):
    chain.fund("owner", 999)
    with chain.refuses(errors.CannotAffordLockCost):
        chain.call(REGISTER, who("hot"), by="owner")


def test_the_next_launch_must_wait_for_the_rate_limit(chain, who):
    chain.subnet()
    chain[Subnets].network_rate_limit.set(3)
    chain.fund("next", 3_000)
    chain.advance(2)
    with chain.refuses(errors.NetworkTxRateLimitExceeded):
        chain.call(REGISTER, who("hot2"), by="next")
    chain.advance()
    chain.call(REGISTER, who("hot2"), by="next")


def test_before_the_start_block_nobody_launches(chain, who):
    chain[Subnets].network_registration_start_block.set(2)
    chain.fund("owner", 2_000)
    with chain.refuses(errors.SubNetRegistrationDisabled):
        chain.call(REGISTER, who("hot"), by="owner")


def test_when_all_places_are_taken_a_launch_is_refused(chain, who):
    chain.subnet()
    chain[Subnets].subnet_limit.set(1)
    chain.fund("next", 5_000)
    with chain.refuses(errors.SubnetLimitReached):
        chain.call(REGISTER, who("hot2"), by="next")


def test_an_identity_too_long_is_refused_with_everything_else(chain, who):
    chain.fund("owner", 2_000)
    long = SubnetIdentity(b"x" * 257, b"", b"", b"", b"", b"", b"", b"")
    with chain.refuses(errors.InvalidIdentity):
        chain.call(NetworkRegistration.register_network_with_identity, who("hot"), long, by="owner")


def test_starting_opens_trade_and_lets_emission_begin_with_the_next_block(chain):
    netuid = chain.subnet(started=False)
    assert not chain[Subnets].subtoken_enabled[netuid]
    chain.call(NetworkRegistration.start_call, netuid, by="owner")
    assert chain[Subnets].subtoken_enabled[netuid]
    assert chain[Subnets].first_emission_block_number[netuid] == chain.number + 1
    assert chain.events(events.FirstEmissionBlockNumberSet) == [
        events.FirstEmissionBlockNumberSet(netuid, chain.number + 1)
    ]


def test_a_stranger_cannot_start_a_subnet(chain, stranger):
    netuid = chain.subnet(started=False)
    with chain.refuses(BadOrigin):
        chain.call(NetworkRegistration.start_call, netuid, by=stranger)


def test_a_subnet_starts_once_exists_and_is_old_enough(chain):
    with chain.refuses(errors.SubnetNotExists):
        chain.call(NetworkRegistration.start_call, 9, by="owner")
    netuid = chain.subnet(started=False)
    chain[Subnets].start_call_delay.set(2)
    chain.advance()
    with chain.refuses(errors.NeedWaitingMoreBlocksToStarCall):
        chain.call(NetworkRegistration.start_call, netuid, by="owner")
    chain.advance()
    chain.call(NetworkRegistration.start_call, netuid, by="owner")
    with chain.refuses(errors.FirstEmissionBlockNumberAlreadySet):
        chain.call(NetworkRegistration.start_call, netuid, by="owner")


@pytest.mark.parametrize(
    ("symbol", "error"), [("nonsense", errors.SymbolDoesNotExist), ("α", errors.SymbolAlreadyInUse)]
)
def test_a_symbol_must_exist_and_be_free(chain, symbol, error):
    netuid = chain.subnet()
    with chain.refuses(error):
        chain.call(NetworkRegistration.update_symbol, netuid, symbol.encode(), by="owner")


def test_owner_and_root_choose_a_symbol_and_a_stranger_cannot(chain, root, stranger):
    netuid = chain.subnet()
    for by, symbol in (("owner", "β"), (root, "γ")):
        chain.call(NetworkRegistration.update_symbol, netuid, symbol.encode(), by=by)
        assert chain[Subnets].token_symbol[netuid].decode() == symbol
    with chain.refuses(BadOrigin):
        chain.call(NetworkRegistration.update_symbol, netuid, "δ".encode(), by=stranger)


@pytest.fixture
def full(chain):
    """Two subnets, as many as there may be, the second with the lower moving price; none is immune."""
    chain.subnet("first", "first_hotkey")
    second = chain.subnet("second", "second_hotkey")
    chain[Subnets].subnet_limit.set(2)
    chain[Subnets].network_immunity_period.set(0)
    chain[Prices].subnet_moving_price[1] = 2 << 32
    chain[Prices].subnet_moving_price[second] = 1 << 32
    chain.fund("next", 20_000)
    return chain


def test_when_all_places_are_taken_the_weakest_goes_and_its_netuid_is_given_again(full, who):
    full.call(REGISTER, who("hot"), by="next")
    assert full.events(events.NetworkRemoved) == [events.NetworkRemoved(2)]
    assert full.events(events.NetworkAdded)[-1] == events.NetworkAdded(2, 1)
    assert full[Subnets].subnet_owner[2] == who("next")
    assert full[Neurons].hotkeys(2) == (who("hot"),)
    assert full[Subnets].registered_subnet_counter[2] == 2
    assert full[Subnets].total_networks.get() == 3
    full.advance(2)


def test_nobody_goes_for_a_launch_that_cannot_be_paid(full, who):
    full.fund("poor", 10)
    with full.refuses(errors.CannotAffordLockCost):
        full.call(REGISTER, who("hot"), by="poor")


def test_nobody_goes_for_a_launch_with_a_bad_identity(full, who):
    long = SubnetIdentity(b"x" * 257, b"", b"", b"", b"", b"", b"", b"")
    with full.refuses(errors.InvalidIdentity):
        full.call(NetworkRegistration.register_network_with_identity, who("hot"), long, by="next")


def test_a_launch_that_takes_a_place_moves_no_rao_in_or_out_of_issuance_but_what_is_recycled(full, who):
    issued, held = full[Balances].total_issuance.get(), full[Balances].free(subnet_account(2))
    full.call(REGISTER, who("hot"), by="next")
    assert issued - full[Balances].total_issuance.get() == held - 500
    assert full[Balances].free(subnet_account(2)) == full[Pools].subnet_tao[2] + 500
