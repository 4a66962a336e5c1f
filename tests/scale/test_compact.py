"""Compact integers: four modes, each value in its shortest form and in no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.scale import ScaleError
from ganglion.scale.primitives import read_compact, write_compact

GREATEST = (1 << 536) - 1


def compact(value: int) -> bytes:
    out = bytearray()
    write_compact(value, out)
    return bytes(out)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "00"),
        (63, "fc"),
        (64, "0101"),
        (16_383, "fdff"),
        (16_384, "02000100"),
        (2**30 - 1, "feffffff"),
        (2**30, "0300000040"),
        (2**32 - 1, "03ffffffff"),
        (2**32, "070000000001"),
        (2**64 - 1, "13ffffffffffffffff"),
        (2**128 - 1, "33" + "ff" * 16),
        (GREATEST, "ff" + "ff" * 67),
    ],
)
def test_the_edges_of_the_modes(value: int, expected: str) -> None:
    assert compact(value).hex() == expected
    assert read_compact(bytes.fromhex(expected), 0) == (value, len(expected) // 2)


@given(st.integers(0, GREATEST))
def test_every_value_has_one_form(value: int) -> None:
    assert read_compact(b"x" + compact(value) + b"y", 1) == (value, 1 + len(compact(value)))


@pytest.mark.parametrize(
    "data",
    ["0100", "fd00", "02000000", "feff0000", "0300000000", "03ffffff3f", "070000004000", "33" + "00" * 16],
)
def test_a_longer_form_is_refused(data: str) -> None:
    with pytest.raises(ScaleError, match="shortest"):
        read_compact(bytes.fromhex(data), 0)


@given(st.binary(max_size=70))
def test_any_bytes_are_the_shortest_form_or_refused(data: bytes) -> None:
    try:
        value, end = read_compact(data, 0)
    except ScaleError:
        return
    assert compact(value) == data[:end]


@pytest.mark.parametrize("value", [-1, GREATEST + 1, 1.0, "1", None])
def test_what_has_no_compact_form_is_refused(value: object) -> None:
    with pytest.raises(ScaleError):
        compact(value)  # type: ignore[arg-type]
