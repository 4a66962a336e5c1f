"""Proofs: what they show, what they hold, and that nothing can be lied about."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ganglion.crypto.hashing import blake2_256
from ganglion.state.errors import IncompleteProof, MalformedNode, StateError
from ganglion.state.proof import prove, verify_proof
from ganglion.state.trie import NO_NODE, decode_record, update_trie
from ganglion.state.trie_codec import EMPTY_ROOT


def grow(pairs, version=1):
    update = update_trie(None, NO_NODE, EMPTY_ROOT, sorted(pairs.items()), state_version=version)
    return update.root, lambda keys: prove(
        lambda node_id: decode_record(update.created[node_id]), update.root_id, keys, version
    )


LONG = b"l" * 33
PAIRS = {b"a": b"1", b"ab": LONG, b"abc": b"3", b"b": b"4" * 32, b"k" * 40: LONG + b"!"}

KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10, 0xFF]), max_size=4).map(bytes)
STATES = st.dictionaries(KEYS, st.binary(max_size=3) | st.binary(min_size=31, max_size=34), max_size=12)


@pytest.mark.parametrize("version", [0, 1])
@given(pairs=STATES, keys=st.lists(KEYS, max_size=5))
def test_a_proof_shows_what_every_key_holds(version, pairs, keys):
    root, prove_keys = grow(pairs, version)
    assert verify_proof(root, prove_keys(keys), keys) == {key: pairs.get(key) for key in keys}


@given(STATES, st.lists(KEYS, min_size=1, max_size=5))
def test_no_entry_of_a_proof_is_superfluous(pairs, keys):
    root, prove_keys = grow(pairs)
    proof = prove_keys(keys)
    assert list(proof) == sorted(set(proof))
    for missing in proof:
        with pytest.raises(IncompleteProof):
            verify_proof(root, [entry for entry in proof if entry != missing], keys)


@given(STATES, STATES, st.lists(KEYS, min_size=1, max_size=5))
def test_entries_of_another_state_cannot_make_a_root_lie(pairs, others, keys):
    root, prove_keys = grow(pairs)
    forged = [*prove_keys(keys), *grow(others)[1](keys)]
    assert verify_proof(root, forged, keys) == {key: pairs.get(key) for key in keys}


@given(STATES, st.lists(KEYS, min_size=1, max_size=3), st.data())
def test_a_changed_proof_is_refused_or_says_the_same(pairs, keys, data):
    root, prove_keys = grow(pairs)
    proof = [bytearray(entry) for entry in prove_keys(keys)]
    assume(proof)
    entry = data.draw(st.sampled_from(proof))
    entry[data.draw(st.integers(0, len(entry) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StateError):
        verify_proof(root, map(bytes, proof), keys)


def test_a_proof_of_a_long_value_holds_the_value_itself():
    _, prove_keys = grow(PAIRS)
    assert LONG in prove_keys([b"ab"])
    assert LONG not in prove_keys([b"abc", b"b"])


def test_a_proof_shows_nothing_of_keys_it_was_not_made_for():
    root, prove_keys = grow(PAIRS)
    with pytest.raises(IncompleteProof) as refusal:
        verify_proof(root, prove_keys([b"b"]), [b"ab"])
    assert refusal.value.key == b"ab"


def test_the_empty_state_needs_no_proof():
    root, prove_keys = grow({})
    assert (root, prove_keys([b"key"])) == (EMPTY_ROOT, ())
    assert verify_proof(root, (), [b"key"]) == {b"key": None}


def test_a_root_that_hashes_no_node_is_refused():
    with pytest.raises(MalformedNode):
        verify_proof(blake2_256(b"\x01nonsense"), [b"\x01nonsense"], [b"key"])
