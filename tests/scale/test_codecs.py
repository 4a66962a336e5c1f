"""Every codec gives back what it was given, in no more bytes than it must, and refuses everything else."""

import enum
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.scale import Codecs, Enum, ScaleError, Struct
from ganglion.scale.containers import Err, Ok, Some
from ganglion.scale.markers import Bounded, Length, Newtype
from ganglion.scale.types import (
    H256,
    U256,
    AccountId,
    Bytes,
    Bytes4,
    Compact,
    Unit,
    Vec,
    i8,
    i64,
    i128,
    u8,
    u16,
    u32,
    u64,
    u128,
)

CODECS = Codecs()


class Point(Struct, path="test::Point"):
    x: u16
    y: i64 = 0


class Tree(Struct):
    """A type that contains itself."""

    label: u8
    children: "Vec[Tree]"


class Shape(Enum, path="test::Shape"):
    """A choice."""


class Empty(Shape, index=0): ...


class Circle(Shape, index=3, positional=True):
    radius: Compact[u32]


class Colour(enum.IntEnum):
    Red = 0
    Blue = 7


def ints(bits: int, signed: bool = False) -> st.SearchStrategy[int]:
    low = -(1 << (bits - 1)) if signed else 0
    return st.integers(low, low + (1 << bits) - 1)


trees = st.deferred(lambda: st.builds(Tree, ints(8), st.lists(trees, max_size=3).map(tuple)))
shapes = st.one_of(st.just(Empty()), st.builds(Circle, ints(32)))

CASES: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "u8": (u8, ints(8)),
    "u16": (u16, ints(16)),
    "u32": (u32, ints(32)),
    "u64": (u64, ints(64)),
    "u128": (u128, ints(128)),
    "U256": (U256, ints(256)),
    "i8": (i8, ints(8, signed=True)),
    "i64": (i64, ints(64, signed=True)),
    "i128": (i128, ints(128, signed=True)),
    "bool": (bool, st.booleans()),
    "text": (str, st.text()),
    "bytes": (Bytes, st.binary(max_size=100)),
    "fixed bytes": (Bytes4, st.binary(min_size=4, max_size=4)),
    "hash": (H256, st.binary(min_size=32, max_size=32)),
    "unit": (Unit, st.just(())),
    "compact u8": (Compact[u8], ints(8)),
    "compact u32": (Compact[u32], ints(32)),
    "compact u128": (Compact[u128], ints(128)),
    "vec of u16": (Vec[u16], st.lists(ints(16)).map(tuple)),
    "vec of i64": (Vec[i64], st.lists(ints(64, signed=True)).map(tuple)),
    "vec of u128": (Vec[u128], st.lists(ints(128)).map(tuple)),
    "vec of vec": (Vec[Vec[u8]], st.lists(st.lists(ints(8)).map(tuple)).map(tuple)),
    "array": (Annotated[Vec[u16], Length(3)], st.tuples(ints(16), ints(16), ints(16))),
    "bounded vec": (Annotated[Vec[u8], Bounded(5)], st.lists(ints(8), max_size=5).map(tuple)),
    "bounded bytes": (Annotated[Bytes, Bounded(5)], st.binary(max_size=5)),
    "tuple": (tuple[u8, Bytes, bool], st.tuples(ints(8), st.binary(), st.booleans())),
    "option": (u16 | None, st.none() | ints(16)),
    "option of option": (Some[u8 | None] | None, st.none() | st.builds(Some, st.none() | ints(8))),
    "result": (Ok[u8] | Err[Bytes], st.builds(Ok, ints(8)) | st.builds(Err, st.binary())),
    "map": (dict[Bytes, u64], st.dictionaries(st.binary(), ints(64))),
    "map by tuple": (dict[tuple[u16, Bytes], u8], st.dictionaries(st.tuples(ints(16), st.binary()), ints(8))),
    "set": (frozenset[i8], st.frozensets(ints(8, signed=True))),
    "struct": (Point, st.builds(Point, ints(16), ints(64, signed=True))),
    "recursive struct": (Tree, trees),
    "enum": (Shape, shapes),
    "vec of enum": (Vec[Shape], st.lists(shapes).map(tuple)),
    "plain enum": (Colour, st.sampled_from(Colour)),
}


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_value_comes_back_as_it_went(name: str, data: st.DataObject) -> None:
    annotation, values = CASES[name]
    codec, value = CODECS.of(annotation), data.draw(values)
    encoded = codec.encode(value)
    assert codec.decode(encoded) == value
    assert len(encoded) >= codec.min_size


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_byte_left_over_is_refused(name: str, data: st.DataObject) -> None:
    annotation, values = CASES[name]
    codec = CODECS.of(annotation)
    with pytest.raises(ScaleError):
        codec.decode(codec.encode(data.draw(values)) + b"\x00")


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"unit"}))
@settings(max_examples=25)
@given(data=st.data())
def test_a_value_cut_short_is_refused(name: str, data: st.DataObject) -> None:
    annotation, values = CASES[name]
    codec = CODECS.of(annotation)
    encoded = codec.encode(data.draw(values))
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(ScaleError):
        codec.decode(encoded[:cut])


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=25)
@given(data=st.binary(max_size=60))
def test_any_bytes_are_a_value_or_a_scale_error(name: str, data: bytes) -> None:
    codec = CODECS.of(CASES[name][0])
    try:
        value = codec.decode(data)
    except ScaleError:
        return
    assert codec.decode(codec.encode(value)) == value


WRONG = {
    "nothing": None,
    "text": "x",
    "bytes": b"xy",
    "float": 1.5,
    "far below": -(1 << 300),
    "far above": 1 << 300,
    "object": object(),
    "list of objects": [object()],
    "dict": {1: 2},
    "set": {"a"},
    "mixed tuple": (1, "a"),
    "some": Some(3),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_a_value_of_another_type_is_encoded_truly_or_refused(name: str, value: Any) -> None:
    codec = CODECS.of(CASES[name][0])
    try:
        encoded = codec.encode(value)
    except ScaleError:
        return
    assert codec.decode(encoded) == value or (name == "unit" and value is None)


@pytest.mark.parametrize("data", [b"\x02", b"\xff"])
def test_a_bool_is_zero_or_one(data: bytes) -> None:
    with pytest.raises(ScaleError):
        CODECS.of(bool).decode(data)


@pytest.mark.parametrize("annotation", [u8 | None, Ok[u8] | Err[u8]])
def test_a_tag_is_zero_or_one(annotation: Any) -> None:
    with pytest.raises(ScaleError):
        CODECS.of(annotation).decode(b"\x02\x00")


def test_none_inside_some_differs_from_none() -> None:
    codec = CODECS.of(Some[u8 | None] | None)
    assert [codec.encode(value) for value in (None, Some(None), Some(5))] == [b"\0", b"\1\0", b"\1\1\5"]


def test_variants_that_do_not_exist_are_refused() -> None:
    for annotation in (Shape, Colour):
        with pytest.raises(ScaleError, match="no variant 1"):
            CODECS.of(annotation).decode(b"\x01")


def test_the_base_of_an_enum_is_no_value() -> None:
    with pytest.raises(ScaleError):
        CODECS.of(Shape).encode(Shape())


def test_a_bound_is_checked_both_ways_before_the_items_are_read() -> None:
    codec = CODECS.of(Annotated[Vec[u8], Bounded(2)])
    for attempt in (lambda: codec.encode((1, 2, 3)), lambda: codec.decode(b"\x0c\1\2\3")):
        with pytest.raises(ScaleError, match="at most 2"):
            attempt()


def test_text_that_is_not_unicode_is_refused() -> None:
    with pytest.raises(ScaleError):
        CODECS.of(str).decode(b"\x08\xff\xfe")
    with pytest.raises(ScaleError):
        CODECS.of(str).encode("\ud800")


@pytest.mark.parametrize(
    "annotation", [Vec[u8], Vec[u128], Vec[Unit], Vec[Bytes], Vec[Tree], Bytes, str, dict[u8, u8]]
)
def test_a_claimed_length_beyond_the_bytes_is_refused_at_once(annotation: Any) -> None:
    with pytest.raises(ScaleError):
        CODECS.of(annotation).decode(b"\xfe\xff\xff\xff" + bytes(100))
    with pytest.raises(ScaleError):
        CODECS.of(annotation).decode(b"\xff" * 68)


def test_maps_and_sets_are_written_in_ascending_order_of_value() -> None:
    assert (
        CODECS.of(dict[Bytes, u8]).encode({b"b": 1, b"ab": 2, b"a": 3})
        == bytes.fromhex("0c046103086162020462") + b"\1"
    )
    assert CODECS.of(frozenset[u16]).encode(frozenset((256, 1, 255))) == bytes.fromhex("0c0100ff000001")
    assert CODECS.of(frozenset[i8]).encode(frozenset((1, -1))) == b"\x08\xff\x01"


def test_a_map_in_another_order_is_read_all_the_same() -> None:
    # As the chain's own codec does: it collects the pairs, and the last of equal keys stands.
    assert CODECS.of(dict[u8, u8]).decode(b"\x0c\2\x09\1\x08\2\x07") == {1: 8, 2: 7}


@pytest.mark.parametrize("value", [{Point(1): 1, Point(0): 2}, {1: 1, "a": 2}, {None: 1, 1: 1}])
def test_keys_without_order_are_refused(value: Any) -> None:
    with pytest.raises(ScaleError):
        CODECS.of(dict[Point, u8]).encode(value)


def test_a_set_is_no_sequence_since_its_order_is_nobodys() -> None:
    with pytest.raises(ScaleError, match="not a sequence"):
        CODECS.of(Vec[u8]).encode({1, 2})
    with pytest.raises(ScaleError, match="not a sequence"):
        CODECS.of(Vec[u8]).encode(iter((1, 2)))


def test_nested_values_deeper_than_any_honest_one_are_read() -> None:
    tree = Tree(0, ())
    for depth in range(60):
        tree = Tree(depth, (tree,))
    assert CODECS.of(Tree).decode(CODECS.of(Tree).encode(tree)) == tree


@pytest.mark.parametrize(
    "annotation", [int, dict, list[u8], u8 | u16, Ok[u8] | u8, object(), Compact[i8], Compact[Bytes]]
)
def test_an_annotation_without_encoding_is_refused(annotation: Any) -> None:
    with pytest.raises(ScaleError):
        CODECS.of(annotation)


def test_equal_annotations_share_a_codec_and_different_ones_do_not() -> None:
    assert CODECS.of(Vec[u8]) is CODECS.of(tuple[u8, ...])
    assert CODECS.of(Annotated[u16, Newtype("a::N")]) is CODECS.of(Annotated[u16, Newtype("a::N")])
    kinds = (u8, i8, bool, u16, Vec[u8], Bytes, Compact[u8], Annotated[u8, Newtype("a::N")], H256, AccountId)
    assert len({id(CODECS.of(kind)) for kind in kinds}) == len(kinds)


def test_two_arms_of_an_enum_cannot_share_an_index() -> None:
    with pytest.raises(TypeError):

        class Again(Shape, index=3): ...


def test_a_newtype_is_the_bytes_of_what_is_inside() -> None:
    assert CODECS.of(Annotated[u16, Newtype("a::NetUid")]).encode(258) == b"\x02\x01"
