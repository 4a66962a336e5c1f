"""Logarithms which are the same on every machine.

`numpy.log` may differ in its last bit between processors; grades are recomputed by the audit and compared, so
they use this one. It is made of IEEE 754's exactly rounded operations alone, and its results are integers, so
that sums do not depend on their order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UNIT = 1 << 20
"""What stands for 1 in a fixed-point number of this package."""

_LN_2 = 0.6931471805599453
_TERMS = 12  # enough for 2**-40 with mantissas from 0.5 to 1


def ln(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The natural logarithm of positive `values`, in units of `1 / UNIT`, rounded to the nearest."""
    mantissa, exponent = np.frexp(values)
    # ln m = 2 artanh((m - 1) / (m + 1)), from which artanh z = z + z**3 / 3 + z**5 / 5 + ...
    z = (mantissa - 1) / (mantissa + 1)
    square, term, total = z * z, z, z.copy()
    for odd in range(3, 2 * _TERMS + 2, 2):
        term = term * square
        total = total + term / odd
    return np.asarray(np.rint((2 * total + exponent * _LN_2) * UNIT), dtype=np.int64)
