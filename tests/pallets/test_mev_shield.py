"""Keys that move one step a block, envelopes that are accepted unread, and calls that nobody can decrypt."""

from __future__ import annotations

import bittensor_core
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.hashing import blake2_256, twox128
from ganglion.crypto.shield import DecapsulationKey, Envelope
from ganglion.frame.block import Digest, PreRuntime
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import BadOrigin, DispatchClass, DispatchFailed
from ganglion.frame.era import Era
from ganglion.frame.event import Event
from ganglion.frame.extension import TransactionContext
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.frame.pallet import InherentData
from ganglion.frame.runtime import Runtime
from ganglion.frame.validity import InvalidKind, InvalidTransaction
from ganglion.frame.version import RuntimeVersion
from ganglion.frame.world import World
from ganglion.pallets.aura import ENGINE, Aura
from ganglion.pallets.mev_shield import MevShield
from ganglion.pallets.mev_shield.api import ShieldApi
from ganglion.pallets.mev_shield.extension import FAILED_SHIELDED_TX_PARSING, CheckShieldedTxValidity
from ganglion.pallets.mev_shield.stored_calls import MOST_WEIGHT, StoredCalls
from ganglion.pallets.system import System
from ganglion.pallets.system.extensions import CheckMortality
from ganglion.pallets.weights import WEIGHTS
from ganglion.state.overlay import EmptyBase, Overlay

VERSION = RuntimeVersion("test", "test", 1, 1, 1, (), 1, 1)
RUNTIME = Runtime(
    VERSION,
    {0: System, 3: Aura, 30: MevShield},
    crate="test_runtime",
    extensions=(CheckMortality, CheckShieldedTxValidity),
    apis=(ShieldApi,),
    weights=WEIGHTS,
)
AUTHORS = tuple(bytes((number,)) * 32 for number in (1, 2, 3))
ALICE = b"a" * 32
SIZE = 1_184


def key_of(number: int) -> bytes:
    """The key that the author of block `number` announces there."""
    return bytes((number,)) * SIZE


class Chain:
    """A world of System, Aura and MevShield, in which block n has slot n."""

    def __init__(self, *authors: bytes) -> None:
        self.world = World(RUNTIME, Overlay(EmptyBase()))
        self.world[Aura].authorities.set(authors)
        self.number = 0

    def open(self) -> None:
        self.number += 1
        self.world.events.clear()
        slot = PreRuntime(ENGINE, self.number.to_bytes(8, "little"))
        self.world[System].open_block(self.number, bytes(32), Digest((slot,)))
        for section in self.world.sections:
            section.on_initialize()

    def call(self, function: object, *args: object, by: Origin = NONE) -> None:
        self.world.dispatch(RUNTIME.call(function, *args), by)

    def block(self, key: bytes | None) -> None:
        """A block whose author announces `key`."""
        self.open()
        self.call(MevShield.announce_next_key, key)

    @property
    def keys(self) -> tuple[bytes | None, bytes | None, bytes | None]:
        shield = self.world[MevShield]
        return shield.current_key.get(), shield.pending_key.get(), shield.next_key.get()

    @property
    def expiries(self) -> tuple[int | None, int | None]:
        shield = self.world[MevShield]
        return shield.pending_key_expires_at.get(), shield.next_key_expires_at.get()

    def events(self) -> list[Event]:
        return [record.event for record in self.world.events]

    def refuses(self, error: type[DispatchFailed], function: object, *args: object, by: Origin) -> None:
        before = self.world.state.changes()
        with pytest.raises(error):
            self.call(function, *args, by=by)
        assert self.world.state.changes() == before


@pytest.fixture
def chain() -> Chain:
    chain = Chain(AUTHORS[0])
    chain.open()
    return chain


def carrier(ciphertext: bytes, who: bytes = ALICE) -> TransactionContext:
    call = RuntimeCall("MevShield", "submit_encrypted", (ciphertext,))
    return TransactionContext(who, call, RUNTIME.info(call), 200)


def test_with_one_author_a_key_is_next_pending_and_current_in_three_blocks_running() -> None:
    chain = Chain(AUTHORS[0])
    seen = []
    for number in range(1, 6):
        chain.block(key_of(number))
        seen.append(chain.keys)
    assert seen == [
        (None, None, None),
        (None, None, key_of(1)),
        (None, key_of(1), key_of(2)),
        (key_of(1), key_of(2), key_of(3)),
        (key_of(2), key_of(3), key_of(4)),
    ]


def test_the_key_that_becomes_current_is_the_one_its_author_announced_last() -> None:
    chain = Chain(*AUTHORS)
    announced: dict[bytes, bytes] = {}
    for number in range(1, 12):
        chain.block(key_of(number))
        author = AUTHORS[number % 3]
        if number > 5:
            assert chain.keys[0] == announced[author]
        announced[author] = key_of(number)


def test_the_next_key_is_read_before_the_announcement_of_the_same_block() -> None:
    chain = Chain(AUTHORS[0])
    chain.block(key_of(1))
    chain.block(key_of(2))
    assert chain.keys[2] == key_of(1)
    assert chain.world[MevShield].author_keys[AUTHORS[0]] == key_of(2)


def test_expiries_are_the_blocks_after_the_one_that_can_include() -> None:
    chain = Chain(AUTHORS[0])
    chain.block(key_of(1))
    assert chain.expiries == (None, None)
    chain.block(key_of(2))
    assert chain.expiries == (None, 5)
    chain.block(key_of(3))
    assert chain.expiries == (5, 6)


def test_an_author_without_a_key_is_passed_over_until_it_has_one() -> None:
    chain = Chain(AUTHORS[0])
    chain.block(key_of(1))
    chain.block(None)
    assert AUTHORS[0] not in chain.world[MevShield].author_keys
    chain.block(key_of(3))
    assert chain.keys == (None, key_of(1), None)
    chain.block(key_of(4))
    assert chain.keys == (key_of(1), None, key_of(3))
    assert chain.expiries == (None, 7)


@pytest.mark.parametrize("by", [Origin.of(ALICE), Origin.of(AUTHORS[0]), ROOT])
def test_nobody_but_the_block_itself_announces(chain: Chain, by: Origin) -> None:
    chain.refuses(BadOrigin, MevShield.announce_next_key, key_of(1), by=by)


@pytest.mark.parametrize("size", [0, SIZE - 1, SIZE + 1])
def test_a_key_of_another_length_is_refused(chain: Chain, size: int) -> None:
    chain.refuses(MevShield.BadEncKeyLen, MevShield.announce_next_key, bytes(size), by=NONE)


def test_without_authors_nobody_can_have_announced() -> None:
    chain = Chain()
    chain.open()
    chain.refuses(MevShield.Unreachable, MevShield.announce_next_key, key_of(1), by=NONE)


def test_the_author_is_asked_for_an_announcement_only_if_it_keeps_keys(chain: Chain) -> None:
    shield = chain.world[MevShield]
    assert shield.inherent(InherentData(1_000)) is None
    announcement = shield.inherent(InherentData(1_000, key_of(7)))
    assert announcement == RuntimeCall("MevShield", "announce_next_key", (key_of(7),))
    assert RUNTIME.info(announcement).class_ is DispatchClass.Mandatory


def test_a_submitted_envelope_is_told_by_its_hash_and_read_by_nobody(chain: Chain) -> None:
    before = chain.world.state.changes()
    chain.call(MevShield.submit_encrypted, b"\xaa" * 64, by=Origin.of(ALICE))
    told = MevShield.EncryptedSubmitted(blake2_256(ALICE + b"\x01\x01" + b"\xaa" * 64), ALICE)
    assert chain.events() == [told]
    assert chain.world.state.changes() == before


@pytest.mark.parametrize("by", [NONE, ROOT])
def test_an_envelope_needs_a_signer(chain: Chain, by: Origin) -> None:
    chain.refuses(BadOrigin, MevShield.submit_encrypted, b"\xaa" * 64, by=by)
    chain.refuses(BadOrigin, StoredCalls.store_encrypted, b"\xaa" * 64, by=by)


def test_what_the_client_seals_passes_the_check_of_carriers(chain: Chain) -> None:
    key = DecapsulationKey(bytes(64)).encapsulation_key
    sealed = bytes(bittensor_core.encrypt_mlkem768(key, b"inner", include_key_hash=True))
    chain.world[CheckShieldedTxValidity].validate(carrier(sealed), ())
    assert Envelope.parse(sealed).key_hash == twox128(key)


@given(st.binary(max_size=41))
def test_what_is_too_short_for_an_envelope_is_refused_by_the_published_code(data: bytes) -> None:
    extension = World(RUNTIME, Overlay(EmptyBase()))[CheckShieldedTxValidity]
    with pytest.raises(InvalidTransaction) as refused:
        extension.validate(carrier(data), ())
    assert (refused.value.kind, refused.value.code) == (InvalidKind.CUSTOM, FAILED_SHIELDED_TX_PARSING)


def test_the_check_of_carriers_minds_no_other_call(chain: Chain) -> None:
    call = RuntimeCall("MevShield", "store_encrypted", (b"short",))
    context = TransactionContext(ALICE, call, RUNTIME.info(call), 200)
    assert chain.world[CheckShieldedTxValidity].validate(context, ()) is None


@pytest.mark.parametrize("era", [Era(), Era.mortal(16, 1), Era.mortal(64, 1)])
def test_a_carrier_that_may_live_longer_than_eight_blocks_is_stale(chain: Chain, era: Era) -> None:
    chain.world[System].block_hash[era.birth(chain.number)] = b"h" * 32
    with pytest.raises(InvalidTransaction) as refused:
        chain.world[CheckMortality].validate(carrier(bytes(64)), era)
    assert refused.value.kind is InvalidKind.STALE
    remark = RuntimeCall("System", "remark", (b"",))
    context = TransactionContext(ALICE, remark, RUNTIME.info(remark), 100)
    assert chain.world[CheckMortality].validate(context, era).longevity >= 15


@pytest.mark.parametrize("period", [4, 8])
def test_a_carrier_may_live_up_to_eight_blocks(chain: Chain, period: int) -> None:
    chain.world[System].block_hash[1] = b"h" * 32
    valid = chain.world[CheckMortality].validate(carrier(bytes(64)), Era.mortal(period, 1))
    assert valid.longevity == period


def test_the_api_names_the_pending_key_and_no_other() -> None:
    chain = Chain(AUTHORS[0])
    api = chain.world[ShieldApi]
    assert not api.is_shielded_using_current_key(twox128(key_of(1)))
    for number in range(1, 5):
        chain.block(key_of(number))
    hashes = [twox128(key_of(number)) for number in range(1, 5)]
    assert [api.is_shielded_using_current_key(each) for each in hashes] == [False, True, False, False]


def test_a_stored_call_is_dropped_unread_when_the_next_block_opens(chain: Chain) -> None:
    calls = chain.world[StoredCalls]
    chain.call(StoredCalls.store_encrypted, b"first", by=Origin.of(ALICE))
    chain.call(StoredCalls.store_encrypted, b"second", by=Origin.of(ALICE))
    stored = [calls.ExtrinsicStored(0, ALICE), calls.ExtrinsicStored(1, ALICE)]
    assert chain.events() == stored
    assert calls.counter_for_pending_extrinsics.get() == 2
    chain.open()
    assert chain.events() == [calls.ExtrinsicDecodeFailed(0), calls.ExtrinsicDecodeFailed(1)]
    assert (list(calls.pending_extrinsics.items()), calls.counter_for_pending_extrinsics.get()) == ([], 0)
    chain.call(StoredCalls.store_encrypted, b"third", by=Origin.of(ALICE))
    assert chain.events()[-1] == calls.ExtrinsicStored(2, ALICE)


def test_a_stored_call_expires_if_calls_may_not_wait_at_all(chain: Chain) -> None:
    chain.call(StoredCalls.set_stored_extrinsic_lifetime, 0, by=ROOT)
    chain.call(StoredCalls.store_encrypted, b"call", by=Origin.of(ALICE))
    chain.open()
    assert chain.events() == [chain.world[StoredCalls].ExtrinsicExpired(0)]


def test_no_more_calls_are_stored_than_root_allows(chain: Chain) -> None:
    chain.call(StoredCalls.set_max_pending_extrinsics_number, 1, by=ROOT)
    chain.call(StoredCalls.store_encrypted, b"call", by=Origin.of(ALICE))
    chain.refuses(
        StoredCalls.TooManyPendingExtrinsics, StoredCalls.store_encrypted, b"call", by=Origin.of(ALICE)
    )


SETTINGS = {
    StoredCalls.set_max_pending_extrinsics_number: "max_pending_extrinsics_limit",
    StoredCalls.set_on_initialize_weight: "on_initialize_weight",
    StoredCalls.set_stored_extrinsic_lifetime: "extrinsic_lifetime",
    StoredCalls.set_max_extrinsic_weight: "max_extrinsic_weight",
}


@pytest.mark.parametrize("function", SETTINGS)
@pytest.mark.parametrize("by", [NONE, Origin.of(ALICE), Origin.of(AUTHORS[0])])
def test_settings_are_root_s_alone(chain: Chain, function: object, by: Origin) -> None:
    chain.refuses(BadOrigin, function, 5, by=by)


@pytest.mark.parametrize("function", SETTINGS)
def test_root_sets_and_the_event_tells(chain: Chain, function: object) -> None:
    chain.call(function, 5, by=ROOT)
    assert getattr(chain.world[StoredCalls], SETTINGS[function]).get() == 5
    assert [event.value for event in chain.events()] == [5]


@pytest.mark.parametrize(
    "function", [StoredCalls.set_on_initialize_weight, StoredCalls.set_max_extrinsic_weight]
)
def test_weights_stay_within_half_a_block(chain: Chain, function: object) -> None:
    chain.call(function, MOST_WEIGHT, by=ROOT)
    chain.refuses(StoredCalls.WeightExceedsAbsoluteMax, function, MOST_WEIGHT + 1, by=ROOT)


def test_errors_have_the_published_order() -> None:
    (pallet,) = [each for each in RUNTIME.pallets if each.name == "MevShield"]
    names = [error.__name__ for error in pallet.errors]
    assert names == ["BadEncKeyLen", "Unreachable", "TooManyPendingExtrinsics", "WeightExceedsAbsoluteMax"]
