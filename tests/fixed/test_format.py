"""Scalar formats against the recorded arithmetic of the chain."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.fixed import I32F32, I64F64, I96F32, U64F64, U96F32, Format

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "fixed_point.json").read_text())
FORMATS = {form.name: form for form in (I32F32, I64F64, I96F32, U64F64)}
METHODS = {
    "saturating_add": "add",
    "saturating_sub": "sub",
    "saturating_mul": "mul",
    "saturating_div": "div",
    "round": "checked_round",
}
OPERATIONS = sorted({(case[0], case[1]) for case in VECTORS["cases"]})


def evaluate(form: Format, operation: str, a: int, b: int | None) -> int | None:
    if operation.startswith("to_") and operation[3:] in FORMATS:
        return FORMATS[operation[3:]].convert(a, form)
    method = getattr(form, METHODS.get(operation, operation))
    return method(a) if b is None else method(a, b)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_operation_gives_the_recorded_bits(name, operation):
    cases = [case[2:] for case in VECTORS["cases"] if case[:2] == [name, operation]]
    results = [evaluate(FORMATS[name], operation, a, b) for a, b, _ in cases]
    assert results == [expected for _, _, expected in cases]


def test_formats_have_the_recorded_widths():
    for name, widths in VECTORS["formats"].items():
        form = FORMATS[name]
        assert (form.total_bits, form.fraction_bits, form.signed) == tuple(widths.values())


def test_products_floor_and_quotients_cut_toward_zero_for_negative_numbers():
    assert I32F32.mul(-1, 1) == -1
    assert I32F32.div(-1, 3 * I32F32.one) == 0


def test_division_by_zero_is_an_error_unless_safe():
    with pytest.raises(ZeroDivisionError):
        I32F32.div(1, 0)
    assert I32F32.checked_div(1, 0) is None
    assert U96F32.safe_div(1, 0, default=7) == 7


@given(st.sampled_from([I32F32, I64F64, U64F64, U96F32]), st.integers(), st.integers())
def test_saturating_results_are_the_checked_ones_or_an_end(form, a, b):
    a, b = form.saturate(a), form.saturate(b)
    for saturating, checked in ((form.add, form.checked_add), (form.mul, form.checked_mul)):
        exact = checked(a, b)
        assert saturating(a, b) == exact if exact is not None else saturating(a, b) in (form.min, form.max)


@given(st.integers(-(2**63), 2**63 - 1))
def test_widening_and_narrowing_again_loses_nothing(raw):
    assert I32F32.convert(I64F64.convert(raw, I32F32), I64F64) == raw


@given(st.integers(-(2**127), 2**127 - 1))
def test_narrowing_never_rounds_up(raw):
    narrow = I96F32.convert(raw, I64F64)
    assert 0 <= raw - (narrow << 32) < 1 << 32
