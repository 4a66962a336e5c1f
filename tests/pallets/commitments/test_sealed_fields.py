"""Commitments sealed to a round of the beacon: opened, marked as failed, or waiting."""

import json
from hashlib import blake2b
from pathlib import Path

import bittensor_core
import pytest

from ganglion.crypto.beacon import BeaconKey, Pulse
from ganglion.crypto.timelock import seal
from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE
from ganglion.frame.runtime import Runtime
from ganglion.pallets.commitments import Commitments, sealed_fields
from ganglion.pallets.commitments.data import CommitmentInfo, Data, RevealFailure
from ganglion.pallets.commitments.sealed_fields import CannotReveal, SealedFields, reveal
from ganglion.pallets.drand import Drand
from ganglion.pallets.drand.types import Pulse as WirePulse
from ganglion.pallets.drand.types import PulsesPayload, Sr25519Signer
from ganglion.scale import Codecs
from ganglion.scale.types import Bytes, u64

OWN = BeaconKey("//Own")
RECORDED = json.loads((Path(__file__).parents[2] / "vectors/drand/quicknet.json").read_text())
PUBLIC = {entry["round"]: bytes.fromhex(entry["signature"]) for entry in RECORDED["pulses"]}
ENVELOPE = Codecs().of(tuple[Bytes, u64])


@pytest.fixture(scope="session")
def commitments_runtime(subtensor_runtime):
    """The economy's pallets and Commitments."""
    pallets = {assembled.index: assembled.pallet for assembled in subtensor_runtime.pallets}
    return Runtime(subtensor_runtime.version, pallets | {18: Commitments}, crate="test_runtime")


@pytest.fixture
def chain(chain_on, commitments_runtime):
    """A chain that listens to our own beacon."""
    return chain_on(commitments_runtime, {"Drand": {"public_key": f"0x{OWN.public_key.hex()}"}})


@pytest.fixture
def netuid(chain):
    return prepare(chain)


def prepare(chain):
    netuid = chain.subnet()
    chain.neuron(netuid, "miner")
    return netuid


def random_bytes(size):
    return blake2b(b"known", digest_size=size).digest()


def sealed(message=b"answer", round_number=7):
    return Data.timelock(seal(message, OWN.public_key, round_number, random_bytes), round_number)


def commit(chain, netuid, *fields, by="miner"):
    chain.call(Commitments.set_commitment, netuid, CommitmentInfo(fields), by=by)


def publish(chain, *pulses):
    said = PulsesPayload(chain.number, tuple(map(WirePulse.of, pulses)), Sr25519Signer(bytes(32)))
    chain.call(Drand.write_pulse, said, None, by=NONE)


def fields(chain, netuid, who, name="miner"):
    commitment = chain[Commitments].commitment_of[netuid, who(name)]
    return None if commitment is None else commitment.info.fields


def opened(chain, netuid, who, name="miner"):
    return chain[SealedFields].revealed_commitments[netuid, who(name)]


def indexed(chain):
    return chain[SealedFields].timelocked_index.get()


def test_a_sealed_field_is_told_with_its_round_and_waits_for_the_pulse(chain, who, netuid):
    commit(chain, netuid, sealed())
    told = Commitments.TimelockCommitment(netuid, who("miner"), 7)
    assert chain.events(Commitments.TimelockCommitment) == [told]
    chain.advance(3)
    assert fields(chain, netuid, who) == (sealed(),)
    assert indexed(chain) == {(netuid, who("miner"))}


def test_the_block_after_the_pulse_opens_it_and_the_commitment_is_gone(chain, who, netuid):
    commit(chain, netuid, sealed())
    publish(chain, OWN.pulse(7))
    chain.advance()
    assert opened(chain, netuid, who) == ((b"answer", chain.number),)
    assert chain.events(SealedFields.CommitmentRevealed) == [
        SealedFields.CommitmentRevealed(netuid, who("miner"))
    ]
    assert fields(chain, netuid, who) is None
    assert indexed(chain) == frozenset()


@pytest.mark.parametrize("round_number", sorted(PUBLIC))
@pytest.mark.parametrize("portable", [False, True], ids=["inner", "portable"])
def test_what_the_client_seals_to_the_public_beacon_opens_with_the_public_pulse(
    chain_on, commitments_runtime, who, round_number, portable
):
    chain = chain_on(commitments_runtime)
    netuid = prepare(chain)
    data, _ = bittensor_core.encrypt_at_round(b"answer", round_number)
    content = bytes(data if portable else bittensor_core.inner_ciphertext(data))
    commit(chain, netuid, Data.timelock(content, round_number))
    publish(chain, Pulse(round_number, PUBLIC[round_number]))
    chain.advance()
    assert opened(chain, netuid, who) == ((b"answer", chain.number),)


def test_other_fields_stay_and_later_rounds_wait(chain, who, netuid):
    commit(chain, netuid, sealed(), Data.raw(b"plain"), sealed(b"later", 8))
    publish(chain, OWN.pulse(7))
    chain.advance()
    assert fields(chain, netuid, who) == (Data.raw(b"plain"), sealed(b"later", 8))
    assert indexed(chain) == {(netuid, who("miner"))}
    publish(chain, OWN.pulse(8))
    chain.advance()
    assert fields(chain, netuid, who) == (Data.raw(b"plain"),)
    assert [content for content, _ in opened(chain, netuid, who)] == [b"answer", b"later"]
    assert indexed(chain) == frozenset()


def test_the_ten_latest_openings_are_kept(chain, who, netuid):
    chain[Commitments].max_space.set(100_000)
    publish(chain, OWN.pulse(7))
    for number in range(4):
        commit(chain, netuid, *(sealed(bytes([number, field])) for field in range(3)))
        chain.advance()
    kept = [content for content, _ in opened(chain, netuid, who)]
    assert kept == [bytes([number, field]) for number in range(4) for field in range(3)][-10:]


def test_a_new_commitment_without_sealed_fields_takes_the_place_of_the_old(chain, who, netuid):
    commit(chain, netuid, sealed())
    commit(chain, netuid, Data.raw(b"plain"))
    publish(chain, OWN.pulse(7))
    chain.advance()
    assert opened(chain, netuid, who) is None
    assert indexed(chain) == frozenset()


WRONG = {
    RevealFailure.CiphertextDeserialize: Data.timelock(b"no ciphertext", 7),
    RevealFailure.Decrypt: Data.timelock(sealed(round_number=8).content, 7),
    RevealFailure.EmptyPlaintext: sealed(b""),
    RevealFailure.RoundMismatch: Data.timelock(ENVELOPE.encode((sealed().content, 8)), 7),
    RevealFailure.PulseExpired: sealed(round_number=6),
}


@pytest.mark.parametrize("failure", WRONG, ids=lambda failure: failure.name)
def test_what_cannot_be_opened_stays_marked_as_failed_and_is_not_tried_again(chain, who, netuid, failure):
    field = WRONG[failure]
    commit(chain, netuid, field, Data.raw(b"plain"))
    publish(chain, OWN.pulse(7))
    chain.advance()
    assert chain.events(SealedFields.CommitmentRevealFailed) == [
        SealedFields.CommitmentRevealFailed(netuid, who("miner"), field.reveal_round, failure)
    ]
    assert fields(chain, netuid, who) == (field.failed, Data.raw(b"plain"))
    assert opened(chain, netuid, who) is None
    assert indexed(chain) == frozenset()
    chain.advance()
    assert not chain.events(SealedFields.CommitmentRevealFailed)


def test_a_signature_that_is_no_point_opens_nothing():
    with pytest.raises(CannotReveal) as refused:
        reveal(sealed(), bytes(48))
    assert refused.value.failure is RevealFailure.SignatureDeserialize


def test_a_failure_does_not_keep_others_from_opening(chain, who, netuid):
    chain.neuron(netuid, "other")
    commit(chain, netuid, Data.timelock(b"no ciphertext", 7), sealed())
    commit(chain, netuid, sealed(b"other"), by="other")
    publish(chain, OWN.pulse(7))
    chain.advance()
    assert opened(chain, netuid, who) == ((b"answer", chain.number),)
    assert opened(chain, netuid, who, "other") == ((b"other", chain.number),)


def test_nobody_writes_the_mark_of_a_failure_himself(chain, netuid):
    with chain.refuses(Commitments.TimelockRevealFailedNotAllowed):
        commit(chain, netuid, sealed().failed)


def test_a_block_that_has_opened_enough_leaves_the_rest_to_the_next(chain, who, netuid, monkeypatch):
    monkeypatch.setattr(sealed_fields, "MAX_OPENED", 2)
    names = ("miner", "second", "third")
    for name in names[1:]:
        chain.neuron(netuid, name)
    for name in names:
        commit(chain, netuid, sealed(), by=name)
    publish(chain, OWN.pulse(7))
    first, second, last = sorted(names, key=who)
    chain.advance()
    assert chain[SealedFields].timelock_reveal_cursor.get() == (netuid, who(second))
    assert indexed(chain) == {(netuid, who(last))}
    chain.advance()
    assert chain[SealedFields].timelock_reveal_cursor.get() is None
    assert [opened(chain, netuid, who, name)[0][1] for name in (first, second, last)] == [
        chain.number - 1,
        chain.number - 1,
        chain.number,
    ]


def test_who_has_no_neuron_seals_nothing(chain, netuid, stranger):
    refusal = BadOrigin if stranger is NONE else Commitments.AccountNotAllowedCommit
    with chain.refuses(refusal):
        chain.call(Commitments.set_commitment, netuid, CommitmentInfo((sealed(),)), by=stranger)


def test_a_subnet_that_is_forgotten_takes_its_sealed_and_opened_fields_along(chain, who, netuid):
    commit(chain, netuid, sealed(), sealed(b"later", 8))
    publish(chain, OWN.pulse(7))
    chain.advance()
    chain[Commitments].forget_subnet(netuid)
    assert (opened(chain, netuid, who), indexed(chain)) == (None, frozenset())
