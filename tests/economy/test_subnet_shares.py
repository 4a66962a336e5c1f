import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.subnet_shares import SubnetStanding, emission_shares, root_may_sell, subnet_emissions
from ganglion.fixed import U64F64, U96F32

standings = st.lists(
    st.builds(SubnetStanding, st.integers(0, 2**40), st.integers(0, 2**32), st.booleans()), max_size=40
)


@pytest.mark.vectors("e_subnet_emission", "subnet_emission")
def test_shares_and_tao_match(given, expected):
    subnets = [
        SubnetStanding(*each)
        for each in zip(
            given["moving_price_x32"], given["miner_burned_x32"], given["emission_enabled"], strict=True
        )
    ]
    assert list(emission_shares(subnets)) == expected["share_x64"]
    assert list(subnet_emissions(given["block_emission"], subnets)) == expected["tao_x32"]
    assert root_may_sell(given["moving_price_x32"]) == expected["root_sell"]


@draw(st.integers(0, 2**64 - 1), standings)
def test_subnets_never_get_more_than_the_block_emits(emission, subnets):
    assert sum(subnet_emissions(emission, subnets)) <= U96F32.from_int(emission)


@draw(standings)
def test_shares_sum_to_one_but_for_a_bit_each(subnets):
    shares = emission_shares(subnets)
    assert not any(shares) or U64F64.one - len(shares) <= sum(shares) <= U64F64.one


@draw(standings)
def test_a_switched_off_subnet_gets_nothing(subnets):
    for subnet, tao in zip(subnets, subnet_emissions(10**9, subnets), strict=True):
        assert subnet.emission_enabled or tao == 0
