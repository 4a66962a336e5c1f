"""Bodies are stored as SCALE vectors and come back byte for byte."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ganglion.node.block_store import BlockStore, join_extrinsics, split_extrinsics
from ganglion.scale.containers import VecCodec
from ganglion.scale.primitives import BYTES
from ganglion.state.memory import MemoryStore


@given(st.lists(st.binary(max_size=100_000), max_size=5))
def test_extrinsics_survive_the_body(payloads: list[bytes]) -> None:
    extrinsics = tuple(BYTES.encode(payload) for payload in payloads)
    body = join_extrinsics(extrinsics)
    assert split_extrinsics(body) == extrinsics
    assert body == VecCodec(BYTES).encode(tuple(payloads))


def test_nothing_is_found_in_an_empty_store() -> None:
    blocks = BlockStore(MemoryStore())
    assert blocks.header(0) is None
    assert blocks.hash_of(0) is None
    assert blocks.body(0) is None
    assert blocks.number_of(bytes(32)) is None
    assert blocks.number_of(b"short") is None
