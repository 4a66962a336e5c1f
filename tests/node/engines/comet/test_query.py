"""Values of the state come with proofs that lead to the block's hash, which CometBFT's votes sign."""

from __future__ import annotations

from typing import Any

import pytest

from ganglion.frame.block import HEADER
from ganglion.node.engines.comet import abci_pb2 as abci
from ganglion.node.engines.comet.query import _NODES, HEADER_OP, TRIE_OP, answer_query
from ganglion.pallets.timestamp import Timestamp
from ganglion.state.proof import verify_proof


@pytest.fixture
def chain(new_maker: Any, at: Any, step: Any) -> Any:
    chain, maker = new_maker()
    for height in (1, 2):
        step([maker], at(height))
    return chain


def asked(chain: Any, **fields: Any) -> abci.ResponseQuery:
    return answer_query(chain, abci.RequestQuery(**{"path": "/store", **fields}))


def now_key(chain: Any) -> bytes:
    key: bytes = chain.world[Timestamp].now.item.key(())
    return key


@pytest.mark.parametrize("height", [1, 2])
def test_a_value_is_proven_up_to_the_hash_of_its_block(chain: Any, at: Any, height: int) -> None:
    key = now_key(chain)
    answer = asked(chain, data=key, height=height, prove=True)
    assert int.from_bytes(answer.value, "little") == at(height).time_ms
    trie, header = answer.proof_ops.ops
    assert (trie.type, header.type) == (TRIE_OP, HEADER_OP)
    decoded = HEADER.decode(header.data)
    assert decoded.hash == chain.blocks.hash_of(height)
    proven = verify_proof(decoded.state_root, _NODES.decode(trie.data), [key])
    assert proven[key] == answer.value


def test_without_height_the_head_answers_and_without_wish_there_is_no_proof(chain: Any) -> None:
    answer = asked(chain, data=now_key(chain))
    assert answer.height == 2
    assert not answer.proof_ops.ops


@pytest.mark.parametrize("wrong", [{"path": "/other"}, {"height": 9}, {"height": -1}])
def test_what_is_not_there_has_an_error_code(chain: Any, wrong: dict[str, Any]) -> None:
    answer = asked(chain, data=b"key", **wrong)
    assert answer.code
    assert answer.log
