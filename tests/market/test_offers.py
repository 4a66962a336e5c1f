import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.market.offers import WARES, Offer, Price, named
from ganglion.market.openai_shape import counted

AMOUNTS = st.integers(0, 10**9)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_price_is_for_a_thousand_units_rounded_up(rao_in, rao_out, units_in, units_out):
    price = Price(rao_in, rao_out).of(units_in, units_out)
    assert 0 <= price * 1000 - (rao_in * units_in + rao_out * units_out) < 1000


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("four", 1), ("fives", 2), ("é" * 4, 2), ("字" * 4, 3)]
)
def test_a_token_is_four_bytes(text, tokens):
    assert counted(text) == tokens


def test_ids_of_models_name_the_offer_and_perhaps_a_miner():
    offer = Offer("text", 1, WARES["text"], Price(1, 1))
    assert named(offer.model) == ("text", None)
    assert named(offer.model_of(7)) == ("text", 7)


@pytest.mark.parametrize(
    "model", ["", "text", "openai/text", "ganglion/text@", "ganglion/text@-1", "ganglion/text@²"]
)
def test_what_is_no_id_names_nothing(model):
    assert named(model) is None
