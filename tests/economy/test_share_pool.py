import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.decimal_float import ZERO, DecimalFloat, from_u64
from ganglion.economy.errors import OutOfRange
from ganglion.economy.share_pool import SharePool

amounts = st.integers(0, 21 * 10**15)
steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "dividend"]), st.integers(0, 3), amounts), max_size=40
)


class Stakers:
    """A pool with its shares by name, as a pallet would keep them: zero shares are not stored."""

    def __init__(self):
        self.pool = SharePool()
        self.shares = {}

    def step(self, action, *args):
        if action == "dividend":
            self.pool = self.pool.pay_dividend(*args)
            return None
        if action == "can_add":
            return self.pool.accepts(*args)
        name, amount = args
        share = self.shares.get(name, ZERO)
        result = self.pool.covers(share, amount) if action == "remove" else None
        self.pool, share = getattr(self.pool, action)(share, amount)
        self.shares.pop(name, None)
        if share:
            self.shares[name] = share
        return result


@pytest.mark.vectors("b_share_pool", "pool")
def test_every_step_of_every_pool_matches(given, expected):
    stakers = Stakers()
    for step in expected:
        assert stakers.step(*step["step"]) == step["result"]
        denominator = stakers.pool.denominator
        assert stakers.pool.value == step["value"]
        assert [denominator.mantissa, denominator.exponent] == step["denominator"]
        shares = {name: [share.mantissa, share.exponent] for name, share in stakers.shares.items()}
        assert shares == step["shares"]
        assert {name: stakers.pool.stake(share) for name, share in stakers.shares.items()} == step["stake"]


@draw(steps)
def test_stakes_sum_to_at_most_the_value_but_for_the_last_digit(plan):
    stakers = Stakers()
    for action, name, amount in plan:
        stakers.step(action, *((amount,) if action == "dividend" else (name, amount)))
    if stakers.pool.denominator:
        total = sum(stakers.pool.stake(share) for share in stakers.shares.values())
        assert total <= stakers.pool.value + len(plan)


@draw(amounts, amounts)
def test_the_first_staker_owns_what_is_already_there(lost, amount):
    pool, share = SharePool(value=lost).add(ZERO, amount)
    assert pool.stake(share) == (lost + amount if amount else 0)


@draw(amounts.filter(bool), amounts)
def test_removing_more_than_held_changes_nothing(held, excess):
    pool, share = SharePool().add(ZERO, held)
    assert pool.remove(share, held + 1 + excess) == (pool, share)
    assert pool.remove(ZERO, 0) == (pool, ZERO)


def test_a_pool_with_shares_but_no_value_accepts_nothing():
    assert not SharePool(value=0, denominator=from_u64(5)).accepts(10**9)


def test_values_saturate_at_u64():
    full = SharePool(value=2**64 - 2, denominator=DecimalFloat(10**21, 0))
    assert full.pay_dividend(5).value == 2**64 - 1
    assert full.add(ZERO, 5)[0].value == 2**64 - 1


@pytest.mark.parametrize("move", ["add", "remove"])
def test_amounts_outside_u64_are_refused(move):
    with pytest.raises(OutOfRange):
        getattr(SharePool(), move)(ZERO, 2**64)
