"""What a runtime tells of itself is what other projects' decoders hear."""

from types import SimpleNamespace
from typing import Any

import bittensor_core
import pytest
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

from ganglion.frame.address import AddressId
from ganglion.frame.metadata import metadata_v14, metadata_v15
from ganglion.frame.runtime import Runtime
from ganglion.pallets.balances import Balances
from ganglion.pallets.core_api import CORE_APIS
from ganglion.pallets.extensions import EXTENSIONS
from ganglion.pallets.system import System
from ganglion.pallets.timestamp import Timestamp
from ganglion.pallets.transaction_payment import TransactionPayment
from ganglion.pallets.utility import Utility

PALLETS = {0: System, 2: Timestamp, 5: Balances, 6: TransactionPayment, 11: Utility}


@pytest.fixture(scope="module")
def runtime(toy: SimpleNamespace) -> Runtime:
    pallets = PALLETS | {20: toy.Book, 21: toy.Other}
    return Runtime(toy.VERSION, pallets, crate="toy_runtime", extensions=EXTENSIONS)


@pytest.fixture(scope="module", params=[metadata_v14, metadata_v15], ids=["14", "15"])
def core(request: pytest.FixtureRequest, runtime: Runtime) -> Any:
    return bittensor_core.Runtime(request.param(runtime), 7, 3, 42)


def test_pallets_keep_their_indices_and_items(core: Any, runtime: Runtime) -> None:
    told = {pallet["name"]: pallet for pallet in core.metadata_ir()["pallets"]}
    assert list(told) == [pallet.name for pallet in runtime.pallets]
    for pallet in runtime.pallets:
        assert told[pallet.name]["index"] == pallet.index
        for item in pallet.storage:
            assert core.storage_entry(pallet.name, item.name).param_hashers == [h.name for h in item.hashers]


def test_constants_have_their_values(core: Any) -> None:
    assert core.constant("Book", "Longest") == 3
    assert core.constant("Balances", "ExistentialDeposit") == 500
    assert core.constant("System", "SS58Prefix") == 42


def test_errors_have_their_names_and_words(core: Any) -> None:
    name, docs = core.module_error(20, 5)
    assert (name, list(docs)) == ("TooLong", ["The note is too long."])


def test_storage_keys_are_made_alike(core: Any, runtime: Runtime) -> None:
    items = {
        item.name: item for pallet in runtime.pallets if pallet.name == "Book" for item in pallet.storage
    }
    assert bytes(core.storage_key("Book", "Places", [7, 258])) == items["Places"].key((7, 258))
    assert bytes(core.storage_key("Book", "Deep", [1, 2, 3])) == items["Deep"].key((1, 2, 3))
    assert bytes(core.storage_key("Book", "Deep", [1, 2])) == items["Deep"].key((1, 2))


def test_calls_are_composed_and_read_alike(core: Any, runtime: Runtime, toy: SimpleNamespace) -> None:
    transfer = runtime.call(Balances.transfer_keep_alive, AddressId(bytes(range(32))), 10**15)
    shelve = runtime.call(toy.Shelf.shelve, 1, 2, 3)
    batch = runtime.call_codec.encode(runtime.call(Utility.batch, (transfer, shelve)))
    told = core.decode_call(batch)
    assert (told["call_module"], told["call_function"]) == ("Utility", "batch")
    inner = bytes(core.compose_call("Book", "shelve", {"shelf": 1, "place": 2, "weight": 3}))
    assert inner == runtime.call_codec.encode(shelve)


def test_extensions_are_listed_in_the_order_of_the_wire(core: Any) -> None:
    assert core.signed_extension_identifiers() == [extension.identifier for extension in EXTENSIONS]


def test_scalecodec_reads_version_14_whole(runtime: Runtime) -> None:
    config = RuntimeConfigurationObject(implements_scale_info=True)
    config.update_type_registry(load_type_registry_preset("core"))
    metadata = config.create_scale_object("MetadataVersioned", data=ScaleBytes(metadata_v14(runtime)))
    metadata.decode()
    assert metadata.data.get_remaining_length() == 0
    assert [pallet.name for pallet in metadata.pallets] == [pallet.name for pallet in runtime.pallets]


def test_runtime_interfaces_are_told_with_inputs_and_output(toy: SimpleNamespace) -> None:
    from ganglion.pallets.aura import Aura

    runtime = Runtime(toy.VERSION, PALLETS | {3: Aura}, crate="t", extensions=EXTENSIONS, apis=CORE_APIS)
    told = bittensor_core.Runtime(metadata_v15(runtime), 7, 3, 42).runtime_api_map()
    assert set(told) == {api.trait for api in CORE_APIS}
    query = told["TransactionPaymentApi"]["query_info"]
    assert [name for name, _ in query["inputs"]] == ["uxt", "len"]


def test_metadata_of_one_runtime_is_the_same_bytes_each_time(runtime: Runtime) -> None:
    assert metadata_v15(runtime) == metadata_v15(runtime)
    assert metadata_v14(runtime) == metadata_v14(runtime)
