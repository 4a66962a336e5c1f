"""Blocks are made, committed, imported elsewhere, and found again."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.frame.block import Block
from ganglion.frame.validity import InvalidKind
from ganglion.node.aura import seal_of, sealed, unsealed
from ganglion.node.chain import Chain, Imported
from ganglion.node.errors import BlockNotFound, InvalidBlock
from ganglion.state.errors import StateDiscarded, WrongGenesis
from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.overlay import Overlay
from ganglion.state.trie import trie_root

TAO = 10**9
Seal = Callable[..., Imported]


def test_the_first_block_follows_the_genesis(chain: Chain, genesis: Any, seal: Seal) -> None:
    imported = seal(chain)
    assert imported.stored.number == 1
    assert imported.stored.header.parent_hash == genesis.stored.hash
    assert chain.head == imported.stored


def test_a_headers_state_root_is_that_of_all_pairs(chain: Chain, seal: Seal) -> None:
    imported = seal(chain)
    with chain.view() as view:
        assert trie_root(dict(view.pairs())) == imported.stored.header.state_root


def test_a_transfer_changes_balances(
    *, chain: Chain, signer: Any, alice: Keypair, bob: Keypair, check: Any, free_of: Any, authority: Keypair
) -> None:
    before = free_of(chain, bob)
    chain.produce([check(signer.transfer(alice, 0, bob, 7 * TAO))], 1, authority)
    assert free_of(chain, bob) == before + 7 * TAO


def test_extrinsics_are_kept_byte_for_byte(
    chain: Chain, signer: Any, alice: Keypair, bob: Keypair, check: Any
) -> None:
    raw = signer.transfer(alice, 0, bob)
    imported = chain.produce([check(raw)], 1)
    assert chain.blocks.body(1) == imported.block.extrinsics
    assert imported.block.extrinsics[1] == raw


def test_time_never_goes_back(chain: Chain, seal: Seal, clock: Any) -> None:
    seal(chain)
    clock.ms -= 10_000_000
    seal(chain)
    assert chain.head.number == 2


def test_a_transaction_that_cannot_be_applied_is_left_out(
    chain: Chain, signer: Any, alice: Keypair, bob: Keypair, check: Any
) -> None:
    late = check(signer.transfer(alice, 0, bob))
    imported = chain.produce([late, late], 1)
    assert imported.transactions == (late,)
    assert [refusal.reason.kind for refusal in imported.refusals] == [InvalidKind.STALE]


def test_filling_ends_when_the_transactions_do(
    chain: Chain, pool: Any, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    for nonce in range(5):
        pool.submit(signer.transfer(alice, nonce, bob))
    ticks = count()
    offered = takewhile(lambda _: next(ticks) < 3, pool.ready())
    assert len(chain.produce(offered, 1).transactions) == 3


def test_another_node_imports_the_same_block(
    *, chain: Chain, new_chain: Any, signer: Any, alice: Keypair, bob: Keypair, check: Any, authority: Keypair
) -> None:
    made = chain.produce([check(signer.transfer(alice, 0, bob))], 1, authority)
    other = new_chain()
    imported = other.import_block(made.block)
    assert imported.stored == made.stored
    assert imported.changes == made.changes


def test_a_block_with_a_wrong_state_root_is_refused_and_changes_nothing(
    chain: Chain, new_chain: Any, seal: Seal, authority: Keypair
) -> None:
    made = seal(chain)
    wrong = replace(unsealed(made.stored.header), state_root=bytes(32))
    header = sealed(wrong, seal_of(wrong, authority))
    other = new_chain()
    before = other.head
    with pytest.raises(InvalidBlock, match="state root is wrong"):
        other.import_block(Block(header, made.block.extrinsics))
    assert other.head == before
    assert other.import_block(made.block).stored == made.stored


def test_a_block_with_another_extrinsic_is_refused(
    *, chain: Chain, new_chain: Any, seal: Seal, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    made = seal(chain)
    smuggled = (*made.block.extrinsics, signer.transfer(alice, 0, bob))
    with pytest.raises(InvalidBlock):
        new_chain().import_block(Block(made.block.header, smuggled))


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\x08\x84\xff"])
def test_a_block_with_an_undecodable_extrinsic_is_refused(
    chain: Chain, new_chain: Any, seal: Seal, raw: bytes
) -> None:
    made = seal(chain)
    with pytest.raises(InvalidBlock, match="refused"):
        new_chain().import_block(Block(made.block.header, (*made.block.extrinsics, raw)))


def test_a_block_without_its_time_is_refused(chain: Chain, new_chain: Any, seal: Seal) -> None:
    made = seal(chain)
    with pytest.raises(InvalidBlock, match="time"):
        new_chain().import_block(Block(made.block.header, ()))


def test_a_block_sealed_by_somebody_else_is_refused(
    chain: Chain, new_chain: Any, seal: Seal, alice: Keypair
) -> None:
    made = seal(chain)
    header = unsealed(made.stored.header)
    forged = sealed(header, seal_of(header, alice))
    with pytest.raises(InvalidBlock, match="not sealed"):
        new_chain().import_block(Block(forged, made.block.extrinsics))


def test_a_block_that_does_not_follow_the_head_is_refused(chain: Chain, new_chain: Any, seal: Seal) -> None:
    seal(chain)
    second = seal(chain)
    with pytest.raises(InvalidBlock, match="does not follow block 0"):
        new_chain().import_block(second.block)


def test_a_chain_reopens_at_its_newest_block(new_chain: Any, seal: Seal, tmp_path: Path) -> None:
    store = LmdbStore(tmp_path / "data")
    first = new_chain(store)
    for _ in range(3):
        seal(first)
    again = new_chain(store)
    assert again.head == first.head
    assert seal(again).stored.number == 4
    store.close()


def test_a_store_of_another_chain_is_refused(spec: Any, new_chain: Any, tmp_path: Path) -> None:
    store = LmdbStore(tmp_path / "data")
    new_chain(store)
    other = replace(spec, genesis={**spec.genesis, "Sudo": {}})
    runtime = other.runtime()
    with pytest.raises(WrongGenesis):
        Chain.open(runtime, other.build_genesis(runtime), store)
    store.close()


def test_past_states_stay_readable_inside_the_window_only(chain: Chain, seal: Seal) -> None:
    hashes = [seal(chain).stored.hash for _ in range(300)]
    with chain.view(hashes[-256]) as view:
        assert view.block.number == 45
    with pytest.raises(StateDiscarded):
        chain.view(hashes[0])


def test_an_unknown_block_has_no_view(chain: Chain) -> None:
    with pytest.raises(BlockNotFound):
        chain.view(b"\x01" * 32)


def test_every_state_is_consistent_in_itself(
    *, chain: Chain, pool: Any, seal: Seal, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    for nonce in range(3):
        pool.submit(signer.transfer(alice, nonce, bob))
        seal(chain, pool)
        with chain.view() as view:
            chain.runtime.on(Overlay(view)).try_state()
