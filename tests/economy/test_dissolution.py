import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.dissolution import dissolve, owner_refund

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


def test_an_owner_is_refunded_the_lock_less_what_was_earned():
    one = 1 << 64
    assert owner_refund(100, 1_000, 0, one) == 100
    assert owner_refund(1_000, 1_000, 65_535, one) == 0
    assert owner_refund(1_000, 1_000, 6_553, one // 2) == 1_000 - 49


@draw(alpha, alpha, st.integers(0, 65_535), st.integers(0, 1 << 70))
def test_a_refund_is_never_more_than_the_lock(lock, issuance, cut, price):
    assert 0 <= owner_refund(lock, issuance, cut, price) <= lock
