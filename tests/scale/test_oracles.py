"""What we encode, the codecs of two other projects decode, and what they encode, we decode.

bittensor-core and scalecodec know types only through metadata, so the metadata of a pallet that stores one of
each is checked on the way.
"""

from collections.abc import Callable
from typing import Annotated, Any

import bittensor_core
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

from ganglion.crypto import ss58
from ganglion.frame.address import Address20, Address32, AddressId, AddressRaw, MultiAddress
from ganglion.frame.era import ERA, Era
from ganglion.frame.metadata import metadata_v14, metadata_v15
from ganglion.frame.pallet import Pallet
from ganglion.frame.runtime import Runtime
from ganglion.frame.storage import StorageValue, storage
from ganglion.frame.version import RuntimeVersion
from ganglion.scale import Codec, Enum, Struct
from ganglion.scale.markers import Bounded, Length
from ganglion.scale.types import (
    H256,
    U256,
    AccountId,
    Bytes,
    Bytes4,
    Compact,
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


class Point(Struct, path="test::Point"):
    x: u16
    tag: Bytes4


class Shape(Enum, path="test::Shape"): ...


class Empty(Shape, index=0): ...


class Circle(Shape, index=3, positional=True):
    radius: Compact[u32]


class Box(Shape, index=4):
    width: u8
    names: Vec[u16]


class Zoo(Pallet, crate="pallet_zoo"):
    """One of each."""

    a_u8: StorageValue[u8] = storage(default=0)
    a_u32: StorageValue[u32] = storage(default=0)
    a_u64: StorageValue[u64] = storage(default=0)
    a_u128: StorageValue[u128] = storage(default=0)
    a_i8: StorageValue[i8] = storage(default=0)
    a_i64: StorageValue[i64] = storage(default=0)
    a_i128: StorageValue[i128] = storage(default=0)
    a_u256: StorageValue[U256] = storage(default=0)
    a_bool: StorageValue[bool] = storage(default=False)
    a_text: StorageValue[str] = storage(default="")
    a_compact: StorageValue[Compact[u64]] = storage(default=0)
    a_big_compact: StorageValue[Compact[u128]] = storage(default=0)
    an_option: StorageValue[u16 | None] = storage(default=None)
    a_vec: StorageValue[Vec[u16]] = storage(default=())
    a_nested_vec: StorageValue[Vec[Vec[i64]]] = storage(default=())
    a_bounded_vec: StorageValue[Annotated[Vec[u32], Bounded(9)]] = storage(default=())
    a_tuple: StorageValue[tuple[u8, bool, u64]] = storage(default=(0, False, 0))
    an_array: StorageValue[Annotated[Vec[u16], Length(3)]] = storage(default=(0, 0, 0))
    some_bytes: StorageValue[Bytes] = storage(default=b"")
    a_hash: StorageValue[H256] = storage(default=bytes(32))
    a_struct: StorageValue[Point | None] = storage()
    an_enum: StorageValue[Shape] = storage(default=Empty())
    a_map: StorageValue[dict[u16, u64]] = storage(default={})
    an_account: StorageValue[AccountId] = storage(default=bytes(32))
    an_address: StorageValue[MultiAddress | None] = storage()
    an_era: StorageValue[Annotated[Era, ERA]] = storage(default=Era())


RUNTIME = Runtime(RuntimeVersion("zoo", "zoo", 1, 1, 1, (), 1, 1), {0: Zoo}, crate="zoo_runtime")
ITEMS = {item.name: item for item in RUNTIME.pallets[0].storage}

integers = {
    "AU8": st.integers(0, 2**8 - 1),
    "AU32": st.integers(0, 2**32 - 1),
    "AU64": st.integers(0, 2**64 - 1),
    "AU128": st.integers(0, 2**128 - 1),
    "AI8": st.integers(-(2**7), 2**7 - 1),
    "AI64": st.integers(-(2**63), 2**63 - 1),
    "AI128": st.integers(-(2**127), 2**127 - 1),
    "ACompact": st.integers(0, 2**64 - 1),
    "ABigCompact": st.integers(0, 2**128 - 1),
}
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    **integers,
    "ABool": st.booleans(),
    "AText": st.text(max_size=20),
    "AnOption": st.none() | st.integers(0, 2**16 - 1),
    "AVec": st.lists(st.integers(0, 2**16 - 1)).map(tuple),
    "ANestedVec": st.lists(st.lists(integers["AI64"], max_size=3).map(tuple), max_size=3).map(tuple),
    "ABoundedVec": st.lists(integers["AU32"], max_size=9).map(tuple),
    "ATuple": st.tuples(integers["AU8"], st.booleans(), integers["AU64"]),
    "AnArray": st.tuples(*[st.integers(0, 2**16 - 1)] * 3),
}
"""Types whose values are the same Python values to everybody, lists for tuples apart."""


def plain(value: Any) -> Any:
    return [plain(part) for part in value] if isinstance(value, (list, tuple)) else value


@pytest.fixture(scope="module")
def core() -> bittensor_core.Runtime:
    return bittensor_core.Runtime(metadata_v15(RUNTIME), 1, 1, 42)


@pytest.fixture(scope="module")
def by_core(core: bittensor_core.Runtime) -> Callable[[str, bytes], Any]:
    return lambda name, data: core.decode(core.storage_entry("Zoo", name).value_type, data)


@pytest.fixture(scope="module")
def scalecodec_type() -> Callable[[str], Any]:
    config = RuntimeConfigurationObject(implements_scale_info=True)
    config.update_type_registry(load_type_registry_preset("core"))
    metadata = config.create_scale_object("MetadataVersioned", data=ScaleBytes(metadata_v14(RUNTIME)))
    metadata.decode()
    config.add_portable_registry(metadata)
    items = {item.value["name"]: item for item in metadata.pallets[0].storage}

    def find(name: str) -> Any:
        return lambda data=None: config.create_scale_object(
            items[name].get_value_type_string(), data=None if data is None else ScaleBytes(data)
        )

    return find


@pytest.mark.parametrize("name", PLAIN)
@settings(max_examples=25)
@given(data=st.data())
def test_bittensor_core_reads_and_writes_the_same(core: Any, name: str, data: st.DataObject) -> None:
    value, codec = data.draw(PLAIN[name]), ITEMS[name].value
    kind = core.storage_entry("Zoo", name).value_type
    encoded = codec.encode(value)
    assert plain(core.decode(kind, encoded)) == plain(value)
    assert core.encode(kind, plain(value)) == encoded


@pytest.mark.parametrize("name", PLAIN)
@settings(max_examples=25)
@given(data=st.data())
def test_scalecodec_reads_and_writes_the_same(scalecodec_type: Any, name: str, data: st.DataObject) -> None:
    value, codec = data.draw(PLAIN[name]), ITEMS[name].value
    encoded = codec.encode(value)
    assert plain(scalecodec_type(name)(encoded).decode()) == plain(value)
    # scalecodec does not write a vector that is wrapped in a type of its own.
    written = [plain(value)] if name == "ABoundedVec" else plain(value)
    assert bytes(scalecodec_type(name)().encode(written).data) == encoded


@given(st.integers(0, 2**256 - 1))
def test_u256_is_read_alike(by_core: Any, value: int) -> None:
    assert by_core("AU256", ITEMS["AU256"].value.encode(value)) == value


@given(st.dictionaries(st.integers(0, 2**16 - 1), st.integers(0, 2**64 - 1)))
def test_maps_are_read_alike(by_core: Any, value: dict[int, int]) -> None:
    assert by_core("AMap", ITEMS["AMap"].value.encode(value)) == value


@given(st.binary(min_size=32, max_size=32))
def test_accounts_and_hashes_are_read_alike(by_core: Any, value: bytes) -> None:
    assert by_core("AnAccount", ITEMS["AnAccount"].value.encode(value)) == ss58.encode(value)
    assert by_core("AHash", ITEMS["AHash"].value.encode(value)) == f"0x{value.hex()}"


def test_structs_and_enums_are_read_alike(by_core: Any) -> None:
    def read(name: str, value: Any) -> Any:
        codec: Codec = ITEMS[name].value
        return by_core(name, codec.encode(value))

    assert read("AStruct", Point(7, b"\1\2\3\4")) == {"x": 7, "tag": "0x01020304"}
    assert read("AnEnum", Empty()) == "Empty"
    assert read("AnEnum", Circle(70_000)) == {"Circle": 70_000}
    assert read("AnEnum", Box(1, (2, 3))) == {"Box": {"width": 1, "names": [2, 3]}}


def test_addresses_are_read_alike(by_core: Any) -> None:
    codec = ITEMS["AnAddress"].value
    account = bytes(range(32))
    assert by_core("AnAddress", codec.encode(AddressId(account))) == ss58.encode(account)
    for address, variant in (
        (AddressRaw(b"ab"), "Raw"),
        (Address32(account), "Address32"),
        (Address20(bytes(20)), "Address20"),
    ):
        assert list(by_core("AnAddress", codec.encode(address))) == [variant]


@pytest.mark.parametrize("period", [1 << power for power in range(2, 17)])
def test_eras_are_those_of_bittensor_core(core: Any, period: int) -> None:
    for current in (0, 1, 5, period - 1, period, 3 * period + 77, 9_999_999):
        era = Era.mortal(period, current)
        encoded = ERA.encode(era)
        assert core.encode_era({"period": period, "current": current}) == encoded
        assert core.decode(core.storage_entry("Zoo", "AnEra").value_type, encoded) == (era.period, era.phase)


def test_defaults_in_metadata_are_the_declared_ones(core: Any) -> None:
    for item in ITEMS.values():
        entry = core.storage_entry("Zoo", item.name)
        expected = item.value.encode(item.default) if item.has_default else b"\0"
        assert bytes(entry.default_bytes) == expected, item.name
