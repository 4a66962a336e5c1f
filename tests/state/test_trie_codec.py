"""Encoding of single nodes: known bytes, round trips, and bytes that are no node."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.hashing import blake2_256
from ganglion.state.errors import MalformedNode
from ganglion.state.trie_codec import (
    LongValue,
    Node,
    decode_node,
    decode_node_prefix,
    encode_node,
    reference,
)

PARTIALS = st.text("0123456789abcdef", max_size=6) | st.integers(10, 700).map(lambda size: "a" * size)
SHORT = st.binary(max_size=40)
LONG = st.binary(min_size=32, max_size=32).map(LongValue)
REFERENCES = st.one_of(st.none(), st.binary(max_size=40).map(reference))


def branch(children, partial="", value=None):
    return Node(partial, value, [children.get(index) for index in range(16)])


def parts(node):
    return node.partial, node.value, node.refs


@pytest.mark.parametrize(
    ("node", "encoded"),
    [
        (Node("", None), "00"),
        (Node("", b""), "40" + "00"),
        (Node("a", b"\x02"), "41" + "0a" + "0402"),
        (Node("1" * 62, b""), "7e" + "11" * 31 + "00"),
        (Node("1" * 63, b""), "7f00" + "01" + "11" * 31 + "00"),
        (Node("1" * 318, b""), "7fff00" + "11" * 159 + "00"),
        (Node("12", LongValue(b"\x07" * 32)), "22" + "12" + "07" * 32),
        (Node("1" * 31, LongValue(b"\x07" * 32)), "3f00" + "01" + "11" * 15 + "07" * 32),
        (branch({0: b"\x04\x40", 15: b"\x80" + b"\x09" * 32}), "80" + "0180" + "0440" + "80" + "09" * 32),
        (branch({1: b"\x04\x40"}, "ab", b"v"), "c2" + "ab" + "0200" + "0476" + "0440"),
        (branch({1: b"\x04\x40"}, "ab", LongValue(b"\x07" * 32)), "12" + "ab" + "0200" + "07" * 32 + "0440"),
    ],
)
def test_known_nodes_have_known_bytes(node, encoded):
    assert encode_node(node, 1).hex() == encoded
    assert parts(decode_node(bytes.fromhex(encoded))) == parts(node)


@given(PARTIALS, st.none() | SHORT | LONG, st.lists(REFERENCES, min_size=16, max_size=16))
def test_branches_survive_a_round_trip(partial, value, refs):
    node = Node(partial, value, refs)
    assert parts(decode_node(encode_node(node, 0))) == parts(node)


@given(PARTIALS, SHORT | LONG, st.binary(max_size=5))
def test_leaves_survive_a_round_trip_and_tell_where_they_end(partial, value, rest):
    encoded = encode_node(Node(partial, value), 0)
    node, end = decode_node_prefix(encoded + rest)
    assert (parts(node), end) == (parts(Node(partial, value)), len(encoded))


@given(st.binary(max_size=80))
def test_only_version_one_hashes_values_and_only_those_over_32_bytes(value):
    digest = LongValue(blake2_256(value))
    assert decode_node(encode_node(Node("1", value), 0)).value == value
    assert decode_node(encode_node(Node("1", value), 1)).value == (digest if len(value) > 32 else value)


@given(st.binary(max_size=40))
def test_a_reference_is_a_hash_or_the_whole_encoding(encoded):
    ref = reference(encoded)
    assert ref == (
        b"\x80" + blake2_256(encoded) if len(encoded) >= 32 else bytes([len(encoded) * 4]) + encoded
    )


@given(PARTIALS, SHORT | LONG, st.data())
def test_a_node_cut_short_or_with_bytes_left_over_is_refused(partial, value, data):
    encoded = encode_node(Node(partial, value), 0)
    cut = data.draw(st.integers(0, len(encoded) - 1))
    for wrong in (encoded[:cut], encoded + b"\0"):
        with pytest.raises(MalformedNode) as refusal:
            decode_node(wrong)
        assert refusal.value.data == wrong


@pytest.mark.parametrize(
    "encoded", ["", "01", "4110" + "00", "8001000540", "80010084" + "00" * 33, "4003000000"]
)
def test_bytes_against_the_rules_are_refused(encoded):
    with pytest.raises(MalformedNode):
        decode_node(bytes.fromhex(encoded))


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_a_node_that_survives_a_round_trip(data):
    try:
        node = decode_node(data)
    except MalformedNode:
        return
    assert parts(decode_node(encode_node(node, 0))) == parts(node)
