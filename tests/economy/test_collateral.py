import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.collateral import (
    MAX_LOCK_SHARE,
    Charge,
    Collateral,
    joint,
    purchase_limit,
    registration_charge,
    settled,
    worth,
)
from ganglion.economy.errors import OutOfRange
from ganglion.fixed import U64F64

TAO = 10**9
ONE = U64F64.one
amounts = st.integers(0, 21 * 10**15)
ratios = st.integers(1, 10 * ONE)
positions = st.builds(Collateral, amounts, ratios, amounts, amounts)


@draw(amounts, amounts, ratios)
def test_without_a_share_the_whole_price_is_burnt(cost, locked, price):
    assert registration_charge(cost, 0, locked, price) == Charge(cost)


@draw(amounts, st.integers(1, MAX_LOCK_SHARE))
def test_a_first_registration_costs_the_price_and_burns_some_of_it(cost, share):
    charge = registration_charge(cost, share, 0, ONE)
    assert charge.total == cost
    assert charge.burned >= cost * (65_535 - share) // 65_535


def test_standing_collateral_counts_at_the_moving_price():
    half_price = ONE // 2
    assert registration_charge(2 * TAO, 32_768, TAO, half_price).bonded == 500_015_259
    assert registration_charge(2 * TAO, 32_768, 3 * TAO, half_price).bonded == 0


@draw(st.builds(Charge, amounts, amounts), amounts)
def test_the_bond_never_gets_more_than_was_bought(charge, bought):
    assert 0 <= charge.bonded_part(bought) <= bought


def test_a_charge_of_nothing_bonds_nothing():
    assert Charge(0).bonded_part(5) == 0


def test_bonds_are_bought_up_to_five_percent_above_spot():
    assert purchase_limit(2 * ONE) == 2_099_999_999  # floored twice
    assert purchase_limit(0) == 0


@draw(positions, amounts, amounts)
def test_settling_drains_to_the_floor_or_captures_up_to_it(position, earned, capturable):
    after, captured = settled(position, earned, capturable)
    assert after.earned == position.earned + earned
    assert after.floor == position.floor
    if position.locked < position.floor:
        assert after.locked == position.locked + captured <= position.floor
        assert captured <= capturable
    else:
        assert captured == 0
        assert position.floor <= after.locked <= position.locked
        assert position.locked - after.locked <= worth(earned, position.drain_ratio)


def test_half_a_unit_drains_for_each_unit_earned():
    after, _ = settled(Collateral(1_000, ONE // 2), 600, 0)
    assert after == Collateral(700, ONE // 2, 0, 600)


@draw(positions, positions)
def test_joint_positions_add_up_and_drain_at_the_slower_rate(position, other):
    both = joint(position, other)
    assert both.locked == position.locked + other.locked
    assert both.drain_ratio == min(position.drain_ratio, other.drain_ratio)
    assert joint(other, position) == both


def test_a_position_without_lock_and_floor_is_empty():
    assert not Collateral(earned=5)
    assert Collateral(floor=1)
    assert Collateral(locked=1)


def test_a_share_above_the_whole_is_refused():
    with pytest.raises(OutOfRange):
        registration_charge(1, 65_536, 0, ONE)
