"""What the pool takes, refuses, replaces and drops, and what watchers hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ganglion.crypto.hashing import blake2_256
from ganglion.crypto.keys import Keypair
from ganglion.frame.address import AddressId
from ganglion.frame.call import RuntimeCall
from ganglion.frame.era import Era
from ganglion.frame.extrinsic import ExtrinsicCodec
from ganglion.frame.validity import InvalidKind, InvalidTransaction, UnknownTransaction
from ganglion.node.chain import Chain
from ganglion.node.pool import Pool
from ganglion.node.pool.errors import (
    AlreadyImported,
    Banned,
    ImmediatelyDropped,
    Malformed,
    PriorityTooLow,
    Undecodable,
)
from ganglion.node.pool.pool import PoolLimits
from ganglion.node.pool.transaction import Status, StatusKind
from ganglion.pallets.balances import Balances
from ganglion.pallets.system import System

TAO = 10**9


@pytest.fixture
def small_pool(chain: Chain, clock: Any) -> Iterator[Pool]:
    limits = PoolLimits(ready_count=3, ready_bytes=10_000, future_count=1, future_bytes=10_000, per_sender=3)
    pool = Pool(chain, clock, limits)
    yield pool
    pool.close()


def refused(pool: Pool, raw: bytes) -> InvalidKind:
    with pytest.raises(InvalidTransaction) as caught:
        pool.submit(raw)
    return caught.value.kind


def test_a_good_transaction_is_ready_and_counts_for_the_next_nonce(
    pool: Pool, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    raw = signer.transfer(alice, 0, bob)
    assert pool.submit(raw) == blake2_256(raw)
    assert [checked.extrinsic.raw for checked in pool.ready()] == [raw]
    assert pool.next_nonce(alice.public_key) == 1
    assert pool.next_nonce(bob.public_key) == 0


def test_watchers_hear_ready_in_block_and_finalized(
    *, chain: Chain, pool: Pool, signer: Any, alice: Keypair, bob: Keypair, seal: Any
) -> None:
    heard: list[Status] = []
    pool.submit(signer.transfer(alice, 0, bob), heard.append)
    block = seal(chain, pool).stored.hash
    assert heard == [
        Status(StatusKind.READY),
        Status(StatusKind.IN_BLOCK, block),
        Status(StatusKind.FINALIZED, block),
    ]


def test_a_future_nonce_waits_and_becomes_ready(
    pool: Pool, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    heard: list[Status] = []
    pool.submit(signer.transfer(alice, 1, bob), heard.append)
    assert (pool.ready_count, pool.future_count, pool.next_nonce(alice.public_key)) == (0, 1, 0)
    pool.submit(signer.transfer(alice, 0, bob))
    assert (pool.ready_count, pool.future_count, pool.next_nonce(alice.public_key)) == (2, 0, 2)
    assert [status.kind for status in heard] == [StatusKind.FUTURE, StatusKind.READY]


def test_a_nonce_used_up_is_stale(
    *, chain: Chain, pool: Pool, signer: Any, alice: Keypair, bob: Keypair, seal: Any
) -> None:
    pool.submit(signer.transfer(alice, 0, bob))
    seal(chain, pool)
    assert refused(pool, signer.transfer(alice, 0, bob)) is InvalidKind.STALE


def test_a_bad_signature_is_refused_then_banned(
    pool: Pool, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    raw = signer.transfer(alice, 0, bob, spec_version=1)
    assert refused(pool, raw) is InvalidKind.BAD_PROOF
    with pytest.raises(Banned):
        pool.submit(raw)


def test_whoever_cannot_pay_the_fee_is_refused(pool: Pool, signer: Any, alice: Keypair) -> None:
    poor = Keypair("//Nobody")
    assert refused(pool, signer.transfer(poor, 0, alice)) is InvalidKind.PAYMENT


def test_an_era_that_began_before_the_chain_remembers_is_refused(
    *, chain: Chain, pool: Pool, signer: Any, alice: Keypair, bob: Keypair, seal: Any
) -> None:
    for _ in range(12):
        seal(chain, pool)
    old = signer.transfer(alice, 0, bob, era=Era.mortal(4, 0), birth_hash=chain.genesis_hash)
    assert refused(pool, old) is InvalidKind.BAD_PROOF


def test_an_era_from_the_newest_block_on_is_accepted(
    *, chain: Chain, pool: Pool, signer: Any, alice: Keypair, bob: Keypair, seal: Any
) -> None:
    head = seal(chain, pool).stored
    pool.submit(signer.transfer(alice, 0, bob, era=Era.mortal(8, head.number), birth_hash=head.hash))
    assert len(seal(chain, pool).transactions) == 1


def test_a_transaction_is_dropped_when_its_era_ends(
    *, chain: Chain, pool: Pool, signer: Any, alice: Keypair, bob: Keypair, seal: Any
) -> None:
    heard: list[Status] = []
    head = seal(chain, pool).stored
    era = Era.mortal(4, head.number)
    pool.submit(signer.transfer(alice, 1, bob, era=era, birth_hash=head.hash), heard.append)
    for _ in range(4):
        seal(chain, pool)
    assert [status.kind for status in heard] == [StatusKind.FUTURE, StatusKind.INVALID]
    assert pool.future_count == 0


def test_the_same_transaction_twice_is_refused(pool: Pool, signer: Any, alice: Keypair, bob: Keypair) -> None:
    raw = signer.transfer(alice, 0, bob)
    pool.submit(raw)
    with pytest.raises(AlreadyImported):
        pool.submit(raw)


def test_another_transaction_of_the_same_nonce_needs_a_higher_priority(
    pool: Pool, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    first = signer.transfer(alice, 0, bob)
    pool.submit(first)
    with pytest.raises(PriorityTooLow):
        pool.submit(signer.transfer(alice, 0, bob, 2 * TAO))
    assert [checked.extrinsic.raw for checked in pool.ready()] == [first]


def test_a_higher_priority_usurps(pool: Pool, signer: Any, alice: Keypair, bob: Keypair) -> None:
    heard: list[Status] = []
    pool.submit(signer.transfer(alice, 0, bob), heard.append)
    raw = signer.sign(alice, 0, signer.runtime.call(System.kill_storage, ()))  # operational: goes first
    pool.submit(raw)
    assert [status.kind for status in heard] == [StatusKind.READY, StatusKind.USURPED]


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\x04", b"\x08\x84", b"\xff" * 40])
def test_what_is_not_framed_as_one_extrinsic_is_malformed(pool: Pool, raw: bytes) -> None:
    with pytest.raises(Malformed):
        pool.submit(raw)


@pytest.mark.parametrize("body", [b"\x84", b"\x05\x00", b"\x84\xff" + bytes(40), b"\x04\xff\xff"])
def test_what_the_runtime_cannot_read_is_undecodable(pool: Pool, body: bytes) -> None:
    with pytest.raises(Undecodable):
        pool.submit(bytes([len(body) << 2]) + body)


def test_what_nobody_signed_is_not_taken(pool: Pool, chain: Chain) -> None:
    remark = ExtrinsicCodec(chain.runtime).encode_bare(chain.runtime.call(System.remark, b""))
    with pytest.raises(UnknownTransaction):
        pool.submit(remark)
    time = ExtrinsicCodec(chain.runtime).encode_bare(RuntimeCall("Timestamp", "set", (1,)))
    assert refused(pool, time) is InvalidKind.MANDATORY_VALIDATION


def test_a_full_pool_drops_what_is_no_better(
    small_pool: Pool, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    for nonce in range(3):
        small_pool.submit(signer.transfer(alice, nonce, bob))
    with pytest.raises(ImmediatelyDropped):
        small_pool.submit(signer.transfer(bob, 0, alice))
    assert small_pool.ready_count == 3


def test_a_sender_may_not_fill_the_pool(small_pool: Pool, signer: Any, alice: Keypair, bob: Keypair) -> None:
    for nonce in range(3):
        small_pool.submit(signer.transfer(alice, nonce, bob))
    with pytest.raises(ImmediatelyDropped, match="a sender"):
        small_pool.submit(signer.transfer(alice, 3, bob))


def test_only_so_many_wait_for_an_earlier_nonce(
    small_pool: Pool, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    small_pool.submit(signer.transfer(alice, 5, bob))
    with pytest.raises(ImmediatelyDropped, match="earlier nonce"):
        small_pool.submit(signer.transfer(bob, 5, alice))


def test_what_became_unpayable_while_it_waited_is_invalid(
    *, chain: Chain, pool: Pool, signer: Any, bob: Keypair, seal: Any, check: Any
) -> None:
    heard: list[Status] = []
    eve = Keypair("//Eve")
    pool.submit(signer.transfer(eve, 1, bob), heard.append)
    everything = signer.runtime.call(Balances.transfer_all, AddressId(bob.public_key), False)
    pool.on_imported(chain.produce([check(signer.sign(eve, 0, everything))], 1))
    for _ in range(12):
        seal(chain, pool)
    assert heard[-1].kind is StatusKind.INVALID
    assert pool.ready() == ()


def test_the_engine_is_called_when_something_becomes_ready(
    pool: Pool, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    calls: list[int] = []
    pool.on_ready(lambda: calls.append(1))
    pool.submit(signer.transfer(alice, 1, bob))
    assert calls == []
    pool.submit(signer.transfer(alice, 0, bob))
    assert calls == [1]
