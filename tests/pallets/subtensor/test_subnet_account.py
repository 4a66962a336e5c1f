from hypothesis import given
from hypothesis import strategies as st

from ganglion.pallets.subtensor.subnet_account import netuid_of_account, subnet_account


def test_the_account_of_a_subnet_is_derived_from_the_pallets_name():
    assert subnet_account(1) == b"modlsubtensr\x01" + bytes(19)


@given(st.integers(0, 65_535))
def test_a_subnets_account_names_its_subnet(netuid):
    assert netuid_of_account(subnet_account(netuid)) == netuid


@given(st.binary(min_size=32, max_size=32))
def test_no_other_account_is_taken_for_a_subnets(account):
    netuid = netuid_of_account(account)
    assert netuid is None or subnet_account(netuid) == account
