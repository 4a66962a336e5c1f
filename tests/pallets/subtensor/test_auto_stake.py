import pytest

from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.auto_stake import AutoStake


@pytest.fixture
def netuid(chain):
    netuid = chain.subnet()
    chain.neuron(netuid, "miner", "cold")
    return netuid


def test_pay_goes_to_the_miner_itself_unless_its_owner_chose(chain, who, netuid):
    chain[AutoStake].pay(netuid, who("miner"), 100)
    assert chain.stake_of("miner", "cold", netuid) == 100
    assert chain.events(events.AutoStakeAdded) == []


def test_pay_goes_where_the_owner_wants_it(chain, who, netuid):
    chain.call(AutoStake.set_coldkey_auto_stake_hotkey, netuid, who("owner_hotkey"), by="cold")
    chain[AutoStake].pay(netuid, who("miner"), 100)
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 100
    assert len(chain.events(events.AutoStakeAdded)) == 1


def test_a_changed_choice_leaves_the_old_hotkeys_list(chain, who, netuid):
    chain.call(AutoStake.set_coldkey_auto_stake_hotkey, netuid, who("owner_hotkey"), by="cold")
    chain.call(AutoStake.set_coldkey_auto_stake_hotkey, netuid, who("miner"), by="cold")
    chosen_by = chain[AutoStake].auto_stake_destination_coldkeys
    assert chosen_by[who("owner_hotkey"), netuid] == ()
    assert chosen_by[who("miner"), netuid] == (who("cold"),)


def test_the_same_choice_twice_is_refused(chain, who, netuid):
    chain.call(AutoStake.set_coldkey_auto_stake_hotkey, netuid, who("miner"), by="cold")
    with chain.refuses(errors.SameAutoStakeHotkeyAlreadySet):
        chain.call(AutoStake.set_coldkey_auto_stake_hotkey, netuid, who("miner"), by="cold")


def test_an_unregistered_hotkey_cannot_be_chosen(chain, who, netuid):
    with chain.refuses(errors.HotKeyNotRegisteredInSubNet):
        chain.call(AutoStake.set_coldkey_auto_stake_hotkey, netuid, who("unknown"), by="cold")


def test_an_unknown_subnet_has_no_choice(chain, who):
    with chain.refuses(errors.SubnetNotExists):
        chain.call(AutoStake.set_coldkey_auto_stake_hotkey, 9, who("miner"), by="cold")
