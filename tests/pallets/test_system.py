"""The basic checks of every transaction, the block's records and limits, and root's hold on storage."""

from typing import Any

import pytest

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.address import AddressId, Sr25519
from ganglion.frame.block import Digest
from ganglion.frame.dispatch import BadOrigin, DispatchClass, DispatchInfo, Pays, Weight
from ganglion.frame.era import Era
from ganglion.frame.event import ApplyExtrinsic, Finalization
from ganglion.frame.extrinsic import Signed
from ganglion.frame.origin import ROOT, Origin
from ganglion.frame.validity import InvalidKind, InvalidTransaction, UnknownTransaction
from ganglion.pallets.extensions import CheckMetadataHash, Mode
from ganglion.pallets.system import System
from ganglion.pallets.system.extensions import CheckMortality, CheckNonce
from ganglion.pallets.system.limits import (
    BASE_BLOCK,
    BASE_EXTRINSIC,
    U64_MAX,
    PerClassWeight,
    weight_after,
)
from ganglion.pallets.transaction_payment import ChargeTransactionPayment
from ganglion.pallets.weights import WEIGHTS

NONE_USED = PerClassWeight(Weight(0, 0), Weight(0, 0), Weight(0, 0))


def remark(ledger: Any, size: int = 1) -> Any:
    return ledger.runtime.call(System.remark, bytes(size))


# ---- nonce


def test_each_transaction_counts_once_failed_or_not(ledger: Any) -> None:
    for nonce in range(3):
        assert ledger[System].account[ledger.key("Alice")].nonce == nonce
        assert ledger.apply(System.set_storage, ()).failure is not None
        assert ledger[System].account[ledger.key("Alice")].nonce == nonce + 1


@pytest.mark.parametrize(("nonce", "kind"), [(0, InvalidKind.STALE), (2, InvalidKind.FUTURE)])
def test_only_the_next_nonce_is_applied(ledger: Any, nonce: int, kind: InvalidKind) -> None:
    ledger.apply(System.remark, b"")
    checked = ledger.extrinsic(remark(ledger), nonce=nonce)
    with ledger.refuses(kind):
        ledger.executive.apply(checked)


def test_a_future_nonce_waits_for_the_one_before(ledger: Any) -> None:
    alice = ledger.key("Alice")
    validity = ledger.executive.validate(ledger.extrinsic(remark(ledger), nonce=2))
    assert validity.requires == (alice + b"\1\0\0\0",)
    assert validity.provides == (alice + b"\2\0\0\0",)
    assert ledger.executive.validate(ledger.extrinsic(remark(ledger), nonce=0)).requires == ()


def test_an_account_that_does_not_exist_can_pay_nothing(ledger: Any) -> None:
    with ledger.refuses(InvalidKind.PAYMENT):
        ledger.executive.apply(ledger.extrinsic(remark(ledger), by="Nobody"))


# ---- version, genesis, era, sender


def test_anybody_can_sign_as_zero_and_is_refused(ledger: Any) -> None:
    values = {CheckNonce: 0, CheckMortality: Era(), CheckMetadataHash: Mode.Disabled}
    values[ChargeTransactionPayment] = 0
    extra = tuple(values.get(extension, ()) for extension in ledger.runtime.extensions)
    forged = Signed(AddressId(bytes(32)), Sr25519(bytes(63) + b"\x80"), extra)
    raw = ledger.codec.encode_signed(remark(ledger), forged)
    with ledger.refuses(InvalidKind.BAD_SIGNER):
        ledger.executive.apply(ledger.executive.check(ledger.codec.decode(raw)))


def test_a_signature_for_another_chain_is_no_proof(ledger: Any) -> None:
    with ledger.refuses(InvalidKind.BAD_PROOF):
        ledger.extrinsic(remark(ledger), birth=ledger.hash_of(1))


@pytest.mark.parametrize("period", [4, 8, 64])
def test_a_mortal_transaction_lives_for_its_period(ledger: Any, period: int) -> None:
    ledger.open_block(5)
    era = Era.mortal(period, ledger.number - 1)
    checked = ledger.extrinsic(remark(ledger), era=era)
    left = era.death(ledger.number) - ledger.number
    assert ledger.executive.validate(checked).longevity == left
    ledger.open_block(left - 1)
    ledger.executive.validate(checked)
    ledger.open_block()
    for judge in (ledger.executive.validate, ledger.executive.apply):
        # A new era has begun: its first block is the open one, or not the one that was signed.
        with pytest.raises(InvalidTransaction) as refused:
            judge(checked)
        assert refused.value.kind in (InvalidKind.BAD_PROOF, InvalidKind.ANCIENT_BIRTH_BLOCK)


def test_an_era_cannot_begin_in_the_block_that_is_being_made(ledger: Any) -> None:
    with ledger.refuses(InvalidKind.ANCIENT_BIRTH_BLOCK):
        ledger.extrinsic(remark(ledger), era=Era.mortal(64, ledger.number))


def test_the_pool_knows_the_newest_block_as_a_birth(ledger: Any) -> None:
    ledger.open_block(2)
    ledger.executive.open_for_validation(ledger.number + 1, ledger.hash_of(ledger.number))
    era = Era.mortal(64, ledger.number)
    ledger.number += 1
    assert ledger.executive.validate(ledger.extrinsic(remark(ledger), era=era)).longevity == 63


def test_block_hashes_are_kept_for_the_window_and_genesis_for_ever(ledger: Any) -> None:
    system = ledger[System]
    count = system.block_hash_count
    for number in range(2, count + 5):
        system.close_block()
        system.open_block(number, ledger.hash_of(number - 1), Digest(()))
    kept = {number for number, _ in system.block_hash.items()}
    assert kept == {0, *range(number - count - 1, number)}
    system.close_block()
    assert number - count - 1 not in system.block_hash


def test_a_metadata_digest_can_not_be_checked(ledger: Any) -> None:
    with pytest.raises(UnknownTransaction):
        ledger.extrinsic(remark(ledger), mode=Mode.Enabled)


# ---- limits


def info(ref_time: int, class_: DispatchClass = DispatchClass.Normal, proof: int = 0) -> DispatchInfo:
    return DispatchInfo(Weight(ref_time, proof), class_, Pays.Yes)


def test_a_call_adds_its_weight_the_base_and_its_length_as_proof() -> None:
    after = weight_after(NONE_USED, info(7, proof=5), 100)
    assert after == PerClassWeight(Weight(BASE_EXTRINSIC.ref_time + 7, 105), Weight(0, 0), Weight(0, 0))


def test_normal_calls_stop_at_three_quarters_and_operational_ones_at_the_whole() -> None:
    base = BASE_EXTRINSIC.ref_time
    normal = 3 * 10**12 - base
    assert weight_after(NONE_USED, info(normal), 0) is not None
    assert weight_after(NONE_USED, info(normal + 1), 0) is None
    full = PerClassWeight(Weight(3 * 10**12, 0), Weight(0, 0), BASE_BLOCK)
    operational = DispatchClass.Operational
    assert weight_after(full, info(1), 0) is None
    assert weight_after(full, info(10**12 - base - BASE_BLOCK.ref_time, operational), 0) is not None
    # Above the block's limit an operational call may still use its reserve of one second.
    assert weight_after(full, info(10**12 - base, operational), 0) is not None
    assert weight_after(full, info(10**12 - base + 1, operational), 0) is None


def test_a_mandatory_call_always_fits_and_the_sum_stays_a_u64() -> None:
    after = weight_after(NONE_USED, info(U64_MAX, DispatchClass.Mandatory, proof=U64_MAX), 10)
    assert after is not None
    assert after.mandatory == Weight(U64_MAX, U64_MAX)
    assert weight_after(after, info(U64_MAX, DispatchClass.Mandatory), 10) == after


def test_a_block_takes_transactions_until_its_bytes_are_used(ledger: Any) -> None:
    for nonce in range(3):
        ledger.executive.apply(ledger.extrinsic(remark(ledger, 2_500_000), nonce=nonce))
    with ledger.refuses(InvalidKind.EXHAUSTS_RESOURCES):
        ledger.executive.apply(ledger.extrinsic(remark(ledger, 2_500_000), nonce=3))
    ledger.executive.apply(ledger.extrinsic(remark(ledger, 200_000), nonce=3))
    ledger.open_block()
    ledger.executive.apply(ledger.extrinsic(remark(ledger, 2_500_000), nonce=4))


def test_a_transaction_that_no_block_holds_never_enters_the_pool(ledger: Any) -> None:
    with pytest.raises(InvalidTransaction) as refused:
        ledger.executive.validate(ledger.extrinsic(remark(ledger, 7_864_320)))
    assert refused.value.kind is InvalidKind.EXHAUSTS_RESOURCES


def test_a_refused_extrinsic_takes_no_room(ledger: Any) -> None:
    system = ledger[System]
    before = (system.block_weight.get(), system._length)
    with pytest.raises(InvalidTransaction):
        ledger.executive.apply(ledger.extrinsic(remark(ledger), nonce=9))
    assert (system.block_weight.get(), system._length) == before


def test_weight_that_was_not_used_is_given_back(ledger: Any) -> None:
    system = ledger[System]
    expected, actual = info(1_000, proof=50), info(400, proof=20)
    before = system.block_weight.get()
    system.reserve(expected, 9)
    system.note_applied(expected, actual, None)
    used = system.block_weight.get().normal
    assert used == before.normal + BASE_EXTRINSIC + Weight(400, 20 + 9)


def test_an_extrinsics_event_counts_what_every_extrinsic_weighs(ledger: Any) -> None:
    told = ledger.told(System.remark, b"")[-1]
    weight = WEIGHTS["System.remark"].info.weight  # type: ignore[union-attr]
    assert told == System.ExtrinsicSuccess(info((weight + BASE_EXTRINSIC).ref_time, proof=weight.proof_size))


# ---- records and calls


def test_a_closed_block_holds_its_events_in_order(ledger: Any) -> None:
    ledger.apply(System.remark_with_event, b"hello")
    ledger.executive.close_block()
    events = ledger[System].events.get()
    assert ledger[System].event_count.get() == len(events)
    remarked = System.Remarked(ledger.key("Alice"), blake2_256(b"hello"))
    assert [record.phase for record in events if record.event == remarked] == [ApplyExtrinsic(1)]
    assert Finalization() not in [record.phase for record in events]
    codec = ledger[System].events.item.value
    assert codec.decode(codec.encode(events)) == events


def test_root_writes_and_removes_raw_storage(ledger: Any) -> None:
    state = ledger.world.state
    ledger.run(System.set_storage, ((b"key1", b"a"), (b"key2", b"b"), (b"key3", b"c")), origin=ROOT)
    assert state.get_raw(b"key2") == b"b"
    ledger.run(System.kill_storage, (b"key1",), origin=ROOT)
    ledger.run(System.kill_prefix, b"key", 1, origin=ROOT)
    assert [state.get_raw(key) for key in (b"key1", b"key2", b"key3")] == [None, None, b"c"]


def test_raw_storage_is_what_pallets_read(ledger: Any) -> None:
    number = ledger[System].number
    ledger.run(System.set_storage, ((number.item.key(()), b"\x07\0\0\0"),), origin=ROOT)
    assert number.get() == 7


def test_strangers_write_no_raw_storage(ledger: Any, stranger: Origin) -> None:
    for call, *args in ((System.set_storage, ()), (System.kill_storage, ()), (System.kill_prefix, b"", 1)):
        with ledger.refuses(BadOrigin):
            ledger.run(call, *args, origin=stranger)


def test_only_signers_remark_with_an_event(ledger: Any) -> None:
    with ledger.refuses(BadOrigin):
        ledger.run(System.remark_with_event, b"", origin=ROOT)
    assert ledger.run(System.remark, b"x", origin=ROOT) == []


def test_the_first_state_names_the_version_that_wrote_it(ledger: Any) -> None:
    upgrade = ledger[System].last_runtime_upgrade.get()
    assert (upgrade.spec_version, upgrade.spec_name) == (1, "test")
