import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.fractions import fraction_u64
from ganglion.economy.payout import (
    DividendClaim,
    Pots,
    distribute_pots,
    split_block,
    split_take,
    withheld_proportion,
)
from ganglion.fixed import U96F32

alpha = st.integers(0, 21 * 10**15)
u16s = st.integers(0, 65535)
fractions = st.integers(0, 2**32)
claims = st.lists(st.builds(DividendClaim, alpha, alpha, alpha), max_size=20)


@pytest.mark.vectors("f_epoch_payout", "block_split")
def test_block_splits_match(given, expected):
    cut = given["owner_cut"] if given["cut_enabled"] else 0
    pots = split_block(given["alpha_out_x32"], cut, given["root_proportion_x32"])
    assert {name: getattr(pots, name) for name in expected} == expected


@pytest.mark.vectors("f_epoch_payout", "dividends")
def test_dividends_match(given, expected):
    hotkeys = [DividendClaim(**hotkey) for hotkey in given["hotkeys"].values()]
    paid = distribute_pots(
        hotkeys, given["validator_alpha"], given["root_alpha"], fraction_u64(given["tao_weight"])
    )
    assert dict(zip(given["hotkeys"], (each.alpha for each in paid), strict=True)) == expected["alpha_x32"]
    assert dict(zip(given["hotkeys"], (each.root for each in paid), strict=True)) == expected["root_x32"]


@pytest.mark.vectors("f_epoch_payout", "take")
def test_takes_match(given, expected):
    assert split_take(given["amount_x32"], given["take"]) == (expected["take"], expected["rest"])


@pytest.mark.vectors("f_epoch_payout", "withheld")
def test_withheld_proportions_match(given, expected):
    assert withheld_proportion(given["to_owner"], given["all_miners"]) == expected["proportion_x32"]


@draw(st.integers(0, 10**9), u16s, fractions)
def test_a_block_loses_at_most_a_unit_per_pot(amount, cut, proportion):
    pots = split_block(U96F32.from_int(amount), cut, proportion)
    assert amount - 4 <= pots.owner + pots.budget <= amount


@draw(claims, alpha, alpha)
def test_pots_are_never_overdrawn(hotkeys, validator_pot, root_pot):
    paid = distribute_pots(hotkeys, validator_pot, root_pot, fraction_u64(2**60))
    assert sum(each.alpha for each in paid) <= U96F32.from_int(validator_pot)
    assert sum(each.root for each in paid) <= U96F32.from_int(root_pot)


@draw(st.integers(0, 2**128 - 1), u16s)
def test_a_take_and_its_rest_lose_at_most_one_unit(amount, take):
    taken, rest = split_take(amount, take)
    if U96F32.floor(amount) < 2**64:
        assert U96F32.floor(amount) - 1 <= taken + rest <= U96F32.floor(amount)


def test_validators_get_the_server_pot_only_when_no_miner_earned():
    pots = Pots(owner=1, server=20, validator=300, root=4000)
    assert (pots.validator_pot(1), pots.validator_pot(0)) == (300, 320)
    assert pots.budget == 4320


def test_pots_gather_block_by_block_and_saturate():
    assert Pots(1, 2, 3, 4) + Pots(10, 20, 30, 2**64 - 1) == Pots(11, 22, 33, 2**64 - 1)


@pytest.mark.parametrize("cut", [-1, 65536])
def test_a_cut_outside_u16_is_refused(cut):
    with pytest.raises(OutOfRange):
        split_block(1, cut, 0)
