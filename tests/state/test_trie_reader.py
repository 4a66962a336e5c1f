"""Reading stored tries in order, and the bounded cache of their branches."""

from hypothesis import given
from hypothesis import strategies as st

from ganglion.state.memory import MemoryStore
from ganglion.state.trie import NO_NODE, decode_record, update_trie
from ganglion.state.trie_codec import EMPTY_ROOT
from ganglion.state.trie_reader import TRIE_TABLE, NodeCache, lookup, pairs

KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10, 0xFF]), max_size=4).map(bytes)
STATES = st.dictionaries(KEYS, st.binary(max_size=40), max_size=20)


def grow(state):
    return update_trie(None, NO_NODE, EMPTY_ROOT, sorted(state.items()))


@given(STATES, KEYS, st.none() | KEYS)
def test_pairs_come_in_order_from_any_start(state, prefix, start_after):
    update = grow(state)
    found = pairs(lambda node_id: decode_record(update.created[node_id]), update.root_id, prefix, start_after)
    assert list(found) == sorted(
        (key, value)
        for key, value in state.items()
        if key.startswith(prefix) and (start_after is None or key > start_after)
    )


@given(STATES, KEYS)
def test_lookup_finds_what_is_there_and_nothing_else(state, key):
    update = grow(state)
    assert lookup(lambda node_id: decode_record(update.created[node_id]), update.root_id, key) == state.get(
        key
    )


def test_paging_loads_only_the_nodes_of_its_page():
    state = {bytes([high, low]): b"v" * 40 for high in range(100) for low in range(100)}
    update = grow(state)
    loaded = []

    def load(node_id):
        loaded.append(node_id)
        return decode_record(update.created[node_id])

    page = pairs(load, update.root_id, start_after=bytes([50, 50]))
    assert [next(page)[0] for _ in range(10)] == [bytes([50, low]) for low in range(51, 61)]
    assert len(loaded) < 30


def test_the_cache_reads_a_branch_once_and_stays_within_its_limit():
    update = grow({bytes([high, low]): b"v" for high in range(64) for low in range(2)})
    store = MemoryStore()
    store.write({TRIE_TABLE: update.created})
    cache = NodeCache(limit=8)
    with store.read() as reader:
        load = cache.loader(reader)
        assert load(update.root_id) is load(update.root_id)
        assert len(list(pairs(load, update.root_id))) == 128
        assert len(cache._branches) <= 8
        cache.discard(update.root_id)
        assert update.root_id not in cache._branches
