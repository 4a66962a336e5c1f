"""The order of a block and of an extrinsic, and what each refusal leaves behind: nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.frame.address import AddressId, AddressRaw, Sr25519
from ganglion.frame.block import Digest
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import DispatchFailed, DispatchInfo, Weight
from ganglion.frame.event import ApplyExtrinsic, Event, Finalization, Initialization
from ganglion.frame.executive import Executive
from ganglion.frame.extension import TransactionContext, TransactionExtension
from ganglion.frame.extrinsic import ExtrinsicCodec, Signed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import InherentData, Pallet
from ganglion.frame.runtime import CallWeight, Runtime
from ganglion.frame.storage import StorageValue, storage
from ganglion.frame.validity import (
    InvalidKind,
    InvalidTransaction,
    UnknownKind,
    UnknownTransaction,
    ValidTransaction,
)
from ganglion.scale.types import u8, u32

ALICE = Keypair("//Alice")


class Chronicle(Pallet, crate="pallet_chronicle"):
    """Keeps the block's records, as the executive needs it, and writes down what it is asked."""

    secret: StorageValue[u32] = storage(default=11)
    steps: StorageValue[u32] = storage(default=0)

    class Step(Event, index=0):
        """Something happened."""

        what: str

    full: bool = False
    index: int = 0

    def open_block(self, number: int, parent_hash: bytes, digest: Digest) -> None:
        self.index = 0
        self.emit(self.Step("open"))

    def reserve(self, info: DispatchInfo, length: int) -> None:
        if self.full:
            raise InvalidTransaction(InvalidKind.EXHAUSTS_RESOURCES)
        self.emit(self.Step("reserve"))

    def note_applied(self, info: DispatchInfo, actual: DispatchInfo, failure: DispatchFailed | None) -> None:
        self.emit(self.Step("success" if failure is None else "failure"))
        self.index += 1

    def close_block(self) -> None:
        self.emit(self.Step("close"))

    def extrinsic_index(self) -> int:
        return self.index

    def on_initialize(self) -> None:
        self.emit(self.Step("initialize"))

    def on_finalize(self) -> None:
        self.emit(self.Step("finalize"))

    @call(index=0)
    def rotate(self, origin: Origin, secret: u32) -> None:
        """Change what signers must sign."""
        self.secret.set(secret)


class Gate(TransactionExtension, path="toy::Gate"):
    """Asks for a password below 100; 50 to 59 fail at a later step."""

    chronicle: Chronicle
    extra = u8
    implicit = u32

    def implied(self, extra: int) -> int:
        return self.chronicle.secret.get()

    def validate(self, transaction: TransactionContext, extra: int) -> ValidTransaction:
        if extra >= 100:
            raise InvalidTransaction(InvalidKind.CUSTOM, extra)
        return ValidTransaction(priority=extra, provides=(bytes((extra,)),), longevity=extra + 1)

    def prepare(self, transaction: TransactionContext, extra: int) -> int:
        self.chronicle.emit(self.chronicle.Step("prepare"))
        self.chronicle.steps.set(1)
        if extra == 50:
            raise InvalidTransaction(InvalidKind.FUTURE)
        return extra * 2

    def settle(self, transaction: Any, prepared: int, actual: DispatchInfo, failure: Any) -> None:
        if prepared == 102:
            raise InvalidTransaction(InvalidKind.PAYMENT)
        self.chronicle.emit(self.chronicle.Step(f"settle {prepared} {actual.weight.ref_time}"))


class Silent(TransactionExtension, path="toy::Silent"):
    """Says and does nothing."""


@pytest.fixture(scope="module")
def runtime(toy: SimpleNamespace) -> Runtime:
    return Runtime(
        toy.VERSION,
        {0: Chronicle, 3: toy.Book},
        crate="toy_runtime",
        extensions=(Silent, Gate),
        weights=toy.WEIGHTS | {"Chronicle.rotate": CallWeight(5)},
    )


@pytest.fixture
def executive(runtime: Runtime, make_world: Any) -> Executive:
    world = make_world(runtime)
    executive = Executive(world, world[Chronicle], ExtrinsicCodec(runtime))
    executive.open_block(1, bytes(32), Digest(()))
    return executive


def signed(executive: Executive, runtime_call: RuntimeCall, password: int = 1, secret: int = 11) -> Any:
    codec, extra = executive.codec, ((), password)
    payload = codec.payload(codec.signable(runtime_call, extra), ((), secret))
    signature = Sr25519(ALICE.sign(payload))
    return codec.decode(
        codec.encode_signed(runtime_call, Signed(AddressId(ALICE.public_key), signature, extra))
    )


def steps(executive: Executive) -> list[str]:
    return [
        record.event.what for record in executive.world.events if isinstance(record.event, Chronicle.Step)
    ]


def note(executive: Executive, toy: SimpleNamespace, length: int = 1) -> RuntimeCall:
    return executive.world.runtime.call(toy.Book.write, (7,) * length)


def test_a_block_opens_applies_and_closes_in_that_order(executive: Executive, toy: SimpleNamespace) -> None:
    executive.apply(executive.check(signed(executive, note(executive, toy))))
    executive.close_block()
    applied = ["prepare", "reserve", "settle 2 1000", "success"]
    assert steps(executive) == ["open", "initialize", *applied, "finalize", "close"]


def test_events_carry_the_phase_of_the_block(executive: Executive, toy: SimpleNamespace) -> None:
    for _ in range(2):
        executive.apply(executive.check(signed(executive, note(executive, toy))))
    executive.close_block()
    phases = list(dict.fromkeys(record.phase for record in executive.world.events))
    assert phases == [Initialization(), ApplyExtrinsic(0), ApplyExtrinsic(1), Finalization()]


def test_a_new_block_forgets_the_events_of_the_last(executive: Executive) -> None:
    executive.open_block(2, bytes(32), Digest(()))
    assert steps(executive) == ["open", "initialize"]


def test_a_call_that_fails_is_settled_and_told(executive: Executive, toy: SimpleNamespace) -> None:
    outcome = executive.apply(executive.check(signed(executive, note(executive, toy, length=4))))
    assert isinstance(outcome.failure, toy.Book.TooLong)
    assert steps(executive)[-2:] == ["settle 2 1000", "failure"]
    assert executive.world[Chronicle].steps.get() == 1
    assert executive.world[toy.Book].count.get() == 0


@pytest.mark.parametrize(
    ("password", "kind"),
    [(120, InvalidKind.CUSTOM), (50, InvalidKind.FUTURE), (51, InvalidKind.PAYMENT)],
    ids=["validate", "prepare", "settle"],
)
def test_a_refusal_at_any_step_leaves_no_trace(
    executive: Executive, toy: SimpleNamespace, password: int, kind: InvalidKind
) -> None:
    checked = executive.check(signed(executive, note(executive, toy), password))
    before = steps(executive)
    with pytest.raises(InvalidTransaction) as refused:
        executive.apply(checked)
    assert refused.value.kind is kind
    assert steps(executive) == before
    assert executive.world.state.changes() == {}
    assert executive.world.phase == ApplyExtrinsic(0)


def test_a_full_block_refuses_and_leaves_no_trace(executive: Executive, toy: SimpleNamespace) -> None:
    executive.world[Chronicle].full = True
    with pytest.raises(InvalidTransaction) as refused:
        executive.apply(executive.check(signed(executive, note(executive, toy))))
    assert refused.value.kind is InvalidKind.EXHAUSTS_RESOURCES
    assert executive.world.state.changes() == {}


def test_a_signature_over_something_else_is_refused(executive: Executive, toy: SimpleNamespace) -> None:
    with pytest.raises(InvalidTransaction) as refused:
        executive.check(signed(executive, note(executive, toy), secret=12))
    assert refused.value.kind is InvalidKind.BAD_PROOF


def test_a_signature_is_good_only_while_the_state_implies_the_same(
    executive: Executive, toy: SimpleNamespace
) -> None:
    checked = executive.check(signed(executive, note(executive, toy)))
    executive.apply(executive.check(signed(executive, executive.world.runtime.call(Chronicle.rotate, 12))))
    for judge in (executive.validate, executive.apply):
        with pytest.raises(InvalidTransaction) as refused:
            judge(checked)
        assert refused.value.kind is InvalidKind.BAD_PROOF


def test_an_address_that_names_no_account_is_unknown(executive: Executive, toy: SimpleNamespace) -> None:
    codec = executive.codec
    odd = Signed(AddressRaw(b"x"), Sr25519(bytes(64)), ((), 1))
    with pytest.raises(UnknownTransaction) as refused:
        executive.check(codec.decode(codec.encode_signed(note(executive, toy), odd)))
    assert refused.value.kind is UnknownKind.CANNOT_LOOKUP


def bare(executive: Executive, runtime_call: RuntimeCall) -> Any:
    return executive.check(executive.codec.decode(executive.codec.encode_bare(runtime_call)))


def test_an_inherent_runs_as_nobody(executive: Executive, toy: SimpleNamespace) -> None:
    executive.apply(bare(executive, executive.world.runtime.call(toy.Book.tick, True)))
    assert steps(executive)[2:] == ["reserve", "success"]


def test_an_inherent_that_fails_breaks_the_block_and_leaves_no_trace(
    executive: Executive, toy: SimpleNamespace
) -> None:
    with pytest.raises(InvalidTransaction) as refused:
        executive.apply(bare(executive, executive.world.runtime.call(toy.Book.tick, False)))
    assert refused.value.kind is InvalidKind.BAD_MANDATORY
    assert steps(executive) == ["open", "initialize"]


def test_a_mandatory_call_that_somebody_signed_may_not_fail_either(
    executive: Executive, toy: SimpleNamespace
) -> None:
    checked = executive.check(signed(executive, executive.world.runtime.call(toy.Book.tick, True)))
    with pytest.raises(InvalidTransaction) as refused:
        executive.apply(checked)
    assert refused.value.kind is InvalidKind.BAD_MANDATORY
    assert executive.world.state.changes() == {}


def test_what_nobody_signed_is_no_transaction(executive: Executive, toy: SimpleNamespace) -> None:
    checked = bare(executive, note(executive, toy))
    for judge in (executive.validate, executive.apply):
        with pytest.raises(UnknownTransaction) as refused:
            judge(checked)
        assert refused.value.kind is UnknownKind.NO_UNSIGNED_VALIDATOR


def test_the_pool_takes_no_mandatory_calls(executive: Executive, toy: SimpleNamespace) -> None:
    tick = executive.world.runtime.call(toy.Book.tick, True)
    for checked in (bare(executive, tick), executive.check(signed(executive, tick))):
        with pytest.raises(InvalidTransaction) as refused:
            executive.validate(checked)
        assert refused.value.kind is InvalidKind.MANDATORY_VALIDATION


def test_validity_is_what_the_extensions_say_together(executive: Executive, toy: SimpleNamespace) -> None:
    validity = executive.validate(executive.check(signed(executive, note(executive, toy), password=9)))
    assert (validity.priority, validity.provides, validity.longevity) == (9, (b"\x09",), 10)
    assert steps(executive) == ["open", "initialize"]


def test_validities_combine_into_the_stricter_of_both() -> None:
    most = (1 << 64) - 1
    both = ValidTransaction(most, (b"a",), (b"b",), 5).combine(ValidTransaction(9, (b"c",), (), 7, False))
    assert both == ValidTransaction(most, (b"a", b"c"), (b"b",), 5, False)


def test_settling_hears_the_true_cost(executive: Executive, toy: SimpleNamespace) -> None:
    cheap = executive.world.runtime.call(toy.Book.cheap, 40, False)
    outcome = executive.apply(executive.check(signed(executive, cheap)))
    assert outcome.actual.weight == Weight(40, 0)
    assert "settle 2 40" in steps(executive)


def test_nobody_is_asked_for_inherents_that_has_none(executive: Executive) -> None:
    assert executive.inherents(InherentData(5)) == ()
