"""Storage keys, calls and signed extrinsics that `bittensor-core` made: ours must be the same bytes.

The vectors are of the whole real chain; what our runtime does not have yet is passed over, and a test says
how much was compared.
"""

from typing import Any

import pytest
from published import Published
from served import Served

from ganglion.crypto import ss58
from ganglion.crypto.hashing import blake2_256
from ganglion.frame.extrinsic import ExtrinsicCodec
from ganglion.frame.runtime import Runtime


def bytes_of(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def key_part(value: Any) -> Any:
    """A key as the vectors write it (address, hex, number) as the runtime takes it."""
    if isinstance(value, str):
        return bytes_of(value) if value.startswith("0x") else ss58.decode(value)
    return value


def known_keys(runtime: Runtime, published: Published) -> list[tuple[Any, dict[str, Any]]]:
    """Storage items of ours with the vectors for them."""
    items = {(item.pallet, item.name): item for pallet in runtime.pallets for item in pallet.storage}
    return [
        (items[vector["pallet"], vector["item"]], vector)
        for vector in published.vectors["storage_keys"]
        if (vector["pallet"], vector["item"]) in items
    ]


def known_calls(served: Served, published: Published) -> list[dict[str, Any]]:
    """Vectors of calls that we have, whose inner calls (if any) we have too."""
    return [
        vector
        for vector in published.vectors["calls"]
        if vector["call"] in served.calls.get(vector["pallet"], {})
    ]


def test_storage_keys_are_the_published_bytes(runtime: Runtime, published: Published) -> None:
    for item, vector in known_keys(runtime, published):
        assert item.key(tuple(map(key_part, vector["params"]))) == bytes_of(vector["key"]), vector


def test_storage_keys_lead_back_to_what_they_are_made_of(runtime: Runtime, published: Published) -> None:
    for item, vector in known_keys(runtime, published):
        assert item.parts(bytes_of(vector["key"])) == tuple(map(key_part, vector["params"])), vector


def test_calls_are_decoded_to_their_names_and_encoded_to_the_same_bytes(
    runtime: Runtime, served: Served, published: Published
) -> None:
    for vector in known_calls(served, published):
        data = bytes_of(vector["data"])
        call = runtime.call_codec.decode(data)
        assert (call.pallet, call.function) == (vector["pallet"], vector["call"])
        assert runtime.call_codec.encode(call) == data, vector


def test_calls_composed_by_bittensor_core_from_our_metadata_are_the_published_bytes(
    served: Served, published: Published
) -> None:
    inner = ("call", "calls")
    for vector in known_calls(served, published):
        params = {
            name: embedded(value) if name in inner else value for name, value in vector["params"].items()
        }
        composed = served.core.compose_call(vector["pallet"], vector["call"], params)
        assert bytes(composed) == bytes_of(vector["data"]), vector


def embedded(value: Any) -> Any:
    """Calls inside a call, which the vectors write as hex and the composer takes as bytes."""
    return [bytes_of(call) for call in value] if isinstance(value, list) else bytes_of(value)


def test_most_vectors_for_the_first_pallets_are_compared(
    runtime: Runtime, served: Served, published: Published
) -> None:
    assert len(known_keys(runtime, published)) >= 15
    assert len(known_calls(served, published)) >= 12


@pytest.mark.parametrize("at", [0, 1], ids=["immortal", "mortal"])
def test_a_signed_extrinsic_is_decoded_and_built_to_the_published_bytes(
    runtime: Runtime, published: Published, at: int
) -> None:
    vector, codec = published.vectors["signing"][at], ExtrinsicCodec(runtime)
    raw = bytes_of(vector["extrinsic"])
    extrinsic = codec.decode(raw)
    assert runtime.call_codec.encode(extrinsic.call) == bytes_of(vector["call"])
    assert extrinsic.signed is not None
    assert codec.encode_signed(extrinsic.call, extrinsic.signed) == raw
    assert extrinsic.hash == blake2_256(raw) == bytes_of(vector["extrinsic_hash"])


@pytest.mark.parametrize("at", [0, 1], ids=["immortal", "mortal"])
def test_what_is_signed_is_the_published_payload(runtime: Runtime, published: Published, at: int) -> None:
    vector, codec = published.vectors["signing"][at], ExtrinsicCodec(runtime)
    implied = {
        "CheckSpecVersion": vector["spec_version"],
        "CheckTxVersion": vector["transaction_version"],
        "CheckGenesis": bytes_of(vector["genesis_hash"]),
        "CheckMortality": bytes_of(vector["era_block_hash"]),
        "CheckMetadataHash": None,
    }
    implicit = tuple(implied.get(extension.identifier, ()) for extension in runtime.extensions)
    extrinsic = codec.decode(bytes_of(vector["extrinsic"]))
    assert codec.payload(extrinsic.signable, implicit) == bytes_of(vector["payload"])
