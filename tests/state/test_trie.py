"""The trie against roots of the real implementation, and incremental updates against rebuilding."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.hashing import blake2_256
from ganglion.state.trie import NO_NODE, LongValue, decode_record, has_record, trie_root, update_trie
from ganglion.state.trie_codec import EMPTY_ROOT

VECTORS = Path(__file__).parents[1] / "vectors" / "trie"
ROOTS = json.loads((VECTORS / "roots.json").read_text())
GENESIS = json.loads((VECTORS / "test_network_genesis.json").read_text())


def unhex(text):
    return bytes.fromhex(text.removeprefix("0x"))


class StoredTrie:
    """A trie kept as records in a dict, as the state database keeps it."""

    def __init__(self):
        self.records, self.root_id, self.root, self.next_id = {}, NO_NODE, EMPTY_ROOT, 1

    def load(self, node_id):
        return decode_record(self.records[node_id])

    def apply(self, changes):
        ordered = sorted(changes.items())
        update = update_trie(self.load, self.root_id, self.root, ordered, next_id=self.next_id)
        for node_id in update.retired:
            del self.records[node_id]
        self.records |= update.created
        self.root_id, self.root, self.next_id = update.root_id, update.root, update.next_id
        return update


@pytest.mark.parametrize("case", ROOTS["cases"], ids=lambda case: case["name"])
@pytest.mark.parametrize("version", [0, 1])
def test_roots_equal_those_of_the_real_implementation(case, version):
    pairs = {unhex(key): unhex(value) for key, value in case["entries"]}
    assert trie_root(pairs, version) == unhex(case[f"root_v{version}"])


def test_each_single_update_leads_to_the_known_root():
    trie = StoredTrie()
    for key, value, root in ROOTS["incremental"]["steps"]:
        trie.apply({unhex(key): None if value is None else unhex(value)})
        assert trie.root == unhex(root)


def test_genesis_of_the_public_test_network_has_the_hash_its_clients_know():
    pairs = {
        unhex(key): unhex(value) if isinstance(value, str) else LongValue(unhex(value["blake2_256"]))
        for key, value in GENESIS["entries"]
    }
    root = trie_root(pairs)
    assert root == unhex(GENESIS["state_root"])
    header = bytes(32) + b"\0" + root + EMPTY_ROOT + b"\0"
    assert blake2_256(header) == unhex(GENESIS["block_hash"])


# Few letters and both empty and nested keys, so that nodes split, collapse and carry values.
KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10, 0xFF]), max_size=4).map(bytes)
VALUES = st.one_of(st.none(), st.binary(max_size=3), st.binary(min_size=31, max_size=34))
BATCHES = st.lists(st.dictionaries(KEYS, VALUES, max_size=12), max_size=8)


@given(BATCHES)
def test_incremental_batches_lead_where_rebuilding_leads(batches):
    trie, model = StoredTrie(), {}
    for batch in batches:
        trie.apply(batch)
        model |= batch
        assert trie.root == trie_root({key: value for key, value in model.items() if value is not None})


@given(BATCHES)
def test_exactly_the_nodes_of_the_trie_stay_stored(batches):
    trie = StoredTrie()
    for batch in batches:
        trie.apply(batch)
    reached, waiting = set(), [trie.root_id] if trie.root_id != NO_NODE else []
    while waiting:
        node_id = waiting.pop()
        reached.add(node_id)
        waiting += (each for each in trie.load(node_id).ids if each and has_record(each))
    assert reached == set(trie.records)


@given(BATCHES, st.dictionaries(KEYS, VALUES, max_size=12))
def test_writing_what_is_there_already_makes_no_node(batches, last):
    trie, model = StoredTrie(), dict.fromkeys(last)
    for batch in [*batches, last]:
        trie.apply(batch)
        model |= batch
    update = trie.apply({key: model[key] for key in model})
    assert (update.created, update.retired) == ({}, ())


def test_deleting_everything_leads_back_to_the_empty_trie():
    trie = StoredTrie()
    pairs = {bytes([i, j]): bytes([j]) * i for i in range(60) for j in range(4)}
    trie.apply(pairs)
    trie.apply(dict.fromkeys(pairs))
    assert (trie.root, trie.root_id, trie.records) == (EMPTY_ROOT, NO_NODE, {})
