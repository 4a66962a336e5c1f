"""The vectors of fees through TransactionPayment and AlphaFees.

The base fee and the greatest weight are the runtime's own: a case with others is seen by its weight alone, if
at all. Inclusion fees, and what a whole transaction pays to whom, are in
`tests/pallets/test_transaction_payment.py`.
"""

import json
from pathlib import Path

import pytest

from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays, Weight
from ganglion.pallets.aura import Aura
from ganglion.pallets.subtensor.alpha_fees import AlphaFees
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.system.limits import MAX_BLOCK
from ganglion.pallets.transaction_payment import TransactionPayment

VECTORS = Path(__file__).parents[2] / "vectors" / "economy" / "i_fees.json"
WEIGHTS = [
    case
    for case in json.loads(VECTORS.read_text())["cases"]
    if case["op"] == "weight_fee" and case["inputs"]["ref_time"] <= MAX_BLOCK.ref_time
]


@pytest.mark.parametrize("case", WEIGHTS, ids=lambda case: case["name"])
def test_a_weight_costs_what_is_recorded(ledger, case):
    weight = Weight(case["inputs"]["ref_time"], 0)
    details = ledger[TransactionPayment].details(DispatchInfo(weight, DispatchClass.Normal, Pays.Yes), 0)
    assert details.inclusion_fee.adjusted_weight_fee == case["expected"]["fee"]


@pytest.mark.vectors("i_fees", "alpha_fee")
def test_stake_pays_for_a_fee_what_is_recorded(chain, books, given, expected):
    books.open_at(given["price_x64"], alpha=10**12)
    books.stake("hot", "cold", 1, given["alpha_balance"])
    chain[Aura].authorities.set((books.endow("author", 0),))
    cold, call = chain.who("cold"), chain.runtime.call(Staking.remove_stake, chain.who("hot"), 1, 1)
    assert chain[AlphaFees].covers(cold, call, given["tao_fee"]) == expected["can_enter_pool"]
    if expected["alpha"] * given["price_x64"] >> 64:  # the pool refuses to buy what is worth nothing
        told = chain[AlphaFees].pay(cold, call, given["tao_fee"])
        assert told.alpha_fee == expected["alpha"]
        assert chain.stake_of("hot", "cold", 1) == given["alpha_balance"] - expected["alpha"]
        assert chain.balance("author") == 500 + told.tao_amount
