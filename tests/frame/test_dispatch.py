"""Weights add up without leaving u64, and costs are corrected downwards only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.frame.dispatch import (
    NOTHING_REPORTED,
    U64_MAX,
    DispatchClass,
    DispatchError,
    DispatchInfo,
    Error,
    Module,
    ModuleError,
    Pays,
    PostInfo,
    Token,
    TokenErrorKind,
    Weight,
)
from ganglion.frame.origin import NONE, ROOT, BadOrigin, Origin
from ganglion.scale import Codecs

u64s = st.integers(0, U64_MAX)
weights = st.builds(Weight, u64s, u64s)
INFO = DispatchInfo(Weight(100, 10), DispatchClass.Normal, Pays.Yes)


@given(weights, weights)
def test_a_sum_of_weights_stops_at_the_greatest_u64(a: Weight, b: Weight) -> None:
    assert a + b == Weight(min(a.ref_time + b.ref_time, U64_MAX), min(a.proof_size + b.proof_size, U64_MAX))


@given(weights, weights)
def test_a_weight_fits_if_both_parts_do(a: Weight, b: Weight) -> None:
    assert a.fits(b) == (a.ref_time <= b.ref_time and a.proof_size <= b.proof_size)


@given(st.none() | weights, st.none() | st.sampled_from(Pays), st.sampled_from(Pays))
def test_a_cost_is_corrected_downwards_only(weight: Weight | None, pays: Pays | None, paid: Pays) -> None:
    info = DispatchInfo(INFO.weight, INFO.class_, paid)
    actual = PostInfo(weight, pays).apply(info)
    assert actual.weight.fits(info.weight)
    assert actual.weight == info.weight or weight is not None
    assert actual.pays_fee is (Pays.No if Pays.No in (pays, paid) else Pays.Yes)


def test_nothing_reported_changes_nothing() -> None:
    assert NOTHING_REPORTED.apply(INFO) is INFO


def test_failures_are_written_as_on_the_real_chain() -> None:
    codec = Codecs().of(DispatchError)
    assert codec.encode(Module(ModuleError(5, b"\2\0\0\0"))).hex() == "030502000000"
    assert codec.encode(Token(TokenErrorKind.Frozen)).hex() == "0705"


def test_an_error_needs_an_index() -> None:
    with pytest.raises(TypeError):

        class Nameless(Error):  # type: ignore[call-arg]
            """No index."""


def test_origins_let_through_only_their_own() -> None:
    alice = Origin.of(b"a" * 32)
    assert alice.signed() == alice.signed_or_root() == b"a" * 32
    assert ROOT.signed_or_root() is None
    for refused in (
        ROOT.signed,
        NONE.signed,
        NONE.signed_or_root,
        alice.root,
        NONE.root,
        alice.none,
        ROOT.none,
    ):
        with pytest.raises(BadOrigin):
            refused()
