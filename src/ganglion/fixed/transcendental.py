"""exp, ln, log2 and sqrt, computed as the chain computes them, errors of the method included.

Every function takes and returns raw integers of the given format and returns None where the
chain's function fails (overflow, or an argument out of domain).
Source: substrate-fixed v0.6.0, src/transcendental.rs; subtensor primitives/safe-math/src/lib.rs
(square root by bisection).
"""

from ganglion.fixed.format import Format

# The chain keeps these two with 23 fraction bits only.
E_I9F23 = 22802600
LOG2_E_I9F23 = 12102203
CONSTANT_FRACTION_BITS = 23


def exp(form: Format, x: int) -> int | None:
    """e**x by the power series up to the power fraction_bits - 1; 1 / e**|x| for negative x.

    Exactly 1 gives the rounded constant e, not the series.
    """
    if x == form.one:
        return E_I9F23 << (form.fraction_bits - CONSTANT_FRACTION_BITS)
    series = _exp_series(form, abs(x))
    if series is None or x >= 0:
        return series
    return form.checked_div(form.one, series)


def _exp_series(form: Format, x: int) -> int | None:
    result, term = form.one + x, x
    for power in range(2, form.fraction_bits):
        product = form.checked_mul(term, x)
        if product is None:
            return None
        term = product // power
        result += term
    return form.checked(result)


def exp_safe(form: Format, x: int) -> int:
    """e**x of x clamped to [-20, 20]: always defined for 32 and more whole bits."""
    limit = form.from_int(20)
    result = exp(form, min(max(x, -limit), limit))
    if result is None:
        return 0 if x <= 0 else form.max
    return result


def log2(form: Format, x: int) -> int | None:
    """Base-2 logarithm, one bit at a time; below 1 it is -log2(1 / x)."""
    if x <= 0:
        return None
    if x >= form.one:
        return _log2_above_one(form, x)
    inverse = form.checked_div(form.one, x)
    return None if inverse is None else -_log2_above_one(form, inverse)


def _log2_above_one(form: Format, x: int) -> int:
    two, whole = 2 * form.one, 0
    while x >= two:
        whole += 1
        x = _halve_keeping_lost_bit(x)
    result = whole
    for _ in range(form.fraction_bits):
        x = (x * x) >> form.fraction_bits
        result <<= 1
        if x >= two:
            result |= 1
            x = _halve_keeping_lost_bit(x)
    return result


def _halve_keeping_lost_bit(raw: int) -> int:
    return (raw >> 1) + (raw & 1)


def ln(form: Format, x: int) -> int | None:
    """Natural logarithm: log2(x) / log2(e), cut toward zero."""
    logarithm = log2(form, x)
    log2_e = LOG2_E_I9F23 << (form.fraction_bits - CONSTANT_FRACTION_BITS)
    return None if logarithm is None else form.div(logarithm, log2_e)


def sqrt(form: Format, x: int, epsilon: int) -> int | None:
    """Square root by bisection until x / middle is within `epsilon` (raw) of middle.

    Stops after 129 halvings whatever the distance then is.
    """
    if x < 0:
        return None
    low, high = (0, x) if x > form.one else (x, form.one)
    middle = _middle(form, low, high)
    quotient = form.safe_div(x, middle)
    for _ in range(129):
        if abs(quotient - middle) <= epsilon:
            break
        if quotient < middle:
            high = middle
        else:
            low = middle
        middle = _middle(form, low, high)
        quotient = form.safe_div(x, middle)
    return middle


def _middle(form: Format, low: int, high: int) -> int:
    return form.add(low, high) >> 1
