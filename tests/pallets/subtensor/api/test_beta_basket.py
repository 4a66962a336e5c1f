import pytest

from ganglion.pallets.subtensor.api.beta_basket import BasketSummary, BasketTradingStatus, BetaPricingPage

API = "BetaBasketRuntimeApi_"


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("get_root_basket_owed", 0),
        ("get_validator_basket_nav", 0),
        ("get_validator_basket", ()),
        ("get_root_basket_positions", ()),
        ("get_root_basket_portfolio", ()),
        ("get_root_basket_claim_previews", ()),
        ("get_beta_portfolio", ()),
        ("get_beta_pricing", None),
        ("get_validator_basket_summary", BasketSummary(bytes(32))),
        ("get_basket_trading_status", BasketTradingStatus()),
    ],
)
def test_nobody_has_a_basket(ask, method, answer):
    assert ask(API + method, bytes(32)) == answer


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("get_basket_payout", 0),
        ("get_basket_position", None),
        ("get_beta_position", None),
        ("get_basket_claim_preview", None),
    ],
)
def test_nobody_has_a_part_of_one(ask, method, answer):
    assert ask(API + method, bytes(32), bytes(32)) == answer


def test_all_baskets_together_are_none(ask):
    assert ask(API + "get_root_basket_total_nav") == 0
    assert ask(API + "get_all_validator_baskets") == ()
    assert ask(API + "get_all_beta_pricing", None, 10) == BetaPricingPage()
