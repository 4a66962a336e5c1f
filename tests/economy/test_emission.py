import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.emission import (
    BASE_EMISSION_RAO,
    SUPPLY_CAP_RAO,
    block_emission,
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
