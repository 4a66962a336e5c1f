"""Pulses of the public beacon and of our own: what is stored, what is refused, what is forgotten."""

import json
from pathlib import Path

import pytest

from ganglion.crypto.beacon import BeaconKey, Schedule
from ganglion.crypto.beacon import Pulse as SignedRound
from ganglion.frame.dispatch import BadOrigin, DispatchClass
from ganglion.frame.genesis import InvalidGenesis
from ganglion.frame.origin import NONE
from ganglion.frame.pallet import InherentData
from ganglion.pallets.drand import Drand
from ganglion.pallets.drand import pallet as drand
from ganglion.pallets.drand.types import (
    QUICKNET,
    BeaconConfigurationPayload,
    DrandGenesis,
    Pulse,
    PulsesPayload,
    Sr25519Signer,
)
from ganglion.runtime import runtime

RECORDED = json.loads((Path(__file__).parents[1] / "vectors/drand/quicknet.json").read_text())
PUBLIC = {
    entry["round"]: SignedRound(entry["round"], bytes.fromhex(entry["signature"]))
    for entry in RECORDED["pulses"]
}
OWN = BeaconKey("//Own")
KEY = f"0x{OWN.public_key.hex()}"
AUTHOR = Sr25519Signer(bytes(32))
CONSECUTIVE = (32_285_085, 32_285_086)


@pytest.fixture
def own(make_chain):
    """A chain that listens to our own beacon."""
    return make_chain({"Drand": {"public_key": KEY}})


def payload(*pulses):
    return PulsesPayload(1, tuple(Pulse.of(p) if isinstance(p, SignedRound) else p for p in pulses), AUTHOR)


def write(chain, *pulses):
    chain.call(Drand.write_pulse, payload(*pulses), None, by=NONE)


def write_own(chain, *rounds):
    write(chain, *map(OWN.pulse, rounds))


def stored(chain):
    return sorted(chain[Drand].pulses.keys())


@pytest.mark.parametrize("round_number", sorted(PUBLIC))
def test_a_chain_listens_to_the_public_beacon_unless_told_otherwise(chain, round_number):
    write(chain, PUBLIC[round_number])
    assert chain[Drand].signature_of(round_number) == PUBLIC[round_number].signature
    assert chain[Drand].last_stored_round.get() == chain[Drand].oldest_stored_round.get() == round_number
    assert chain.events(Drand.NewPulse) == [Drand.NewPulse((round_number,))]


def test_what_is_known_of_the_public_beacon_is_what_it_publishes():
    beacon = RECORDED["beacon"]
    for field in ("public_key", "hash", "group_hash"):
        assert getattr(QUICKNET, field).hex() == beacon[field]
    assert (QUICKNET.period, QUICKNET.genesis_time) == (beacon["period"], beacon["genesis_time"])
    assert QUICKNET.scheme_id == beacon["scheme_id"].encode()


def test_the_randomness_stored_is_as_published(chain):
    write(chain, PUBLIC[1_000])
    assert chain[Drand].pulses[1_000].randomness.hex() == RECORDED["pulses"][0]["randomness"]


def test_consecutive_pulses_are_stored_together(chain):
    write(chain, *map(PUBLIC.get, CONSECUTIVE))
    assert stored(chain) == list(CONSECUTIVE)
    assert chain.events(Drand.NewPulse) == [Drand.NewPulse(CONSECUTIVE)]


def test_a_private_chain_listens_to_its_own_beacon_only(own):
    write(own, PUBLIC[1_000])
    assert stored(own) == []
    write_own(own, 7)
    assert stored(own) == [7]


@pytest.mark.parametrize(
    "forged",
    [
        SignedRound(8, OWN.pulse(7).signature),
        BeaconKey("//Other").pulse(8),
        SignedRound(8, b"\xc0" + bytes(47)),
        Pulse(8, bytes(32), OWN.pulse(8).signature),
    ],
    ids=["of another round", "of another beacon", "infinity", "with false randomness"],
)
def test_what_the_beacon_did_not_publish_is_passed_over(own, forged):
    write_own(own, 7)
    own.advance()
    write(own, forged)
    assert stored(own) == [7]
    assert own.events(Drand.NewPulse) == []
    write(own, forged, OWN.pulse(8))
    assert own.events(Drand.NewPulse) == [Drand.NewPulse((8,))]


@pytest.mark.parametrize("signature", [b"", bytes(48), OWN.pulse(8).signature + b"\0", b"\xff" * 144])
def test_a_signature_that_cannot_be_read_refuses_the_whole_call(own, signature):
    with own.refuses(Drand.PulseVerificationError):
        write(own, OWN.pulse(7), SignedRound(8, signature))


@pytest.mark.parametrize("rounds", [(7,), (6,), (9,), (8, 10), (8, 8)])
def test_a_round_that_does_not_follow_is_refused_and_nothing_is_stored(own, rounds):
    write_own(own, 7)
    with own.refuses(Drand.InvalidRoundNumber):
        write_own(own, *rounds)


def test_pulses_that_come_first_need_only_rise(own):
    write_own(own, 7, 9)
    assert stored(own) == [7, 9]
    assert own[Drand].oldest_stored_round.get() == 7
    with own.refuses(Drand.InvalidRoundNumber):
        write_own(own, 11)


def test_round_zero_is_never_stored(own):
    with own.refuses(Drand.InvalidRoundNumber):
        write_own(own, 0)


def test_a_call_without_pulses_stores_and_tells_nothing(own):
    write(own)
    assert own.events(Drand.NewPulse) == []
    assert own[Drand].last_stored_round.get() == own[Drand].oldest_stored_round.get() == 0


def test_old_pulses_are_forgotten_a_hundred_a_call(own, monkeypatch):
    monkeypatch.setattr(drand, "MAX_KEPT_PULSES", 3)
    monkeypatch.setattr(drand, "MAX_REMOVED_PULSES", 2)
    write_own(own, *range(1, 7))
    assert stored(own) == [3, 4, 5, 6]
    write_own(own, 7)
    assert stored(own) == [5, 6, 7]
    assert own[Drand].oldest_stored_round.get() == 5
    assert own[Drand].is_past(4)
    assert not own[Drand].is_past(5)


def test_nothing_is_past_before_the_first_pulse(chain):
    assert not chain[Drand].is_past(0)


def test_the_author_brings_pulses_as_an_inherent_and_nothing_without(own):
    assert own[Drand].inherent(InherentData(0)) is None
    call = own[Drand].inherent(InherentData(0, pulses=(OWN.pulse(7), OWN.pulse(8))))
    own.world.dispatch(call, NONE)
    assert stored(own) == [7, 8]


def test_pulses_are_mandatory_and_weigh_by_their_number():
    calls = [runtime().call(Drand.write_pulse, payload(*map(OWN.pulse, range(n))), None) for n in (1, 2)]
    one, two = map(runtime().info, calls)
    assert one.class_ is two.class_ is DispatchClass.Mandatory
    assert two.weight.ref_time - one.weight.ref_time > 4_294_000_000


@pytest.mark.parametrize("by", ["signed", "root"])
def test_nobody_but_the_author_writes_pulses(own, root, by):
    with own.refuses(BadOrigin):
        own.call(Drand.write_pulse, payload(OWN.pulse(7)), None, by=root if by == "root" else "author")


def test_root_makes_the_chain_listen_to_another_beacon(chain, root):
    config = DrandGenesis(OWN.public_key).configuration()
    chain.call(Drand.set_beacon_config, BeaconConfigurationPayload(1, config, AUTHOR), None, by=root)
    assert chain.events(Drand.BeaconConfigChanged)
    assert chain[Drand].beacon_config.get() == config
    write_own(chain, 7)
    assert stored(chain) == [7]


def test_root_corrects_the_oldest_round(own, root):
    own.call(Drand.set_oldest_stored_round, 9, by=root)
    assert own[Drand].oldest_stored_round.get() == 9
    assert own.events(Drand.SetOldestStoredRound) == [Drand.SetOldestStoredRound(9)]


def test_strangers_set_nothing(chain, stranger):
    config = DrandGenesis(OWN.public_key).configuration()
    with chain.refuses(BadOrigin):
        chain.call(Drand.set_beacon_config, BeaconConfigurationPayload(1, config, AUTHOR), None, by=stranger)
    with chain.refuses(BadOrigin):
        chain.call(Drand.set_oldest_stored_round, 9, by=stranger)


def test_a_beacon_whose_key_is_no_point_verifies_nothing(chain, root):
    config = DrandGenesis(b"\x01").configuration()
    chain.call(Drand.set_beacon_config, BeaconConfigurationPayload(1, config, AUTHOR), None, by=root)
    with chain.refuses(Drand.PulseVerificationError):
        write_own(chain, 7)


@pytest.mark.parametrize(
    ("given", "place"),
    [({"public_key": "0x01"}, "Drand.public_key"), ({"public_key": KEY, "period": 0}, "Drand.period")],
)
def test_no_chain_begins_with_a_beacon_that_cannot_be(make_chain, given, place):
    with pytest.raises(InvalidGenesis, match=place):
        make_chain({"Drand": given})


def test_a_beacon_of_our_own_has_the_public_beacon_s_rounds_unless_told_otherwise(own, make_chain):
    config = own[Drand].beacon_config.get()
    assert config.schedule == QUICKNET.schedule
    assert (config.scheme_id, config.metadata.beacon_id) == (QUICKNET.scheme_id, b"local")
    assert config.hash != QUICKNET.hash
    other = make_chain({"Drand": {"public_key": KEY, "period": 1, "genesis_time": 5}})
    assert other[Drand].beacon_config.get().schedule == Schedule(5, 1)
