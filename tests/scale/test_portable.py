"""The registry numbers every type once, in the order in which it is met."""

import pytest

from ganglion.scale import Codecs, ScaleError, Struct
from ganglion.scale.containers import Some, VecCodec
from ganglion.scale.description import Primitive, TypeInfo
from ganglion.scale.portable import PortableTypes
from ganglion.scale.primitives import BYTES, U8, IntCodec, read_compact
from ganglion.scale.types import Bytes, Vec, u8, u16


class Node(Struct):
    """Contains itself."""

    next: "Vec[Node]"


def test_types_are_numbered_as_they_are_met_and_once() -> None:
    types, codecs = PortableTypes(), Codecs()
    assert [types.id_of(codecs.of(kind)) for kind in (u16, u8, Vec[u8], u16)] == [0, 1, 2, 0]


def test_codecs_that_describe_the_same_type_share_its_number() -> None:
    types = PortableTypes()
    assert types.id_of(BYTES) == types.id_of(VecCodec(U8))
    assert types.id_of(IntCodec(16)) == types.id_of(IntCodec(16))


def test_codecs_that_are_gone_leave_their_number_to_nobody() -> None:
    types = PortableTypes()
    numbers = {types.id_of(IntCodec(bits)) for bits in (8, 16, 32, 64, 128)}
    assert len(numbers) == 5


def test_a_type_that_contains_itself_is_described_once() -> None:
    types = PortableTypes()
    types.id_of(Codecs().of(Node))
    assert read_compact(types.encode(), 0)[0] == 2  # Node and Vec<Node>


def test_some_is_no_type_of_its_own() -> None:
    types, codecs = PortableTypes(), Codecs()
    assert types.id_of(codecs.of(Some[Bytes])) == types.id_of(codecs.of(Bytes))


def test_a_definition_that_scale_info_does_not_know_is_refused() -> None:
    class Odd(IntCodec):
        def describe(self) -> TypeInfo:
            return TypeInfo("odd")  # type: ignore[arg-type]

    types = PortableTypes()
    types.id_of(Odd(8))
    with pytest.raises(ScaleError):
        types.encode()


def test_primitives_have_the_names_of_scale_info() -> None:
    assert IntCodec(64, signed=True).describe() == TypeInfo(Primitive("i64"))
