"""Addresses: known vectors, round trips and refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto import ss58

ALICE = bytes.fromhex("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d")
ALICE_ADDRESS = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
ALICE_ON_POLKADOT = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"


def test_alice_has_her_well_known_addresses():
    assert ss58.encode(ALICE) == ALICE_ADDRESS
    assert ss58.encode(ALICE, 0) == ALICE_ON_POLKADOT
    assert ss58.decode(ALICE_ADDRESS) == ALICE


@given(st.binary(min_size=32, max_size=32), st.sampled_from([0, 2, 42, 63, 255]))
def test_every_account_survives_a_round_trip_in_every_registered_format(account, ss58_format):
    assert ss58.decode(ss58.encode(account, ss58_format), ss58_format) == account


def test_an_address_of_another_network_is_refused_as_foreign():
    with pytest.raises(ss58.ForeignAddress) as refusal:
        ss58.decode(ALICE_ON_POLKADOT)
    assert (refusal.value.address, refusal.value.expected) == (ALICE_ON_POLKADOT, 42)


@pytest.mark.parametrize("text", ["", "5Gr", ALICE_ADDRESS[:-1] + "Z", ALICE_ADDRESS + " ", "é" * 48, "0OIl"])
def test_text_that_is_no_address_is_refused_with_the_text(text):
    with pytest.raises(ss58.InvalidAddress) as refusal:
        ss58.decode(text)
    assert refusal.value.address == text


@pytest.mark.parametrize(("account", "form"), [(ALICE[:31], 42), (ALICE, -1), (ALICE, 46), (ALICE, 16_384)])
def test_an_account_without_address_is_refused(account, form):
    with pytest.raises(ss58.InvalidAccount):
        ss58.encode(account, form)
