"""Weights sealed to a round of the beacon: committed, opened by the chain, lost when they should be."""

import json
from hashlib import blake2b
from itertools import count
from pathlib import Path

import bittensor_core
import pytest
from bittensor.timelock import QUICKNET_PERIOD

from ganglion.crypto.beacon import BeaconKey, Pulse
from ganglion.crypto.timelock import seal
from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE
from ganglion.pallets.drand import Drand
from ganglion.pallets.drand.types import Pulse as WirePulse
from ganglion.pallets.drand.types import PulsesPayload, Sr25519Signer
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.mechanisms import Mechanisms
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.timelocked_commits import TimelockedCommits
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.subtensor.weights import Weights
from ganglion.scale import Codecs
from ganglion.scale.types import Bytes, Vec, u16, u64

TEMPO = 10
VERSION = 4
OWN = BeaconKey("//Own")
RECORDED = json.loads((Path(__file__).parents[2] / "vectors/drand/quicknet.json").read_text())
PUBLIC = {entry["round"]: bytes.fromhex(entry["signature"]) for entry in RECORDED["pulses"]}
PAYLOAD = Codecs().of(tuple[Bytes, Vec[u16], Vec[u16], u64])
OLD_PAYLOAD = Codecs().of(tuple[Vec[u16], Vec[u16], u64])
WEIGHTS = ((0, 65_535), (2, 32_768))


@pytest.fixture
def chain(make_chain):
    """A chain that listens to our own beacon."""
    return make_chain({"Drand": {"public_key": f"0x{OWN.public_key.hex()}"}})


@pytest.fixture
def netuid(chain):
    return prepare(chain)


def prepare(chain, owner="owner"):
    """A subnet with commit-reveal, a tempo of 10, and validators (1, 3) and a miner (2)."""
    netuid = chain.subnet(owner, f"{owner}_hotkey")
    for hotkey in ("validator", "miner", "other"):
        chain.neuron(netuid, hotkey)
    chain[Hyperparameters].tempo[netuid] = TEMPO
    chain[Hyperparameters].weights_set_rate_limit[netuid] = 0
    permit(chain, netuid)
    return netuid


def permit(chain, netuid):
    chain[Neurons].validator_permit[netuid] = (False, True, False, True)


def payload(who, hotkey="validator", uids=(0, 2), values=(2, 1), version_key=0):
    return PAYLOAD.encode((who(hotkey), uids, values, version_key))


def sealed(plaintext, round_number=7):
    numbers = count()
    return seal(
        plaintext,
        OWN.public_key,
        round_number,
        lambda n: blake2b(bytes([next(numbers)]), digest_size=n).digest(),
    )


def sealed_by_client(plaintext, round_number):
    data, _ = bittensor_core.encrypt_at_round(plaintext, round_number)
    return bytes(bittensor_core.inner_ciphertext(data))


def committed_by_client(hotkey, round_number):
    """The client's whole commit to a round that is over.

    It reckons the round from the clock and the time of a block, so blocks must here go back in time.
    """
    schedule = {"last_epoch_block": 0, "pending_epoch_at": 0, "subnet_epoch_index": 0, "tempo": 100}
    schedule |= {"blocks_since_last_step": 0, "current_block": 0, "subnet_reveal_period_epochs": 1}
    blocks = 110  # until then, and a few more: no step overshoots

    def at(block_time):
        return bittensor_core.get_encrypted_commit_v2(
            uids=[0, 2], weights=[2, 1], version_key=0, block_time=block_time, hotkey=hotkey, **schedule
        )

    block_time, (data, found) = 0.0, at(0.0)
    while found != round_number:
        block_time += (round_number - found) * QUICKNET_PERIOD / blocks
        data, found = at(block_time)
    return data


def commit(chain, netuid, data, round_number=7, by="validator", version=VERSION):
    chain.call(TimelockedCommits.commit_timelocked_weights, netuid, data, round_number, version, by=by)


def publish(chain, *pulses):
    said = PulsesPayload(chain.number, tuple(map(WirePulse.of, pulses)), Sr25519Signer(bytes(32)))
    chain.call(Drand.write_pulse, said, None, by=NONE)


def to_epoch(chain, netuid, epochs=1):
    """Advance to the block whose opening begins the epoch, its votes being cast before it is run."""
    for _ in range(epochs):
        before = chain[EpochSchedule].subnet_epoch_index[netuid]
        while chain[EpochSchedule].subnet_epoch_index[netuid] == before:
            permit(chain, netuid)
            chain.advance()
        permit(chain, netuid)


def weights(chain, netuid, uid=1, mechanism=0):
    return chain[VoteMatrix].weights[mechanism * 4_096 + netuid, uid]


def queues(chain):
    return {(i, e): len(q) for i, e, q in chain[TimelockedCommits].timelocked_weight_commits.items()}


def test_a_commit_is_kept_under_its_epoch_and_told_by_its_hash(chain, who, netuid):
    chain.advance()
    data = sealed(payload(who))
    commit(chain, netuid, data)
    epoch = chain[EpochSchedule].epoch_number(netuid)
    entry = (who("validator"), chain.number, data, 7)
    assert chain[TimelockedCommits].timelocked_weight_commits[netuid, epoch] == (entry,)
    digest = blake2b(data, digest_size=32).digest()
    told = events.TimelockedWeightsCommitted(who("validator"), netuid, digest, 7)
    assert chain.events(events.TimelockedWeightsCommitted) == [told]
    assert chain[Neurons].last_update[netuid][1] == chain.number


def test_the_chain_opens_a_commit_one_epoch_later_and_before_the_votes_are_counted(chain, who, netuid):
    commit(chain, netuid, sealed(payload(who)))
    committed_at = chain.number
    publish(chain, OWN.pulse(7))
    chain.advance()
    assert weights(chain, netuid) == ()
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == WEIGHTS
    assert chain.events(events.TimelockedWeightsRevealed) == [
        events.TimelockedWeightsRevealed(netuid, who("validator"))
    ]
    assert chain.events(events.WeightsSet) == [events.WeightsSet(netuid, 1)]
    order = [type(record.event) for record in chain.world.events]
    assert order.index(events.TimelockedWeightsRevealed) < order.index(events.IncentiveAlphaEmittedToMiners)
    assert chain[Neurons].last_update[netuid][1] == committed_at
    assert queues(chain) == {}


@pytest.mark.parametrize("round_number", sorted(PUBLIC))
def test_what_the_client_seals_to_the_public_beacon_opens_with_the_public_pulse(
    make_chain, who, round_number
):
    chain = make_chain()
    netuid = prepare(chain)
    commit(chain, netuid, sealed_by_client(payload(who), round_number), round_number)
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == ()
    publish(chain, Pulse(round_number, PUBLIC[round_number]))
    chain.advance()
    assert weights(chain, netuid) == WEIGHTS


def test_a_commit_made_by_the_client_alone_opens_with_what_the_public_beacon_published(make_chain, who):
    chain = make_chain()
    netuid = prepare(chain)
    round_number = max(PUBLIC)
    commit(chain, netuid, committed_by_client(who("validator"), round_number), round_number)
    to_epoch(chain, netuid)
    publish(chain, Pulse(round_number, PUBLIC[round_number]))
    chain.advance()
    assert weights(chain, netuid) == WEIGHTS


def test_the_chain_tries_every_block_of_the_epoch_until_the_pulse_is_there(chain, who, netuid):
    commit(chain, netuid, sealed(payload(who)))
    to_epoch(chain, netuid)
    chain.advance(TEMPO - 3)
    assert list(queues(chain).values()) == [1]
    publish(chain, OWN.pulse(7))
    permit(chain, netuid)
    chain.advance()
    assert weights(chain, netuid) == WEIGHTS


def test_a_commit_whose_pulse_comes_after_its_epoch_is_lost(chain, who, netuid):
    commit(chain, netuid, sealed(payload(who)))
    to_epoch(chain, netuid, 2)
    assert queues(chain) == {}
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == ()


def test_a_longer_reveal_period_keeps_commits_shut_for_longer(chain, who, netuid):
    chain[Hyperparameters].reveal_period_epochs[netuid] = 3
    commit(chain, netuid, sealed(payload(who)))
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid, 2)
    assert weights(chain, netuid) == ()
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == WEIGHTS


def test_those_whose_rounds_are_out_open_and_the_others_wait_in_order(chain, who, netuid):
    commit(chain, netuid, sealed(payload(who), 9), 9)
    commit(chain, netuid, sealed(payload(who)))
    commit(chain, netuid, sealed(payload(who, "other"), 9), 9, by="other")
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    (queue,) = [queue for _, _, queue in chain[TimelockedCommits].timelocked_weight_commits.items()]
    assert [entry[0] for entry in queue] == [who("validator"), who("other")]
    assert weights(chain, netuid) == WEIGHTS
    assert weights(chain, netuid, 3) == ()


def test_of_several_commits_the_last_one_s_weights_stay(chain, who, netuid):
    commit(chain, netuid, sealed(payload(who, values=(1, 1))))
    commit(chain, netuid, sealed(payload(who)))
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == WEIGHTS
    assert len(chain.events(events.TimelockedWeightsRevealed)) == 2


LOST = {
    "not a ciphertext": lambda who: b"weights",
    "empty": lambda who: b"",
    "sealed to another round": lambda who: sealed(payload(who), 8),
    "changed": lambda who: sealed(payload(who))[:200] + b"\0" + sealed(payload(who))[201:],
    "an empty payload": lambda who: sealed(b""),
    "a payload cut short": lambda who: sealed(payload(who)[:-1]),
    "another's payload": lambda who: sealed(payload(who, "other")),
    "uids that are not there": lambda who: sealed(payload(who, uids=(0, 9))),
    "a uid twice": lambda who: sealed(payload(who, uids=(0, 0))),
    "a value too few": lambda who: sealed(payload(who, values=(1,))),
}


@pytest.mark.parametrize("case", LOST)
def test_what_does_not_open_or_pass_the_checks_is_lost_and_harms_nobody(chain, who, netuid, case):
    commit(chain, netuid, LOST[case](who))
    commit(chain, netuid, sealed(payload(who, "other")), by="other")
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == ()
    assert weights(chain, netuid, 3) == WEIGHTS
    assert chain.events(events.TimelockedWeightsRevealed) == [
        events.TimelockedWeightsRevealed(netuid, who("other"))
    ]
    assert queues(chain) == {}


def test_weights_are_refused_at_the_opening_as_if_they_were_set_then(chain, who, netuid):
    chain[Hyperparameters].weights_version_key[netuid] = 5
    for key, by in ((4, "validator"), (5, "other")):
        commit(chain, netuid, sealed(payload(who, by, version_key=key)), by=by)
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    assert (weights(chain, netuid), weights(chain, netuid, 3)) == ((), WEIGHTS)


def test_a_payload_of_an_old_client_has_no_hotkey(chain, who, netuid):
    commit(chain, netuid, sealed(OLD_PAYLOAD.encode(((0, 2), (2, 1), 0))))
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == WEIGHTS


def test_bytes_behind_the_payload_do_not_count(chain, who, netuid):
    commit(chain, netuid, sealed(payload(who) + b"more"))
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == WEIGHTS


def test_each_mechanism_has_commits_of_its_own_and_forgets_them_with_itself(chain, who, netuid):
    chain[Hyperparameters].max_allowed_uids[netuid] = 64
    chain[Mechanisms].set_count(netuid, 2)
    commits = TimelockedCommits.commit_timelocked_mechanism_weights
    chain.call(commits, netuid, 1, sealed(payload(who)), 7, VERSION, by="validator")
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    assert (weights(chain, netuid), weights(chain, netuid, mechanism=1)) == ((), WEIGHTS)
    chain.call(commits, netuid, 1, sealed(payload(who)), 7, VERSION, by="validator")
    chain[Mechanisms].set_count(netuid, 1)
    assert queues(chain) == {}


def test_the_first_form_of_the_call_is_of_the_first_version(chain, who, netuid):
    call = TimelockedCommits.commit_crv3_mechanism_weights
    chain.call(call, netuid, 0, sealed(payload(who)), 7, by="validator")
    assert list(queues(chain).values()) == [1]
    chain[Hyperparameters].commit_reveal_weights_version.set(5)
    with chain.refuses(errors.IncorrectCommitRevealVersion):
        chain.call(call, netuid, 0, sealed(payload(who)), 7, by="validator")


def test_ten_commits_of_a_hotkey_may_wait_in_an_epoch(chain, who, netuid):
    for _ in range(10):
        commit(chain, netuid, b"sealed")
    with chain.refuses(errors.TooManyUnrevealedCommits):
        commit(chain, netuid, b"sealed")
    commit(chain, netuid, b"sealed", by="other")
    to_epoch(chain, netuid)
    commit(chain, netuid, b"sealed")


def test_commits_are_refused_to_strangers_and_where_there_is_nothing_to_commit_to(chain, netuid, stranger):
    refusal = BadOrigin if stranger is NONE else errors.HotKeyNotRegisteredInSubNet
    call = TimelockedCommits.commit_timelocked_weights
    with chain.refuses(refusal):
        chain.call(call, netuid, b"sealed", 7, VERSION, by=stranger)
    with chain.refuses(errors.MechanismDoesNotExist):
        commit(chain, 99, b"sealed")
    with chain.refuses(errors.MechanismDoesNotExist):
        mechanism = TimelockedCommits.commit_timelocked_mechanism_weights
        chain.call(mechanism, netuid, 1, b"sealed", 7, VERSION, by="validator")


def test_commits_of_another_version_too_fast_or_where_they_are_off_are_refused(chain, netuid):
    for version in (3, 5):
        with chain.refuses(errors.IncorrectCommitRevealVersion):
            commit(chain, netuid, b"sealed", version=version)
    commit(chain, netuid, b"sealed")
    chain[Hyperparameters].weights_set_rate_limit[netuid] = 100
    with chain.refuses(errors.CommittingWeightsTooFast):
        commit(chain, netuid, b"sealed")
    chain[Hyperparameters].commit_reveal_weights_enabled[netuid] = False
    with chain.refuses(errors.CommitRevealDisabled):
        commit(chain, netuid, b"sealed")


def test_where_commit_reveal_was_switched_off_meanwhile_time_counts_from_the_opening(chain, who, netuid):
    chain.advance()
    commit(chain, netuid, sealed(payload(who)))
    committed_at = chain.number
    chain[Hyperparameters].commit_reveal_weights_enabled[netuid] = False
    publish(chain, OWN.pulse(7))
    to_epoch(chain, netuid)
    assert weights(chain, netuid) == WEIGHTS
    assert chain[Neurons].last_update[netuid][1] == chain.number > committed_at


def test_a_subnet_whose_epoch_is_put_off_keeps_its_commits_shut_until_it_runs(chain, who):
    first, second = prepare(chain), prepare(chain, "second_owner")
    chain[EpochSchedule].max_epochs_per_block.set(1)
    for netuid in (first, second):
        chain[EpochSchedule].last_epoch_block[netuid] = chain.number
        commit(chain, netuid, sealed(payload(who)))
    publish(chain, OWN.pulse(7))
    chain.advance(TEMPO)
    assert chain.events(events.EpochDeferred)
    assert (weights(chain, first), weights(chain, second)) == (WEIGHTS, ())
    permit(chain, second)
    chain.advance()
    assert weights(chain, second) == WEIGHTS


def test_a_commit_that_waits_keeps_new_neurons_out_of_its_votes(chain, netuid, who):
    chain.advance()
    commit(chain, netuid, b"sealed")
    uid, epoch, block = chain[Epoch]._commits(netuid, netuid)[0]
    assert (uid, epoch, block) == (1, chain[EpochSchedule].epoch_number(netuid), chain.number)


def test_direct_weights_stay_refused_while_commits_are_demanded(chain, netuid):
    with chain.refuses(errors.CommitRevealEnabled):
        chain.call(Weights.set_weights, netuid, (0, 2), (2, 1), 0, by="validator")
