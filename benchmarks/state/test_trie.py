"""How long does the state root of a block take?"""

import pytest

from ganglion.state.trie import NO_NODE, decode_record, update_trie
from ganglion.state.trie_codec import EMPTY_ROOT


@pytest.fixture(scope="module")
def trie(genesis):
    return update_trie(None, NO_NODE, EMPTY_ROOT, sorted(genesis.items()))


@pytest.mark.parametrize("branches", ["cached", "read from records"])
def test_root_of_4000_changes_among_100000_keys(benchmark, trie, block_changes, branches):
    cache = trie.branches if branches == "cached" else {}

    def load(node_id):
        return cache.get(node_id) or decode_record(trie.created[node_id])

    def setup():
        return (load, trie.root_id, trie.root, sorted(block_changes().items())), {"next_id": trie.next_id}

    benchmark.pedantic(update_trie, setup=setup, rounds=20)
