"""Pulses that drand's public beacon published, and those of a beacon of our own."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.beacon import (
    PUBLIC_KEY_SIZE,
    SIGNATURE_SIZE,
    BeaconKey,
    MalformedPoint,
    Pulse,
    Schedule,
    chain_hash,
)

RECORDED = json.loads((Path(__file__).parents[1] / "vectors/drand/quicknet.json").read_text())
QUICKNET = bytes.fromhex(RECORDED["beacon"]["public_key"])
SCHEDULE = Schedule(RECORDED["beacon"]["genesis_time"], RECORDED["beacon"]["period"])
OWN = BeaconKey("//Own")


def recorded(entry: dict) -> Pulse:
    return Pulse(entry["round"], bytes.fromhex(entry["signature"]))


@pytest.mark.parametrize("entry", RECORDED["pulses"], ids=lambda entry: str(entry["round"]))
def test_a_public_pulse_is_signed_by_the_public_beacon_and_no_other(entry: dict) -> None:
    assert recorded(entry).is_signed_by(QUICKNET)
    assert not recorded(entry).is_signed_by(OWN.public_key)


@pytest.mark.parametrize("entry", RECORDED["pulses"], ids=lambda entry: str(entry["round"]))
def test_a_signature_is_for_one_round_only(entry: dict) -> None:
    assert not Pulse(entry["round"] + 1, recorded(entry).signature).is_signed_by(QUICKNET)


def test_randomness_is_the_hash_of_the_signature_as_published() -> None:
    published = [entry for entry in RECORDED["pulses"] if "randomness" in entry]
    assert published
    for entry in published:
        assert recorded(entry).randomness.hex() == entry["randomness"]


def test_the_hash_of_a_beacon_is_what_drand_computes() -> None:
    beacon = RECORDED["beacon"]
    group_hash = bytes.fromhex(beacon["group_hash"])
    assert chain_hash(QUICKNET, SCHEDULE, group_hash, beacon["beacon_id"].encode()).hex() == beacon["hash"]


@given(st.integers(0, 2**64 - 1))
def test_a_pulse_of_our_own_beacon_is_signed_by_it(round_number: int) -> None:
    pulse = OWN.pulse(round_number)
    assert pulse.is_signed_by(OWN.public_key)
    assert len(pulse.signature) == SIGNATURE_SIZE
    assert pulse.randomness == sha256(pulse.signature).digest()


def test_a_text_always_makes_the_same_key() -> None:
    assert BeaconKey("//Own").public_key == OWN.public_key != BeaconKey("//Other").public_key
    assert len(OWN.public_key) == PUBLIC_KEY_SIZE


INFINITY = b"\xc0" + bytes(SIGNATURE_SIZE - 1)


def test_the_point_at_infinity_signs_nothing() -> None:
    assert not Pulse(1, INFINITY).is_signed_by(OWN.public_key)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        INFINITY[:-1],
        OWN.pulse(1).signature + b"\0",
        bytes(SIGNATURE_SIZE),
        b"\x80" + bytes(46) + b"\x01",
    ],
    ids=["empty", "short", "long", "not compressed", "not of the group"],
)
def test_bytes_that_are_no_point_are_refused_with_the_bytes(signature: bytes) -> None:
    with pytest.raises(MalformedPoint) as refused:
        Pulse(1, signature).is_signed_by(OWN.public_key)
    assert refused.value.data == signature


def test_a_key_that_is_no_point_is_refused() -> None:
    with pytest.raises(MalformedPoint, match="no point of G2"):
        OWN.pulse(1).is_signed_by(bytes(PUBLIC_KEY_SIZE))


def test_rounds_come_a_period_apart_from_genesis_on() -> None:
    assert SCHEDULE.latest(SCHEDULE.genesis_time - 1) == 0
    assert SCHEDULE.latest(SCHEDULE.genesis_time) == 1
    assert SCHEDULE.latest(SCHEDULE.genesis_time + 3) == 2


@given(st.integers(1, 2**40))
def test_a_round_is_the_newest_from_its_time_until_the_next(round_number: int) -> None:
    published = SCHEDULE.published_at(round_number)
    assert SCHEDULE.latest(published) == SCHEDULE.latest(published + 2) == round_number


@given(st.integers(0, 2**40))
def test_the_first_round_from_a_time_on_is_not_before_it_and_less_than_a_period_after(time_s: int) -> None:
    first = SCHEDULE.first_from(time_s)
    assert SCHEDULE.published_at(first) >= time_s
    assert first == 1 or SCHEDULE.published_at(first - 1) < time_s
