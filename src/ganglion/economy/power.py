"""Powers of ratios to 18 decimals, as the swap needs them: floor((n / d)**(a / b) * 10**18).

Three ways to the same integer, told apart by what the exponent and the ratio allow:

* *exact*: a and b (reduced) are at most 1024. The floor of a root, found by bisection.
* *quick*: the ratio is near one. 128 fraction bits with a known error bound; where the bound does not
  decide the floor, the series is asked. A pool's everyday swap takes this way.
* *series*: the chain's own logarithm and exponential with 280 or 1048 fraction bits. Near the edge of the
  weights and for amounts hundreds of times the reserve its alternating terms cancel to noise, and the noise
  is consensus: every cut of it is reproduced here.

Source: safe-bigmath 0.4.1 (integer.rs), which pallets/swap/src/pallet/balancer.rs calls.
"""

from functools import cache
from math import gcd

SCALE = 10**18
SWAP_PRECISION = 256
LIMIT_PRECISION = 1024
_GUARD_BITS = 24
_EXACT_EXPONENT = 1024
_QUICK_BITS = 128
# Far above the sum of all cuts of the quick way: at most 45 in the logarithm, times an exponent of at most
# 99, times e**4, and at most 60 * e**4 in the exponential.
_QUICK_ERROR = 2**24
_QUICK_REACH = 4 << _QUICK_BITS


def ratio_power(numerator: int, denominator: int, over: int, under: int, precision: int) -> int:
    """floor((numerator / denominator)**(over / under) * 10**18), or noise if the series has no digits left.

    All arguments are positive, but the numerator may be 0. `precision` is the series' number of bits.
    Noise can be negative or huge; the caller bounds it.
    """
    if numerator == 0:
        return 0
    if numerator == denominator:
        return SCALE
    common = gcd(over, under)
    over, under = over // common, under // common
    if over <= _EXACT_EXPONENT and under <= _EXACT_EXPONENT:
        return exact_power(numerator, denominator, over, under)
    quick = quick_power(numerator, denominator, over, under)
    return series_power(numerator, denominator, over, under, precision) if quick is None else quick


def exact_power(numerator: int, denominator: int, over: int, under: int) -> int:
    """The floor by integer arithmetic alone."""
    radicand: int = numerator**over * SCALE**under // denominator**over
    if under == 1:
        return radicand
    low, high = 0, 1 << -(-radicand.bit_length() // under)
    while low < high:
        middle = (low + high + 1) >> 1
        if middle**under <= radicand:
            low = middle
        else:
            high = middle - 1
    return low


def quick_power(numerator: int, denominator: int, over: int, under: int) -> int | None:
    """The floor, or None if 128 bits do not decide it or the ratio is not within 1/2 to 2."""
    difference, total = numerator - denominator, numerator + denominator
    if 3 * abs(difference) > total:
        return None
    exponent = _quick_ln(difference, total) * over // under
    if abs(exponent) > _QUICK_REACH:
        return None
    power = _quick_exp(exponent)
    low = (power - _QUICK_ERROR) * SCALE >> _QUICK_BITS
    high = (power + _QUICK_ERROR) * SCALE >> _QUICK_BITS
    return low if low == high else None


def _quick_ln(difference: int, total: int) -> int:
    """ln((total + difference) / (total - difference)) as twice the area hyperbolic tangent's series."""
    term = (difference << _QUICK_BITS) // total
    square = term * term >> _QUICK_BITS
    result, n = term, 1
    while term not in (0, -1):
        term = term * square >> _QUICK_BITS
        n += 2
        result += term // n
    return 2 * result


def _quick_exp(exponent: int) -> int:
    term = result = 1 << _QUICK_BITS
    n = 0
    while term not in (0, -1):
        n += 1
        term = (term * exponent >> _QUICK_BITS) // n
        result += term
    return result


def series_power(numerator: int, denominator: int, over: int, under: int, precision: int) -> int:
    """The chain's approximation with `precision` bits, cut by cut."""
    bits = precision + _GUARD_BITS
    logarithm = _ln(numerator, bits) - _ln(denominator, bits)
    power = _without_guard(_exp(logarithm * over // under, bits))
    return power * SCALE >> precision


@cache
def _ln_two(bits: int) -> int:
    return -_ln1p(-(1 << bits - 1), bits)


def _ln(value: int, bits: int) -> int:
    """ln(value) from a mantissa brought into [0.75, 1.5)."""
    shift = value.bit_length() - 1
    mantissa = (value << bits) >> shift
    if mantissa >= 3 << bits - 1:
        mantissa >>= 1
        shift += 1
    return _ln1p(mantissa - (1 << bits), bits) + _ln_two(bits) * shift


def _ln1p(x: int, bits: int) -> int:
    """ln(1 + x). Every product and every quotient floors; an even term is floored before it is subtracted."""
    term = result = x
    rounded = _without_guard(result)
    for n in range(2, _term_limit(bits) + 1):
        term = term * x >> bits
        step = term // n
        if step == 0:
            break
        result += step if n % 2 else -step
        before, rounded = rounded, _without_guard(result)
        if abs(step) < 1 << _GUARD_BITS or rounded == before:
            break
    return result


def _exp(x: int, bits: int) -> int:
    term = result = 1 << bits
    rounded = _without_guard(result)
    for n in range(1, _term_limit(bits) + 1):
        term = term * x // (n << bits)
        if term == 0:
            break
        result += term
        before, rounded = rounded, _without_guard(result)
        if abs(term) < 1 << _GUARD_BITS or rounded == before:
            break
    return result


def _term_limit(bits: int) -> int:
    return bits + 128


def _without_guard(value: int) -> int:
    """Round off the guard bits: to nearest, halves away from zero."""
    rounded = (abs(value) + (1 << _GUARD_BITS - 1)) >> _GUARD_BITS
    return rounded if value >= 0 else -rounded
