import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.emission import (
    BASE_EMISSION_RAO,
    SUPPLY_CAP_RAO,
    Period,
    block_emission,
    halving_path,
    halving_thresholds,
)
from ganglion.economy.errors import OutOfRange

u64s = st.integers(0, 2**64 - 1)


def test_every_published_issuance_has_its_emission(vectors):
    for case in vectors("emission.json")["cases"]:
        assert block_emission(case["issuance"]) == case["block_emission"], case


def test_the_drop_is_exactly_at_each_threshold(vectors):
    for step in vectors("emission.json")["thresholds"]:
        first = step["first_issuance"]
        emissions = [block_emission(first + offset) for offset in (-1, 0, 1)]
        assert emissions == [step["before"], step["at"], step["after"]], step


def test_thresholds_are_the_published_ones(vectors):
    published = [(step["first_issuance"], step["at"]) for step in vectors("emission.json")["thresholds"]]
    assert list(halving_thresholds()) == published


@pytest.mark.vectors("e_subnet_emission", "alpha_emission")
def test_alpha_follows_the_same_curve(given, expected):
    assert block_emission(given["alpha_issuance"]) == expected["per_block"]


@draw(u64s, u64s)
def test_more_issuance_never_means_more_emission(one, other):
    less, more = sorted((one, other))
    assert BASE_EMISSION_RAO >= block_emission(less) >= block_emission(more) >= 0


@draw(st.integers(0, SUPPLY_CAP_RAO))
def test_a_block_never_issues_past_the_cap(issuance):
    assert issuance + block_emission(issuance) <= SUPPLY_CAP_RAO


@pytest.mark.parametrize("issuance", [-1, 2**64])
def test_an_issuance_outside_u64_is_refused(issuance):
    with pytest.raises(OutOfRange) as refusal:
        block_emission(issuance)
    assert refusal.value.value == issuance


TAO = 10**9


def test_five_halvings_come_every_ten_and_a_half_million_blocks():
    assert list(halving_path())[:6] == [
        Period(0, 0, 1_000_000_000),
        Period(10_500_000, 10_500_000 * TAO, 500_000_000),
        Period(21_000_000, 15_750_000 * TAO, 250_000_000),
        Period(31_500_000, 18_375_000 * TAO, 125_000_000),
        Period(42_000_000, 19_687_500 * TAO, 62_500_000),
        Period(52_500_000, 20_343_750 * TAO, 31_250_000),
    ]


def test_the_path_ends_below_the_cap_when_half_a_rao_would_be_minted():
    *_, last_but_one, last = halving_path()
    assert (last_but_one.emission_rao, last.emission_rao) == (1, 0)
    assert last.issuance_rao < SUPPLY_CAP_RAO


@draw(st.integers(1, 29), st.integers(-50 * TAO, 50 * TAO))
def test_the_path_is_that_of_blocks_one_by_one(halving, offset):
    issuance = SUPPLY_CAP_RAO - (SUPPLY_CAP_RAO >> halving) + (offset >> halving)
    first, second, *_ = halving_path(issuance)
    assert (first.blocks_before, first.issuance_rao) == (0, issuance)
    if second.blocks_before > 1000:
        return
    for _ in range(second.blocks_before):
        assert block_emission(issuance) == first.emission_rao
        issuance += block_emission(issuance)
    assert (issuance, block_emission(issuance)) == (second.issuance_rao, second.emission_rao)


def test_after_the_cap_nothing_is_minted():
    assert list(halving_path(SUPPLY_CAP_RAO)) == [Period(0, SUPPLY_CAP_RAO, 0)]
