import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.dissolution import dissolve

alpha = st.integers(0, 21 * 10**15)


@pytest.mark.vectors("c_subnet_price", "dissolve")
def test_payouts_match(given, expected):
    result = dissolve(given["pot"], given["stakes"], given["protocol_alpha"])
    assert list(result.payouts) == expected["payouts"]
    assert result.protocol == expected["protocol"]


@draw(alpha, st.lists(alpha, max_size=20), alpha)
def test_the_whole_pot_is_paid_to_the_last_rao(pot, stakes, protocol_alpha):
    result = dissolve(pot, stakes, protocol_alpha)
    paid = sum(result.payouts) + result.protocol
    assert paid == (pot if sum(stakes) + protocol_alpha else 0)


@draw(alpha, st.lists(alpha, min_size=1, max_size=20), alpha)
def test_nobody_is_off_by_a_whole_rao(pot, stakes, protocol_alpha):
    total = sum(stakes) + protocol_alpha
    for stake, payout in zip(stakes, dissolve(pot, stakes, protocol_alpha).payouts, strict=True):
        assert abs(payout * total - pot * stake) < max(total, 1)
