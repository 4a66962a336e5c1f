"""A chain that three validators keep, on this side of CometBFT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.node.chain import Chain
from ganglion.node.chain_spec import ChainSpec, localnet
from ganglion.node.engines.comet.decided import Place
from ganglion.node.engines.comet.keys import CometKey
from ganglion.node.engines.comet.maker import BlockMaker
from ganglion.node.genesis import Genesis
from ganglion.node.shield import SharedKeys
from ganglion.state.memory import MemoryStore

START_NS = 1_800_000_000 * 10**9
KEYS = [CometKey(bytes([number]) * 32) for number in (1, 2, 3)]
ACCOUNTS = [Keypair(f"//Validator{number}") for number in (1, 2, 3)]
ROOMY = 1 << 20


@pytest.fixture(scope="session")
def shared_spec() -> ChainSpec:
    validators = [
        {"account": account.address, "key": f"0x{key.public_key.hex()}", "power": 1}
        for account, key in zip(ACCOUNTS, KEYS, strict=True)
    ]
    plain = localnet()
    return replace(plain, genesis={**plain.genesis, "ValidatorSet": {"validators": validators}})


@pytest.fixture(scope="session")
def shared_genesis(shared_spec: ChainSpec) -> Genesis:
    return shared_spec.build_genesis(shared_spec.runtime())


@pytest.fixture
def new_maker(shared_spec: ChainSpec, shared_genesis: Genesis) -> Iterator[Callable[..., Any]]:
    """Opens chains and gives the maker of each with it: `(chain, maker)`."""
    opened: list[Chain] = []

    def make(store: Any = None) -> tuple[Chain, BlockMaker]:
        chain = Chain.open(shared_spec.runtime(), shared_genesis, store or MemoryStore())
        opened.append(chain)
        return chain, BlockMaker(chain, shield_keys=SharedKeys(b"\x07" * 32), beacon=None)

    yield make
    for chain in opened:
        chain.close()


def place(height: int, proposer: int = 0, after_s: int | None = None, **changes: Any) -> Place:
    """The place of a block, a second after the one before unless told otherwise."""
    seconds = height if after_s is None else after_s
    return replace(Place(height, START_NS + seconds * 10**9, KEYS[proposer].address, ()), **changes)


@pytest.fixture
def at() -> Callable[..., Place]:
    return place


@pytest.fixture
def step() -> Callable[..., Any]:
    """One maker proposes `transactions`, the others accept, all commit the same block: those imported."""

    def go(makers: list[BlockMaker], where: Place, transactions: Any = ()) -> list[Any]:
        proposer, *others = makers
        made = proposer.propose(where, transactions, ROOMY, lambda: False)
        assert [other.judge(where, made) for other in others] == [None] * len(others)
        comet_hash = bytes([where.height % 256]) * 32
        decided = [maker.decide(where, comet_hash, made) for maker in makers]
        imported = [maker.commit() for maker in makers]
        assert {block.stored.hash for block in imported} == {decided[0].hash}
        return imported

    return go


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What faults were seen to do, a line each."""
    for report in terminalreporter.stats.get("", []):
        if "faults" in report.keywords and report.when == "teardown":
            seen = ", ".join(f"{name}: {value}" for name, value in report.user_properties)
            terminalreporter.write_line(f"{report.nodeid.partition('::')[2]}  {seen}")
