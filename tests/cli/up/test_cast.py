"""Who plays: every part with a wallet, a seed and, if honest, a place of its own."""

import pytest

from ganglion.cli.up.cast import DEFAULT_MINERS, MARKET, Cast, Role, parts_of
from ganglion.subnets.registry import SUBNETS, subnet


@pytest.mark.parametrize("name", SUBNETS)
def test_each_subnet_has_by_default_three_honest_miners_best_first_then_exploiters(name: str) -> None:
    parts = parts_of(subnet(name), DEFAULT_MINERS[name], validators=1, seed=1)
    honest = [part.place for part in parts if part.place is not None]
    assert len(honest) >= 3
    assert honest == sorted(set(honest))
    assert any(part.is_exploiter for part in parts)
    assert [part.role for part in parts].count(Role.VALIDATOR) == 1
    assert not parts[0].is_exploiter


def test_miners_of_one_kind_differ_in_name_and_seed() -> None:
    one, other = parts_of(subnet("vision"), ("svm", "svm"), validators=0, seed=1)
    assert one.place == other.place
    assert one.name != other.name
    assert one.seed != other.seed


def test_runs_with_neighbouring_seeds_share_no_seed_of_a_part() -> None:
    package = subnet("text")
    first, second = (parts_of(package, ("blend", "bigram"), validators=2, seed=seed) for seed in (1, 2))
    assert not {part.seed for part in first} & {part.seed for part in second}


def test_a_cast_knows_its_subnets_in_order_and_the_market_as_one_more_wallet() -> None:
    parts = [*parts_of(subnet("text"), ("blend",), 1, 1), *parts_of(subnet("vision"), ("svm",), 1, 1)]
    cast = Cast(tuple(parts), has_market=True)
    assert cast.subnets == ("text", "vision")
    assert [part.kind for part in cast.of("vision", Role.MINER)] == ["svm"]
    assert cast.names == (*(part.name for part in parts), MARKET)
