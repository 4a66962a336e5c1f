"""Encrypted transactions: who includes them, when, and what a bad one costs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import bittensor_core
import pytest

from ganglion.crypto.hashing import blake2_256
from ganglion.crypto.keys import Keypair
from ganglion.crypto.shield import CannotOpen, Envelope
from ganglion.frame.call import RuntimeCall
from ganglion.frame.era import Era
from ganglion.frame.extrinsic import ExtrinsicCodec
from ganglion.frame.validity import InvalidKind, InvalidTransaction
from ganglion.node.chain import Chain, Imported
from ganglion.node.config import NodeConfig
from ganglion.node.engines.engine import Sealing
from ganglion.node.pool import Pool
from ganglion.node.pool.transaction import StatusKind
from ganglion.node.service import open_node
from ganglion.node.shield import KEYS_KEPT, FreshKeys, SharedKeys, ShieldKeys
from ganglion.pallets.mev_shield import MevShield
from ganglion.pallets.mev_shield.extension import FAILED_SHIELDED_TX_PARSING
from ganglion.pallets.system import System
from ganglion.pallets.timestamp import Timestamp
from ganglion.state.overlay import Overlay

TAO = 10**9
FEE_LIMIT = TAO // 10
INHERENTS = 2
WAIT_S = 20
ALICE, BOB = Keypair("//Alice"), Keypair("//Bob")
SEEDS = count(1)


def new_keys() -> FreshKeys:
    """Keys of nobody else, the same in every run."""
    return FreshKeys(lambda size: next(SEEDS).to_bytes(size, "little"))


def at_head(chain: Chain, read: Callable[[Any], Any]) -> Any:
    with chain.view() as view:
        return read(chain.runtime.on(Overlay(view)))


def nonce(chain: Chain, key: Keypair) -> int:
    found: int = at_head(chain, lambda world: world[System].account[key.public_key].nonce)
    return found


def sealed(chain: Chain, plaintext: bytes) -> bytes:
    """`plaintext` in an envelope, as a client would seal it now."""
    next_key = at_head(chain, lambda world: world[MevShield].next_key.get())
    return bytes(bittensor_core.encrypt_mlkem768(next_key, plaintext, include_key_hash=True))


@dataclass(frozen=True)
class Scene:
    """A chain with its pool, an author that keeps keys, and somebody who signs."""

    chain: Chain
    pool: Pool
    signer: Any
    clock: Any
    authority: Keypair
    keys: ShieldKeys

    def block(self, keys: ShieldKeys | None = None) -> Imported:
        """The author's next block of what is in the pool."""
        self.clock.ms += 1_000
        imported = self.chain.produce(
            self.pool.ready(), self.clock.ms, self.authority, self.keys if keys is None else keys
        )
        self.pool.on_imported(imported)
        return imported

    def submission(self, key: Keypair, ciphertext: bytes, nonce_: int | None = None) -> bytes:
        """A carrier of `ciphertext`, whose era begins at the head's parent."""
        call = self.chain.runtime.call(MevShield.submit_encrypted, ciphertext)
        born = self.chain.head.number - 1
        raw: bytes = self.signer.sign(
            key,
            nonce(self.chain, key) if nonce_ is None else nonce_,
            call,
            era=Era.mortal(8, born),
            birth_hash=self.chain.blocks.hash_of(born),
        )
        return raw

    def carrier(self, key: Keypair, plaintext: bytes) -> bytes:
        """What a client would submit now."""
        return self.submission(key, sealed(self.chain, plaintext))

    def transfer(self, nonce_: int, amount: int = TAO, **options: Any) -> bytes:
        """A transfer from Alice to Bob, in rao."""
        raw: bytes = self.signer.transfer(ALICE, nonce_, BOB, amount, **options)
        return raw

    def bare(self, call: RuntimeCall) -> bytes:
        """An unsigned extrinsic."""
        return ExtrinsicCodec(self.chain.runtime).encode_bare(call)

    def free(self, key: Keypair) -> int:
        """Free TAO at the head, in rao."""
        found: int = at_head(self.chain, lambda world: world[System].account[key.public_key].data.free)
        return found

    def pending_key(self) -> bytes | None:
        found: bytes | None = at_head(self.chain, lambda world: world[MevShield].pending_key.get())
        return found


@pytest.fixture
def new_scene(new_chain: Any, signer: Any, clock: Any, authority: Keypair) -> Iterator[Callable[[], Scene]]:
    """Begins scenes at block 0, and ends them."""
    pools = []

    def make() -> Scene:
        chain = new_chain()
        pools.append(Pool(chain, clock))
        return Scene(chain, pools[-1], signer, clock, authority, new_keys())

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def scene(new_scene: Callable[[], Scene]) -> Scene:
    """Three blocks on, when there is a key to encrypt with."""
    scene = new_scene()
    for _ in range(3):
        scene.block()
    return scene


def test_an_encrypted_transfer_goes_right_behind_its_carrier_into_the_block_after_the_next(
    scene: Scene,
) -> None:
    before, inner = scene.free(BOB), scene.transfer(1, 7 * TAO)
    outer = scene.carrier(ALICE, inner)
    scene.pool.submit(outer)
    first = scene.block()
    assert (first.transactions, first.deferred, scene.pool.ready_count) == ((), 1, 1)
    second = scene.block()
    assert second.block.extrinsics[INHERENTS:] == (outer, inner)
    assert [each.extrinsic.hash for each in second.transactions] == [blake2_256(outer), blake2_256(inner)]
    assert scene.free(BOB) == before + 7 * TAO
    assert (second.deferred, scene.pool.ready_count) == (0, 0)


def test_two_senders_each_have_their_own_in_one_block(scene: Scene) -> None:
    inners = (scene.transfer(1), scene.signer.transfer(BOB, 1, ALICE))
    for key, inner in zip((ALICE, BOB), inners, strict=True):
        scene.pool.submit(scene.carrier(key, inner))
    scene.block()
    extrinsics = scene.block().block.extrinsics[INHERENTS:]
    assert (extrinsics[1], extrinsics[3]) == inners


def test_somebody_else_may_carry_a_transaction(scene: Scene) -> None:
    scene.pool.submit(scene.carrier(BOB, scene.transfer(0)))
    scene.block()
    assert len(scene.block().transactions) == 2
    assert (nonce(scene.chain, ALICE), nonce(scene.chain, BOB)) == (1, 1)


def test_who_has_no_key_imports_the_blocks_to_the_same_state(
    new_scene: Callable[[], Scene], new_chain: Any
) -> None:
    scene, other = new_scene(), new_chain()
    for number in range(6):
        if number == 3:
            scene.pool.submit(scene.carrier(ALICE, scene.transfer(1)))
        other.import_block(scene.block().block)
    assert other.head == scene.chain.head
    assert nonce(other, ALICE) == 2


def test_a_carrier_that_missed_its_block_waits_in_vain_and_costs_nothing(scene: Scene) -> None:
    before, late = scene.free(ALICE), scene.carrier(ALICE, scene.transfer(1))
    scene.block()
    scene.block()
    heard: list[StatusKind] = []
    scene.pool.submit(late, lambda status: heard.append(status.kind))
    for _ in range(8):
        assert scene.block().transactions == ()
    assert heard == [StatusKind.READY, StatusKind.INVALID]
    assert scene.free(ALICE) == before


def test_later_transactions_of_its_sender_wait_behind_a_carrier(scene: Scene) -> None:
    outer, following = scene.carrier(ALICE, b"nothing"), scene.transfer(1)
    scene.pool.submit(outer)
    scene.pool.submit(following)
    assert scene.block().transactions == ()
    assert scene.block().block.extrinsics[INHERENTS:] == (outer, following)


BAD_INSIDES: dict[str, Callable[[Scene], bytes]] = {
    "nothing": lambda scene: b"",
    "noise": lambda scene: bytes(range(200)),
    "an extrinsic cut short": lambda scene: scene.transfer(1)[:-1],
    "a later nonce": lambda scene: scene.transfer(2),
    "the carrier's nonce": lambda scene: scene.transfer(0),
    "a bad signature": lambda scene: scene.transfer(1, spec_version=1),
    "an announcement": lambda scene: scene.bare(
        scene.chain.runtime.call(MevShield.announce_next_key, bytes(1_184))
    ),
    "a signed announcement": lambda scene: scene.signer.sign(
        ALICE, 1, scene.chain.runtime.call(MevShield.announce_next_key, bytes(1_184))
    ),
    "a time": lambda scene: scene.bare(scene.chain.runtime.call(Timestamp.set, 1)),
    "a signed time": lambda scene: scene.signer.sign(ALICE, 1, scene.chain.runtime.call(Timestamp.set, 1)),
}


@pytest.mark.parametrize("inside", BAD_INSIDES)
def test_a_carrier_of_something_else_costs_its_sender_the_fee_and_nobody_anything(
    scene: Scene, inside: str
) -> None:
    before, outer = scene.free(ALICE), scene.carrier(ALICE, BAD_INSIDES[inside](scene))
    scene.pool.submit(outer)
    scene.block()
    assert scene.block().block.extrinsics[INHERENTS:] == (outer,)
    assert 0 < before - scene.free(ALICE) < FEE_LIMIT
    assert (nonce(scene.chain, ALICE), scene.pool.ready_count) == (1, 0)
    assert scene.block().stored.number == 6


def test_a_changed_envelope_costs_the_fee_too(scene: Scene) -> None:
    changed = bytearray(sealed(scene.chain, scene.transfer(1)))
    changed[-1] ^= 1
    scene.pool.submit(scene.submission(ALICE, bytes(changed)))
    scene.block()
    assert len(scene.block().transactions) == 1
    assert nonce(scene.chain, ALICE) == 1


def test_bytes_behind_the_extrinsic_are_left_out(scene: Scene) -> None:
    inner = scene.transfer(1)
    scene.pool.submit(scene.carrier(ALICE, inner + b"padding"))
    scene.block()
    assert scene.block().block.extrinsics[-1] == inner


def test_a_carrier_in_a_carrier_stays_sealed(scene: Scene) -> None:
    middle = scene.submission(ALICE, sealed(scene.chain, scene.transfer(2)), 1)
    scene.pool.submit(scene.carrier(ALICE, middle))
    scene.block()
    assert scene.block().block.extrinsics[-1] == middle
    assert nonce(scene.chain, ALICE) == 2


def test_an_inner_call_that_fails_is_included_and_pays_its_own_fee(scene: Scene) -> None:
    before, inner = scene.free(BOB), scene.transfer(1, 10**9 * TAO)
    scene.pool.submit(scene.carrier(ALICE, inner))
    scene.block()
    assert scene.block().block.extrinsics[-1] == inner
    events = at_head(scene.chain, lambda world: [type(each.event) for each in world[System].events.get()])
    assert events.count(System.ExtrinsicFailed) == 1
    assert (scene.free(BOB), nonce(scene.chain, ALICE)) == (before, 2)


def test_what_was_sealed_before_a_restart_is_lost_but_its_carrier_is_not(scene: Scene) -> None:
    outer = scene.carrier(ALICE, scene.transfer(1))
    scene.pool.submit(outer)
    after_restart = new_keys()
    scene.block(after_restart)
    assert scene.block(after_restart).block.extrinsics[INHERENTS:] == (outer,)


def test_an_author_without_keys_announces_none(scene: Scene, seal: Any) -> None:
    scene.pool.submit(scene.carrier(ALICE, scene.transfer(1)))
    imported = seal(scene.chain, scene.pool)
    assert (len(imported.block.extrinsics), imported.deferred) == (1, 1)


def test_every_block_announces_a_key_of_its_own(scene: Scene) -> None:
    pending = {scene.pending_key()}
    for _ in range(4):
        scene.block()
        pending.add(scene.pending_key())
    assert len(pending - {None}) == 5


@pytest.mark.parametrize(
    ("era_period", "size", "refusal"),
    [
        (8, 41, (InvalidKind.CUSTOM, FAILED_SHIELDED_TX_PARSING)),
        (16, 1_200, (InvalidKind.STALE, None)),
        (None, 1_200, (InvalidKind.STALE, None)),
    ],
)
def test_carriers_that_could_never_be_included_do_not_enter_the_pool(
    scene: Scene, era_period: int | None, size: int, refusal: Any
) -> None:
    head, call = scene.chain.head, scene.chain.runtime.call(MevShield.submit_encrypted, bytes(size))
    options = (
        {} if era_period is None else {"era": Era.mortal(era_period, head.number), "birth_hash": head.hash}
    )
    with pytest.raises(InvalidTransaction) as refused:
        scene.pool.submit(scene.signer.sign(ALICE, 0, call, **options))
    assert (refused.value.kind, refused.value.code) == refusal
    assert scene.pool.ready_count == 0


def test_nobody_announces_a_key_through_the_pool(scene: Scene) -> None:
    call = scene.chain.runtime.call(MevShield.announce_next_key, bytes(1_184))
    signed = [scene.signer.sign(key, 0, call) for key in (ALICE, scene.authority)]
    for raw in (*signed, scene.bare(call)):
        with pytest.raises(InvalidTransaction) as refused:
            scene.pool.submit(raw)
        assert refused.value.kind is InvalidKind.MANDATORY_VALIDATION


def test_only_the_latest_keys_are_kept() -> None:
    keys = new_keys()
    announced = [keys.announce(number) for number in range(KEYS_KEPT + 1)]
    envelopes = [
        Envelope.parse(bittensor_core.encrypt_mlkem768(each, b"inner", include_key_hash=True))
        for each in announced
    ]
    with pytest.raises(CannotOpen):
        keys.open(envelopes[0])
    assert {keys.open(envelope) for envelope in envelopes[1:]} == {b"inner"}


def test_authors_who_share_a_secret_open_what_was_sealed_to_another() -> None:
    announced = SharedKeys(b"\x07" * 32).announce(9)
    envelope = Envelope.parse(bittensor_core.encrypt_mlkem768(announced, b"inner", include_key_hash=True))
    other, stranger = SharedKeys(b"\x07" * 32), SharedKeys(b"\x08" * 32)
    other.announce(12)
    stranger.announce(12)
    assert other.open(envelope) == b"inner"
    with pytest.raises(CannotOpen):
        stranger.open(envelope)


def scene_of(node: Any, signer: Any, clock: Any) -> Scene:
    """The scene of a running node, whose keys are its own."""
    return Scene(node.chain, node.pool, signer, clock, Keypair("//One"), new_keys())


async def test_a_node_takes_a_carrier_over_rpc_and_includes_what_is_inside(
    node: Any, rpc: Any, signer: Any, clock: Any
) -> None:
    for _ in range(3):
        await node.engine.seal()
    scene = scene_of(node, signer, clock)
    inner = scene.transfer(1)
    outer = scene.carrier(ALICE, inner)
    assert await rpc.result("author_submitExtrinsic", "0x" + outer.hex()) == "0x" + blake2_256(outer).hex()
    await node.engine.seal()
    block_hash = (await node.engine.seal()).stored.hash
    held = await rpc.result("chain_getBlock", "0x" + block_hash.hex())
    assert held["block"]["extrinsics"][INHERENTS:] == ["0x" + outer.hex(), "0x" + inner.hex()]


async def test_the_api_tells_the_parts_of_a_carrier_and_for_which_block_it_is(
    node: Any, rpc: Any, signer: Any, clock: Any
) -> None:
    for _ in range(3):
        await node.engine.seal()
    scene = scene_of(node, signer, clock)
    ciphertext = sealed(node.chain, b"inner")
    envelope = Envelope.parse(ciphertext)
    outer = scene.submission(ALICE, ciphertext)
    told = await rpc.result("state_call", "ShieldApi_try_decode_shielded_tx", "0x" + outer.hex())
    assert told.startswith("0x01" + envelope.key_hash.hex())
    assert told.endswith(envelope.sealed.hex() + envelope.nonce.hex())
    question = ("state_call", "ShieldApi_is_shielded_using_current_key", "0x" + envelope.key_hash.hex())
    answers = []
    for _ in range(3):
        answers.append(await rpc.result(*question))
        await node.engine.seal()
    assert answers == ["0x00", "0x01", "0x00"]


async def test_the_api_tells_nothing_of_other_or_badly_signed_extrinsics(
    node: Any, rpc: Any, signer: Any, clock: Any
) -> None:
    for _ in range(3):
        await node.engine.seal()
    scene = scene_of(node, signer, clock)
    badly_signed = bytearray(scene.carrier(ALICE, b"inner"))
    badly_signed[50] ^= 1
    for raw in (scene.transfer(0), bytes(badly_signed)):
        told = await rpc.result("state_call", "ShieldApi_try_decode_shielded_tx", "0x" + raw.hex())
        assert told == "0x00"


async def test_under_instant_sealing_blocks_go_on_until_a_carrier_is_included(
    spec: Any, tmp_path: Path, clock: Any, signer: Any
) -> None:
    config = NodeConfig(spec, tmp_path / "data", sealing=Sealing.INSTANT, port=0)
    async with open_node(config, clock) as node:
        for _ in range(3):
            await node.engine.seal()
        running = asyncio.create_task(node.run())
        scene, included = scene_of(node, signer, clock), asyncio.Event()
        inner = scene.transfer(1)
        node.pool.watch(blake2_256(inner), lambda status: included.set())
        node.pool.submit(scene.carrier(ALICE, inner))
        await asyncio.wait_for(included.wait(), WAIT_S)
        node.stop()
        await running
        assert node.chain.head.number == 5
