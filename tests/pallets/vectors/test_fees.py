"""The vectors of fees through TransactionPayment.

The base fee and the greatest weight are the runtime's own: a case with others is seen by its weight alone, if
at all. Inclusion fees, and what a whole transaction pays to whom, are in
`tests/pallets/test_transaction_payment.py`.
"""

import json
from pathlib import Path

import pytest

from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays, Weight
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
