"""Ethereum addresses of uids: who may have one, and that they go and move with their neurons."""

import pytest
from bittensor.evm.transactions import association_proof
from eth_account import Account

from ganglion.crypto import ss58
from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.evm_keys import MAX_UIDS, EvmKeys
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.trimming import Trimming

WALLET = Account.from_key(b"\1" * 32)
OTHER = Account.from_key(b"\2" * 32)


def address(wallet):
    return bytes.fromhex(wallet.address[2:])


def proof(chain, hotkey, wallet=WALLET, block=7):
    """Address, block and signature, as the official SDK makes them."""
    signature, block = association_proof(wallet, ss58.encode(chain.who(hotkey)), block)
    return address(wallet), block, bytes.fromhex(signature[2:])


def associate(chain, netuid, hotkey, wallet=WALLET):
    chain.call(EvmKeys.associate_evm_key, netuid, *proof(chain, hotkey, wallet), by=hotkey)


@pytest.fixture
def netuid(chain):
    """The owner's hotkey and the neurons a (uid 1) and b (uid 2); addresses may change every second block."""
    netuid = chain.subnet()
    for name in "ab":
        chain.neuron(netuid, name)
    chain[EvmKeys].evm_key_associate_rate_limit = 2
    chain.advance(2)
    return netuid


def test_the_proof_of_the_official_sdk_gives_the_uid_its_address(chain, netuid, who):
    associate(chain, netuid, "a")
    assert chain[EvmKeys].associated_evm_address[netuid, 1] == (address(WALLET), chain.number)
    assert chain[EvmKeys].associated_uids_by_evm_address[netuid, address(WALLET)] == ((1, chain.number),)
    told = events.EvmKeyAssociated(netuid, who("a"), address(WALLET), chain.number)
    assert chain.events(events.EvmKeyAssociated) == [told]


def test_a_stranger_s_proof_is_of_no_use_to_another_hotkey(chain, netuid):
    with chain.refuses(errors.InvalidRecoveredPublicKey):
        chain.call(EvmKeys.associate_evm_key, netuid, *proof(chain, "a"), by="b")


def test_a_proof_holds_for_its_block_number_only(chain, netuid):
    key, block, signature = proof(chain, "a")
    with chain.refuses(errors.InvalidRecoveredPublicKey):
        chain.call(EvmKeys.associate_evm_key, netuid, key, block + 1, signature, by="a")


def test_what_is_no_signature_is_refused(chain, netuid):
    with chain.refuses(errors.InvalidIdentity):
        chain.call(EvmKeys.associate_evm_key, netuid, address(WALLET), 7, bytes(65), by="a")


def test_only_neurons_of_a_subnet_have_addresses(chain, netuid, stranger, root):
    chain.neuron(chain.subnet("second", "second_hotkey"), "elsewhere")
    arguments = proof(chain, "elsewhere")
    with chain.refuses(errors.HotKeyNotRegisteredInSubNet):
        chain.call(EvmKeys.associate_evm_key, netuid, *arguments, by="elsewhere")
    with chain.refuses(errors.SubnetNotExists):
        chain.call(EvmKeys.associate_evm_key, 99, *arguments, by="elsewhere")
    with chain.refuses(errors.NonAssociatedColdKey if stranger.account else BadOrigin):
        chain.call(EvmKeys.associate_evm_key, netuid, *arguments, by=stranger)
    with chain.refuses(BadOrigin):
        chain.call(EvmKeys.associate_evm_key, netuid, *arguments, by=root)


def test_an_address_changes_only_after_a_while_and_the_old_one_is_given_up(chain, netuid):
    associate(chain, netuid, "a")
    chain.advance()
    with chain.refuses(errors.EvmKeyAssociateRateLimitExceeded):
        associate(chain, netuid, "a", OTHER)
    chain.advance()
    associate(chain, netuid, "a", OTHER)
    assert chain[EvmKeys].associated_uids_by_evm_address[netuid, address(WALLET)] == ()
    assert chain[EvmKeys].associated_evm_address[netuid, 1] == (address(OTHER), chain.number)


def test_a_full_address_takes_no_more_uids_but_renews_its_own(chain, netuid):
    keys = chain[EvmKeys]
    associate(chain, netuid, "a")
    uids = tuple((uid, 1) for uid in range(100, 100 + MAX_UIDS - 1))
    keys.associated_uids_by_evm_address[netuid, address(WALLET)] += uids
    with chain.refuses(errors.EvmKeyAssociationLimitExceeded):
        associate(chain, netuid, "b")
    keys.associated_evm_address[netuid, 1] = (address(WALLET), 0)
    associate(chain, netuid, "a")


def test_a_new_neuron_does_not_inherit_its_uid_s_address(chain, netuid, who):
    associate(chain, netuid, "a")
    chain[Neurons].replace(netuid, 1, who("new"))
    assert chain[EvmKeys].associated_evm_address[netuid, 1] is None
    chain[EvmKeys].try_state()


def test_addresses_move_with_their_uids_when_a_subnet_is_trimmed(chain, netuid):
    associate(chain, netuid, "a", OTHER)
    associate(chain, netuid, "b")
    now = chain.number
    chain[Hyperparameters].immunity_period[netuid] = 0
    chain[Hyperparameters].min_allowed_uids[netuid] = 1
    chain[Neurons].emission[netuid] = (0, 1, 5)
    chain[Trimming].trim(netuid, 2)
    assert dict(chain[EvmKeys].associated_evm_address.under(netuid)) == {1: (address(WALLET), now)}
    chain[EvmKeys].try_state()


def test_a_dissolved_subnet_leaves_no_addresses(chain, netuid, root):
    associate(chain, netuid, "a")
    chain.call(Dissolution.root_dissolve_network, netuid, by=root)
    assert list(chain[EvmKeys].associated_evm_address.items()) == []
    assert list(chain[EvmKeys].associated_uids_by_evm_address.items()) == []
