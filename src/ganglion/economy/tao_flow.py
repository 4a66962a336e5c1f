"""Averages of the TAO that flows into and out of a subnet.

Emission no longer depends on them; they are kept because clients read them.

Source: pallets/subtensor/src/coinbase/subnet_emissions.rs.
"""

from ganglion.fixed import I64F64

_FACTOR_ONE = 2**63 - 1
# About 0.0000032, in parts of 2**63 - 1.
DEFAULT_SMOOTHING_FACTOR = 29_597_889_189_277


def flow_average(average: int, flow_rao: int, smoothing_factor: int = DEFAULT_SMOOTHING_FACTOR) -> int:
    """The average (I64F64) after a block whose net flow is `flow_rao` (an i64, negative for outflow).

    `smoothing_factor` is the newest block's weight in parts of 2**63 - 1.
    """
    weight = I64F64.from_ratio(smoothing_factor, _FACTOR_ONE)
    rest = I64F64.mul(I64F64.sub(I64F64.one, weight), average)
    return I64F64.add(rest, I64F64.mul(weight, I64F64.from_int(flow_rao)))
