"""What never enters a block: refusals with the codes that clients know."""

import pytest

from ganglion.frame.address import AddressId
from ganglion.frame.extension import TransactionContext
from ganglion.frame.validity import InvalidKind, InvalidTransaction
from ganglion.pallets.balances import Balances
from ganglion.pallets.commitments import Commitments
from ganglion.pallets.commitments.data import CommitmentInfo
from ganglion.pallets.drand import Drand
from ganglion.pallets.proxy import Proxy
from ganglion.pallets.proxy.types import ProxyType
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.coldkey_swap import ColdkeySwap
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.evm_keys import EvmKeys
from ganglion.pallets.subtensor.extension import BAD_REQUEST, SubtensorTransactionExtension
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pow_registration import PowRegistration, seal
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.timelocked_commits import TimelockedCommits
from ganglion.pallets.subtensor.weight_commits import WeightCommits, commit_hash
from ganglion.pallets.subtensor.weights import Weights
from ganglion.pallets.system import System
from ganglion.pallets.utility import Utility
from ganglion.runtime import runtime

ROW = ((1,), (65_535,), (7,), 0)
"""Uids, values, salt, version key."""


@pytest.fixture
def chain(chain_on):
    """The whole runtime with a subnet and its neuron `hot` (uid 1) of `cold`."""
    chain = chain_on(runtime())
    netuid = chain.subnet()
    chain.neuron(netuid, "hot", "cold")
    chain[EpochSchedule].restart(netuid)
    chain[Neurons].last_update[netuid] = (0, 0)
    return chain


@pytest.fixture
def code(chain):
    """The code that a transaction is refused with, or None."""

    def validate(who, function, *args):
        call = chain.runtime.call(function, *args)
        context = TransactionContext(chain.who(who), call, chain.runtime.info(call), 100)
        try:
            chain[SubtensorTransactionExtension].validate(context, ())
        except InvalidTransaction as refusal:
            assert refusal.kind is InvalidKind.CUSTOM
            return refusal.code
        return None

    return validate


def direct(chain):
    chain[Hyperparameters].commit_reveal_weights_enabled[1] = False


def test_weights_without_stake_are_refused(chain, code):
    direct(chain)
    chain[StakeWeights].stake_threshold.set(1)
    assert code("hot", Weights.set_weights, 1, (0,), (1,), 0) == 1
    assert code("hot", Weights.set_mechanism_weights, 1, 0, (0,), (1,), 0) == 1
    assert code("hot", WeightCommits.commit_weights, 1, bytes(32)) == 1
    assert code("hot", WeightCommits.batch_commit_weights, (1,), (bytes(32),)) == 1
    assert code("hot", WeightCommits.reveal_weights, 1, *ROW) == 1
    assert code("hot", TimelockedCommits.commit_timelocked_weights, 1, b"", 9, 4) == 1
    assert code("owner_hotkey", Weights.set_weights, 1, (0,), (1,), 0) is None


def test_weights_too_soon_are_refused(chain, code):
    direct(chain)
    assert code("hot", Weights.set_weights, 1, (0,), (1,), 0) is None
    chain[Neurons].note_update(1, 0, 1)
    assert code("hot", Weights.set_weights, 1, (0,), (1,), 0) == 6
    assert code("hot", Weights.set_mechanism_weights, 1, 0, (0,), (1,), 0) == 6
    assert code("hot", Weights.set_mechanism_weights, 1, 1, (0,), (1,), 0) is None
    assert code("hot", WeightCommits.commit_weights, 1, bytes(32)) == 6
    assert code("hot", WeightCommits.commit_mechanism_weights, 1, 0, bytes(32)) == 6


def test_who_has_no_uid_cannot_fill_blocks_for_nothing(chain, code):
    direct(chain)
    assert code("nobody", Weights.set_weights, 1, (0,), (1,), 0) == 19
    assert code("nobody", WeightCommits.commit_weights, 1, bytes(32)) == 19
    assert code("nobody", TimelockedCommits.commit_timelocked_weights, 1, b"x", 9, 4) == 19
    assert code("nobody", WeightCommits.batch_commit_weights, (1,), (bytes(32),)) == 19
    assert code("hot", Weights.batch_set_weights, (), (), ()) == 19
    assert code("nobody", Commitments.set_commitment, 1, CommitmentInfo(())) == 19
    assert code("hot", Commitments.set_commitment, 1, CommitmentInfo(())) is None


def test_a_free_batch_is_as_good_as_its_worst_call(chain, code):
    direct(chain)
    good = chain.runtime.call(Weights.set_weights, 1, (1,), (1,), 0)
    bad = chain.runtime.call(Weights.set_weights, 0, (1,), (1,), 0)
    assert code("hot", Utility.force_batch, (good,)) is None
    assert code("hot", Utility.force_batch, (good, bad)) == 19
    paid = chain.runtime.call(Balances.transfer_all, AddressId(bytes(32)), True)
    assert code("hot", Utility.force_batch, (bad, paid)) is None


@pytest.fixture
def acting(chain, code, who):
    """The code with which a delegate's call of a free call for `hot` is refused, or None."""
    direct(chain)
    weighs = chain.runtime.call(Weights.set_weights, 1, (1,), (1,), 0)
    return lambda delegate="delegate", call=weighs: code(
        delegate, Proxy.proxy, AddressId(who("hot")), None, call
    )


def let_act(chain, kind, delay=0):
    chain.fund("hot", 1)
    chain.call(Proxy.add_proxy, AddressId(chain.who("delegate")), kind, delay, by="hot")


def test_who_is_nobody_s_proxy_cannot_fill_blocks_for_nothing(chain, acting):
    let_act(chain, ProxyType.Any)
    assert acting("nobody") == BAD_REQUEST
    assert acting() is None


@pytest.mark.parametrize(("kind", "delay"), [(ProxyType.Transfer, 0), (ProxyType.Any, 1)])
def test_nor_can_a_proxy_whose_right_does_not_cover_the_call(chain, acting, kind, delay):
    let_act(chain, kind, delay)
    assert acting() == BAD_REQUEST


def test_a_free_proxy_call_is_as_good_as_the_call_for_the_real_account(chain, acting):
    let_act(chain, ProxyType.NonFungible)
    bad = chain.runtime.call(Weights.set_weights, 0, (1,), (1,), 0)
    assert acting(call=bad) == 19
    assert acting(call=chain.runtime.call(Utility.force_batch, (bad,))) == 19
    chain[ColdkeySwap].coldkey_swap_announcements[chain.who("hot")] = (9, bytes(32))
    assert acting() == 0


def test_batches_of_unequal_lengths_are_refused(chain, code):
    assert code("hot", Weights.batch_set_weights, (1, 1), ((),), (0, 0)) == 18
    assert code("hot", WeightCommits.batch_commit_weights, (1,), ()) == 18
    assert code("hot", WeightCommits.batch_reveal_weights, 1, ((1,),), (), ((7,),), (0,)) == 18


def test_a_reveal_without_commit_or_out_of_its_epoch_is_refused(chain, code, who):
    assert code("hot", WeightCommits.reveal_weights, 1, *ROW) == 16
    epoch = chain[EpochSchedule].epoch_number(1)
    committed = (commit_hash(who("hot"), 1, *ROW), epoch, chain.number, 0)
    chain[WeightCommits].weight_commits[1, who("hot")] = (committed,)
    rows = tuple((each,) for each in ROW)
    assert code("hot", WeightCommits.reveal_weights, 1, *ROW) == 17
    assert code("hot", WeightCommits.reveal_mechanism_weights, 1, 0, *ROW) == 17
    assert code("hot", WeightCommits.batch_reveal_weights, 1, *rows) == 17
    chain[EpochSchedule].subnet_epoch_index[1] += 1
    assert code("hot", WeightCommits.reveal_weights, 1, *ROW) is None
    assert code("hot", WeightCommits.batch_reveal_weights, 1, *rows) is None


@pytest.mark.parametrize("mechanism", [15, 16, 127, 255])
def test_mechanisms_that_cannot_be_are_refused_like_any_that_is_not_there(chain, code, mechanism):
    assert code("hot", WeightCommits.reveal_mechanism_weights, 1, mechanism, *ROW) == 16
    chain[Hyperparameters].commit_reveal_weights_enabled[1] = False
    assert code("hot", Weights.set_mechanism_weights, 1, mechanism, (0,), (1,), 0) is None
    with chain.refuses(errors.MechanismDoesNotExist):
        chain.call(Weights.set_mechanism_weights, 1, mechanism, (0,), (1,), 0, by="hot")


def test_a_commit_to_a_round_that_is_out_already_is_refused(chain, code):
    chain[Drand].last_stored_round.set(10)
    assert code("hot", TimelockedCommits.commit_timelocked_weights, 1, b"x", 9, 4) == 15
    assert code("hot", TimelockedCommits.commit_crv3_mechanism_weights, 1, 0, b"x", 9) == 15
    assert code("hot", TimelockedCommits.commit_timelocked_mechanism_weights, 1, 0, b"x", 10, 4) is None


def test_a_launch_too_soon_after_the_last_is_refused(chain, code, who):
    assert code("owner", NetworkRegistration.register_network, who("next")) is None
    chain[Subnets].network_rate_limit.set(10)
    assert code("owner", NetworkRegistration.register_network, who("next")) == 6


@pytest.mark.parametrize("function", [Takes.increase_take, Takes.decrease_take])
def test_takes_out_of_bounds_or_of_others_are_refused(chain, code, who, function):
    chain[Takes].min_delegate_take.set(10)
    assert code("cold", function, who("hot"), 9) == 26
    assert code("cold", function, who("hot"), 11_797) == 27
    assert code("stranger", function, who("hot"), 50) == 25
    assert code("cold", function, who("unknown"), 50) == 4
    assert code("cold", function, who("hot"), 50) is None


def axon(netuid=1, ip=0x0A00_0001, port=8_000, ip_type=4):
    return (netuid, 0, ip, port, ip_type, 0, 0, 0)


def test_endpoints_that_cannot_be_are_refused(chain, code):
    assert code("hot", Serving.serve_axon, *axon()) is None
    assert code("nobody", Serving.serve_axon, *axon()) == 10
    assert code("hot", Serving.serve_axon, *axon(ip=0x7F00_0001)) == 11
    assert code("hot", Serving.serve_axon, *axon(port=0)) == 13
    assert code("hot", Serving.serve_axon, *axon(ip_type=5)) == BAD_REQUEST
    assert code("hot", Serving.serve_axon_tls, *axon(port=0), b"\x01key") == 13
    assert code("hot", Serving.serve_prometheus, 1, 0, 0, 8_000, 4) == 11
    assert code("hot", Serving.serve_prometheus, 1, 0, 5, 8_000, 4) is None
    chain.call(Serving.serve_axon, *axon(), by="hot")
    assert code("hot", Serving.serve_axon, *axon()) == 12


def test_addresses_without_proof_are_refused(chain, code):
    address = (1, bytes(20), 7, bytes(65))
    assert code("nobody", EvmKeys.associate_evm_key, *address) == 25
    assert code("hot", EvmKeys.associate_evm_key, *address) == 20
    chain[EvmKeys].evm_key_associate_rate_limit = 0
    assert code("hot", EvmKeys.associate_evm_key, *address) == BAD_REQUEST


def test_work_that_was_not_done_is_refused(chain, code, who):
    work = (1, 0, 0, bytes(32), who("new"))
    assert code("nobody", PowRegistration.pow_register, *work) == BAD_REQUEST
    chain[Hyperparameters].network_pow_registration_allowed[1] = True
    assert code("nobody", PowRegistration.pow_register, *work) == BAD_REQUEST
    chain[Hyperparameters].min_difficulty[1] = chain[Hyperparameters].max_difficulty[1] = 1
    chain[Hyperparameters].max_registrations_per_block[1] = 9
    done = seal(1, chain[System].block_hash[0], who("new"), who("nobody"), 0)
    assert code("nobody", PowRegistration.pow_register, 1, 0, 0, done, who("new")) is None


def test_an_announced_coldkey_is_refused_everywhere_and_a_disputed_one_in_everything(chain, code, who):
    transfer = (Balances.transfer_all, AddressId(who("x")), True)
    assert code("owner", *transfer) is None
    chain[ColdkeySwap].coldkey_swap_announcements[who("owner")] = (9, bytes(32))
    assert code("owner", *transfer) == 0
    assert code("owner", ColdkeySwap.dispute_coldkey_swap) is None
    chain[ColdkeySwap].coldkey_swap_disputes[who("owner")] = 9
    assert code("owner", ColdkeySwap.dispute_coldkey_swap) == 21


def test_a_check_changes_nothing(chain, code, who):
    before = chain.world.state.changes()
    code("hot", Serving.serve_axon, *axon())
    code("owner", NetworkRegistration.register_network, who("next"))
    assert chain.world.state.changes() == before
