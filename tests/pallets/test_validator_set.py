"""Root decides who votes on blocks; the authorities of Aura follow; offences are kept."""

from __future__ import annotations

from typing import Any

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.equivocation import DuplicateVote, Equivocation
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.frame.pallet import InherentData
from ganglion.pallets.aura import Aura
from ganglion.pallets.validator_set import Validator, ValidatorSet, consensus_address
from ganglion.pallets.validator_set.types import MAX_POWER, MAX_VALIDATORS
from ganglion.runtime import runtime
from ledger import Ledger, keypair

ONE, TWO = keypair("One"), keypair("Two")
CAUGHT = Equivocation(consensus_address(b"\x01" * 32), DuplicateVote(), 7, 84_000, 10)


def at_genesis(pair: Any, key: bytes, power: int) -> dict[str, Any]:
    return {"account": pair.address, "key": f"0x{key.hex()}", "power": power}


@pytest.fixture
def ledger() -> Ledger:
    first = at_genesis(ONE, b"\x01" * 32, 10)
    return Ledger(runtime(), {"ValidatorSet": {"validators": [first]}})


def admit(ledger: Ledger, account: bytes, key: bytes, power: int = 1) -> list[Any]:
    return ledger.run(ValidatorSet.admit, account, key, power, origin=ROOT)


def test_validators_at_genesis_are_the_authorities(ledger: Ledger) -> None:
    assert ledger[ValidatorSet].all() == {ONE.public_key: Validator(b"\x01" * 32, 10)}
    assert ledger[Aura].authorities.get() == (ONE.public_key,)


def test_who_is_admitted_becomes_an_authority_and_who_is_dismissed_none(ledger: Ledger) -> None:
    told = admit(ledger, TWO.public_key, b"\x02" * 32, 3)
    assert told == [ValidatorSet.ValidatorAdmitted(TWO.public_key, b"\x02" * 32, 3)]
    assert ledger[Aura].authorities.get() == (ONE.public_key, TWO.public_key)
    ledger.open_block()
    told = ledger.run(ValidatorSet.dismiss, ONE.public_key, origin=ROOT)
    assert told == [ValidatorSet.ValidatorDismissed(ONE.public_key)]
    assert ledger[Aura].authorities.get() == (TWO.public_key,)
    ledger.open_block()


def test_the_power_of_a_vote_can_be_changed(ledger: Ledger) -> None:
    told = ledger.run(ValidatorSet.set_power, ONE.public_key, 25, origin=ROOT)
    assert told == [ValidatorSet.PowerChanged(ONE.public_key, 25)]
    assert ledger[ValidatorSet].all()[ONE.public_key].power == 25


def test_what_makes_no_sound_set_is_refused(ledger: Ledger) -> None:
    refused = [
        (ValidatorSet.admit, (ONE.public_key, b"\x02" * 32, 1), ValidatorSet.AlreadyValidator),
        (ValidatorSet.admit, (TWO.public_key, b"\x01" * 32, 1), ValidatorSet.KeyInUse),
        (ValidatorSet.admit, (TWO.public_key, b"\x02" * 32, 0), ValidatorSet.PowerOutOfRange),
        (ValidatorSet.admit, (TWO.public_key, b"\x02" * 32, MAX_POWER + 1), ValidatorSet.PowerOutOfRange),
        (ValidatorSet.set_power, (ONE.public_key, 0), ValidatorSet.PowerOutOfRange),
        (ValidatorSet.set_power, (TWO.public_key, 1), ValidatorSet.NotValidator),
        (ValidatorSet.dismiss, (TWO.public_key,), ValidatorSet.NotValidator),
        (ValidatorSet.dismiss, (ONE.public_key,), ValidatorSet.LastValidator),
    ]
    for call, args, error in refused:
        with ledger.refuses(error):
            ledger.run(call, *args, origin=ROOT)


def test_there_is_room_for_a_bounded_number(ledger: Ledger) -> None:
    for number in range(2, MAX_VALIDATORS + 1):
        admit(ledger, bytes([number]) * 32, bytes([number]) * 32)
    with ledger.refuses(ValidatorSet.TooManyValidators):
        admit(ledger, b"\xff" * 32, b"\xff" * 32)


def test_a_chain_of_one_author_admits_nobody(full_ledger: Ledger) -> None:
    with full_ledger.refuses(ValidatorSet.NotReplicated):
        admit(full_ledger, TWO.public_key, b"\x02" * 32)


@pytest.mark.parametrize("origin", [NONE, Origin.of(ONE.public_key)])
def test_only_root_decides(ledger: Ledger, origin: Origin) -> None:
    for call, *args in [
        (ValidatorSet.admit, TWO.public_key, b"\x02" * 32, 1),
        (ValidatorSet.dismiss, ONE.public_key),
        (ValidatorSet.set_power, ONE.public_key, 2),
    ]:
        with ledger.refuses(BadOrigin):
            ledger.run(call, *args, origin=origin)


def test_an_offence_is_recorded_once(ledger: Ledger) -> None:
    call = ledger[ValidatorSet].inherent(InherentData(0, equivocations=(CAUGHT,)))
    assert call is not None
    told = ledger.run(ValidatorSet.note_equivocations, *call.args, origin=NONE)
    assert told == [ValidatorSet.Equivocated(CAUGHT)]
    assert ledger[ValidatorSet].equivocations[CAUGHT.address, 7] == CAUGHT
    assert ledger.run(ValidatorSet.note_equivocations, (CAUGHT,), origin=NONE) == []
    assert ledger[ValidatorSet].inherent(InherentData(0)) is None


def test_nobody_accuses_by_a_transaction(ledger: Ledger) -> None:
    for origin in (ROOT, Origin.of(ONE.public_key)):
        with ledger.refuses(BadOrigin):
            ledger.run(ValidatorSet.note_equivocations, (CAUGHT,), origin=origin)
