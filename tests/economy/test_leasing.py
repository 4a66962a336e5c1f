import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.leasing import contributors_part, lease_share, split_dividends, split_refund

rao = st.integers(0, 21 * 10**15)
contributions = st.lists(st.integers(1, 10**15), min_size=1, max_size=20)


def shares_of(paid):
    # The first contributor is the beneficiary, who holds no share.
    return [lease_share(each, sum(paid)) for each in paid[1:]]


@draw(rao, contributions)
def test_a_refund_is_given_back_whole(left_over, paid):
    refunds, beneficiary = split_refund(left_over, shares_of(paid))
    assert sum(refunds) + beneficiary == left_over


@draw(rao, contributions)
def test_dividends_round_up_for_contributors(alpha, paid):
    payouts, beneficiary = split_dividends(alpha, shares_of(paid))
    assert alpha <= sum(payouts) + beneficiary <= alpha + len(payouts)
    for payout, each in zip(payouts, paid[1:], strict=True):
        assert alpha * each // sum(paid) <= payout <= -(-alpha * each // sum(paid))


@pytest.mark.parametrize(("cut", "percent", "part"), [(100, 30, 30), (101, 30, 31), (1, 1, 1), (0, 50, 0)])
def test_the_contributors_part_rounds_up(cut, percent, part):
    assert contributors_part(cut, percent) == part


def test_more_than_all_of_the_cut_is_refused():
    with pytest.raises(OutOfRange):
        contributors_part(100, 101)
