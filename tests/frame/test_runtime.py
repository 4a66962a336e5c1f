"""A runtime is assembled from declarations, and contradictions among them are found at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ganglion.crypto.hashing import Identity
from ganglion.frame.api import RuntimeApi, api_id, api_method
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import DispatchFailed, Error, Module, ModuleError
from ganglion.frame.event import Event, EventRecord, Finalization
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.runtime import UNWEIGHED, Runtime
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.scale import ScaleError
from ganglion.scale.types import Vec, u8, u32


def assemble(toy: SimpleNamespace, *pallets: type[Pallet], **options: Any) -> Runtime:
    return Runtime(toy.VERSION, dict(enumerate(pallets)), crate="t", **options)


def test_an_undeclared_weight_is_not_free(toy_runtime: Runtime, toy: SimpleNamespace) -> None:
    assert toy_runtime.info(toy_runtime.call(toy.Shelf.shelve, 1, 2, 3)) == UNWEIGHED.info


def test_errors_become_the_index_of_pallet_and_error(toy_runtime: Runtime, toy: SimpleNamespace) -> None:
    recorded = toy_runtime.dispatch_error(toy.Book.TooLong(4))
    assert recorded == Module(ModuleError(3, b"\5\0\0\0"))
    assert isinstance(recorded, Module)
    assert toy_runtime.error_of(recorded.error) is toy.Book.TooLong
    assert toy_runtime.error_of(ModuleError(3, b"\6\0\0\0")) is None


def test_a_failure_of_no_kind_is_not_recorded(toy_runtime: Runtime) -> None:
    with pytest.raises(TypeError):
        toy_runtime.dispatch_error(DispatchFailed())


def test_constants_may_be_replaced_by_wire_name(toy: SimpleNamespace, make_world: Any) -> None:
    runtime = assemble(toy, toy.Book, constant_values={"Book.Longest": 9})
    assert make_world(runtime)[toy.Book].longest == 9


def test_events_come_back_with_their_phase(toy_runtime: Runtime, toy: SimpleNamespace) -> None:
    codec = toy_runtime.codecs.of(EventRecord)
    record = EventRecord(Finalization(), toy.Book.Written(b"a" * 32, (1, 2)))
    assert codec.encode(record).hex() == "01" + "03" + "02" + "61" * 32 + "080102" + "00"
    assert codec.decode(codec.encode(record)) == record
    assert toy_runtime.event_codec.pallet_of(record.event) == "Book"


@pytest.mark.parametrize("data", ["", "03", "0303", "0402", "03020000"])
def test_bytes_that_are_no_event_are_refused(toy_runtime: Runtime, data: str) -> None:
    with pytest.raises(ScaleError):
        toy_runtime.event_codec.decode(bytes.fromhex(data))


def test_events_and_calls_of_others_are_not_written(toy_runtime: Runtime) -> None:
    class Strange(Event, index=2):
        """Of no pallet."""

    for codec, value in (
        (toy_runtime.event_codec, Strange()),
        (toy_runtime.pallets[1].events, Strange()),
        (toy_runtime.call_codec, RuntimeCall("Book", "burn")),
        (toy_runtime.call_codec, RuntimeCall("Shop", "buy")),
        (toy_runtime.call_codec, RuntimeCall("Book", "write", ())),
        (toy_runtime.call_codec, "Book.write"),
    ):
        assert codec is not None
        with pytest.raises(ScaleError):
            codec.encode(value)


def test_two_pallets_of_one_class_name_are_refused(toy: SimpleNamespace) -> None:
    with pytest.raises(TypeError, match="same class name"):
        assemble(toy, toy.Book, toy.Book)


def test_two_errors_of_one_index_are_refused(toy: SimpleNamespace) -> None:
    class Twice(Pallet):
        class One(Error, index=0): ...

        class Two(Error, index=0): ...

    with pytest.raises(TypeError, match="share index 0"):
        assemble(toy, Twice)


def test_two_calls_of_one_index_are_refused(toy: SimpleNamespace) -> None:
    class TwoCalls(Pallet):
        @call(index=1)
        def one(self, origin: Origin) -> None: ...

        @call(index=1)
        def two(self, origin: Origin) -> None: ...

    with pytest.raises(TypeError, match="declares call index 1 twice"):
        assemble(toy, TwoCalls)


def test_two_items_of_one_name_are_refused(toy: SimpleNamespace) -> None:
    class TwoItems(Pallet):
        item: StorageValue[u8] = storage(default=0)
        other: StorageValue[u8] = storage(default=0, name="Item")

    with pytest.raises(TypeError, match="declares storage item Item twice"):
        assemble(toy, TwoItems)


def test_as_many_hashers_as_keys_are_needed(toy: SimpleNamespace) -> None:
    class Odd(Pallet):
        item: StorageMap[u8, u8] = storage(default=0)

    with pytest.raises(TypeError, match="1 keys, 0 hashers"):
        assemble(toy, Odd)


def test_an_item_without_default_must_be_optional(toy: SimpleNamespace) -> None:
    class NoDefault(Pallet):
        item: StorageValue[u8] = storage()

    class NoStorage(Pallet):
        item: Vec[u8] = storage(Identity)

    with pytest.raises(TypeError, match="optional"):
        assemble(toy, NoDefault)
    with pytest.raises(TypeError, match="no storage class"):
        assemble(toy, NoStorage)


class LibraryApi(RuntimeApi, version=4):
    """Questions about books."""

    book: Book  # noqa: F821

    @api_method
    def notes_of(self, author: u8, from_: u32) -> Vec[u8]:
        """What an author wrote."""
        return self.book.notes[bytes((author,)) * 32][from_:]


def test_interfaces_are_known_by_name_and_versioned(toy: SimpleNamespace, make_world: Any) -> None:
    runtime = assemble(toy, toy.Book, apis=(LibraryApi,))
    assert runtime.version.apis == ((api_id("LibraryApi"), 4),)
    cls, method = runtime.api_methods["LibraryApi_notes_of"]
    assert [(field.name, field.codec.name) for field in method.inputs] == [("author", "u8"), ("from", "u32")]
    world = make_world(runtime)
    world[toy.Book].notes[b"\1" * 32] = (5, 6)
    assert method.output.encode(getattr(world[cls], method.name)(1, 1)) == b"\x04\x06"


def test_an_interface_id_is_the_real_chains() -> None:
    assert api_id("Core").hex() == "df6acb689907609b"
    assert api_id("Metadata").hex() == "37e397fc7c91f5e4"


def test_a_constant_is_declared_with_its_type(toy: SimpleNamespace) -> None:
    class Limits(Pallet):
        most: u8 = constant(300)

    from ganglion.frame.metadata import metadata_v14

    with pytest.raises(ScaleError):
        metadata_v14(assemble(toy, Limits))
