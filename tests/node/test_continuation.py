"""A chain goes on from a state that another data directory had: same genesis, same accounts, next number."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ganglion.node.chain import Chain
from ganglion.node.chain_spec import InvalidChainSpec, parse
from ganglion.node.continuation import Continuation, continue_from
from ganglion.node.errors import InvalidBlock
from ganglion.pallets.aura import Aura
from ganglion.pallets.balances import Balances
from ganglion.pallets.system import System
from ganglion.pallets.validator_set import ValidatorSet

ONE_VALIDATOR = {
    "validators": [
        {"account": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "key": "0x" + 32 * "07", "power": 3}
    ]
}


@pytest.fixture
def old(*, new_chain: Any, seal: Any, pool: Any, chain: Any, signer: Any, alice: Any, bob: Any) -> Chain:
    """A chain with some blocks, in one of which Alice paid Bob."""
    pool.submit(signer.transfer(alice, 0, bob))
    for _ in range(3):
        seal(chain, pool)
    return chain


def read_back(spec: Any, chain: Chain) -> Any:
    """The specification of a chain that goes on, as a file has it."""
    written = replace(spec, continues=Continuation.of(chain)).to_json()
    return parse(json.loads(json.dumps(written)))


def test_a_chain_that_goes_on_has_the_old_genesis_state_and_numbers(
    *, spec: Any, old: Chain, new_chain: Any, seal: Any, free_of: Any, bob: Any
) -> None:
    again = read_back(spec, old)
    chain = new_chain()
    assert continue_from(chain, again.continues) is not None
    assert (chain.head, chain.genesis_hash) == (old.head, old.genesis_hash)
    assert free_of(chain, bob) == free_of(old, bob)
    seal(chain)
    assert (chain.head.number, chain.head.header.parent_hash) == (old.head.number + 1, old.head.hash)
    assert continue_from(chain, again.continues) is None  # it is farther already


def test_validators_take_over_in_a_block_that_does_nothing_else(
    *, spec: Any, old: Chain, new_chain: Any, free_of: Any, alice: Any, bob: Any
) -> None:
    handed = Continuation.of(old).handed_to(spec.runtime(), ONE_VALIDATOR)
    chain = new_chain()
    continue_from(chain, handed)
    assert chain.head.header.parent_hash == old.head.hash
    assert chain.world[System].number.get() == chain.head.number == old.head.number + 1
    assert chain.world[Aura].authorities.get() == (alice.public_key,)
    assert [validator.power for validator in chain.world[ValidatorSet].all().values()] == [3]
    assert chain.world[Balances].total_issuance.get() == old.world[Balances].total_issuance.get()
    assert free_of(chain, bob) == free_of(old, bob)


def test_other_validators_replace_those_before(*, spec: Any, old: Chain) -> None:
    once = Continuation.of(old).handed_to(spec.runtime(), ONE_VALIDATOR)
    other = {"validators": [{**ONE_VALIDATOR["validators"][0], "key": "0x" + 32 * "08"}]}
    twice = once.handed_to(spec.runtime(), other)
    assert sum(b"\x07" * 32 in value for value in twice.state.values()) == 0
    assert sum(b"\x08" * 32 in value for value in twice.state.values()) == 1


def test_a_state_that_is_not_the_headers_is_refused(*, old: Chain, new_chain: Any) -> None:
    true = Continuation.of(old)
    chain = new_chain()
    with pytest.raises(InvalidBlock, match="state"):
        continue_from(chain, replace(true, state={**true.state, b"more": b"than there was"}))
    assert chain.head.number == 0


def test_a_chain_that_goes_on_keeps_its_block_time(*, spec: Any, old: Chain) -> None:
    again = read_back(spec, old)
    assert again.at_block_time(spec.block_time_ms / 1000) == again
    with pytest.raises(InvalidChainSpec, match="goes on with 12000"):
        again.at_block_time(1.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"header": "0x00"},
        {"header": "0x00", "state": {}},
        {"header": 5, "state": {}},
        {"header": "zz", "state": []},
        {"header": "0x" + 98 * "00" + "00", "state": {"aa": "0x"}},
    ],
)
def test_what_is_no_block_to_go_on_from_is_told(spec: Any, wrong: Any) -> None:
    with pytest.raises(InvalidChainSpec) as caught:
        parse({**spec.to_json(), "continues": wrong})
    assert caught.value.path == "continues"
