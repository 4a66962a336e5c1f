"""Stake is bought, sold and moved for exactly what the block before quoted, to the last rao."""

from typing import Any

import pytest

pytestmark = [pytest.mark.clients]

AMOUNT_RAO = 12_345_678_901
PART_RAO = 7_654_321_987

FREE, STAKED = 0, 1


@pytest.fixture(scope="module")
def trades(economy: Any, still: dict[str, Any]) -> dict[str, Any]:
    return economy("buy_and_sell.py", 1, "charlie", "alice", f"{AMOUNT_RAO}e-9", f"{PART_RAO}e-9")


@pytest.fixture(scope="module")
def moves(economy: Any, still: dict[str, Any]) -> dict[str, Any]:
    return economy("move_stake.py", "ferdie", "eve", "alice", "bob", 1, 2, "50")


def change(done: dict[str, Any], what: int) -> int:
    return done["after_rao"][what] - done["before_rao"][what]


def attributes(done: dict[str, Any], event: str) -> Any:
    return next(value for name, value in done["events"] if name == event)


def test_root_switches_emission_into_pools_off_and_a_stranger_cannot(still: dict[str, Any]) -> None:
    assert (still["stranger"]["success"], still["stranger"]["error"]) == (False, "BadSigner")
    assert still["switched"]["success"], still["switched"]
    assert not any(still["enabled"])
    at_switching, later = still["reserves_rao"]
    assert at_switching == later


@pytest.mark.parametrize("purchase", ["bought", "bought_encrypted"])
def test_tao_buys_exactly_the_quoted_alpha(trades: dict[str, Any], purchase: str) -> None:
    bought = trades[purchase]
    quote = bought["quote"]
    assert change(bought, STAKED) == quote["alpha"] > 0
    assert quote["tao"] + quote["tao_fee"] == AMOUNT_RAO
    _, hotkey, *numbers = attributes(bought, "SubtensorModule.StakeAdded")
    assert (hotkey, numbers) == (trades["hotkey"], [AMOUNT_RAO, quote["alpha"], 1, quote["tao_fee"]])


def test_a_purchase_costs_its_amount_and_the_fee_of_the_transaction(trades: dict[str, Any]) -> None:
    bought = trades["bought"]
    assert change(bought, FREE) == -AMOUNT_RAO - bought["fee_rao"]


def test_an_encrypted_purchase_is_followed_to_what_was_inside(trades: dict[str, Any]) -> None:
    assert trades["bought_encrypted"]["data"]["shielded"]


@pytest.mark.parametrize("sale", ["sold", "sold_all"])
def test_alpha_sells_for_exactly_the_quoted_tao(trades: dict[str, Any], sale: str) -> None:
    sold = trades[sale]
    quote = sold["quote"]
    assert change(sold, FREE) == quote["tao"] - sold["fee_rao"] > 0
    assert change(sold, STAKED) == -quote["alpha"] - quote["alpha_fee"]
    _, hotkey, *numbers = attributes(sold, "SubtensorModule.StakeRemoved")
    assert (hotkey, numbers) == (trades["hotkey"], [quote["tao"], quote["alpha"], 1, quote["alpha_fee"]])


def test_a_part_is_sold_as_asked_and_all_leaves_nothing(trades: dict[str, Any]) -> None:
    assert change(trades["sold"], STAKED) == -PART_RAO
    assert trades["sold_all"]["after_rao"][STAKED] == 0


@pytest.mark.parametrize(
    ("trade", "error"),
    [
        ("dust", "AmountTooLow"),
        ("no such hotkey", "HotKeyAccountNotExists"),
        ("too dear", "SlippageTooHigh"),
        ("dust sold", "AmountTooLow"),
        ("too cheap", "SlippageTooHigh"),
    ],
)
def test_a_trade_that_cannot_be_is_refused_by_name_and_costs_only_its_fee(
    trades: dict[str, Any], trade: str, error: str
) -> None:
    refused = trades["refused"][trade]
    assert (refused["success"], refused["error"]) == (False, error)
    assert change(refused, STAKED) == 0
    assert -2_000_000 < change(refused, FREE) < 0


@pytest.mark.parametrize("move", ["to a hotkey", "to a coldkey"])
def test_stake_changes_hands_on_its_subnet_as_it_is(moves: dict[str, Any], move: str) -> None:
    done = moves["moves"][move]
    assert done["success"], done
    assert done["left_rao"] == done["arrived_rao"] == moves["part_rao"]


@pytest.mark.parametrize(
    "move", ["to a hotkey elsewhere", "to a subnet", "to root", "to a coldkey elsewhere"]
)
def test_stake_that_leaves_its_subnet_is_worth_exactly_what_selling_and_buying_are_quoted_at(
    moves: dict[str, Any], move: str
) -> None:
    done = moves["moves"][move]
    assert done["success"], done
    assert done["left_rao"] == moves["part_rao"]
    assert done["arrived_rao"] == done["quote"]["bought_rao"] > 0


def test_on_root_a_rao_of_stake_is_a_rao_of_tao(moves: dict[str, Any]) -> None:
    done = moves["moves"]["to root"]
    assert done["arrived_rao"] == done["quote"]["sold_rao"]


@pytest.mark.parametrize(
    ("move", "error"),
    [
        ("to where it is", "SameNetuid"),
        ("to the same subnet", "SameNetuid"),
        ("at no slippage", "SlippageTooHigh"),
        ("to no hotkey", "HotKeyAccountNotExists"),
    ],
)
def test_a_move_that_cannot_be_is_refused_by_name(moves: dict[str, Any], move: str, error: str) -> None:
    refused = moves["refused"][move]
    assert (refused["success"], refused["error"]) == (False, error)
    assert refused["left_rao"] == refused["arrived_rao"] == 0
