"""The validators of a replicated chain: accounts, the keys with which they vote, their voting power.

Root admits and dismisses them; the consensus engine follows two blocks later. Their accounts are Aura's
authorities, in order of admission, so that each block has an author who earns its fees. A chain whose blocks
one authority makes has no validators here, and then Aura's authorities are its genesis' own.
The real chain has no such pallet: its authorities are fixed by its chain specification.
"""

from __future__ import annotations

from collections.abc import Mapping

from ganglion.crypto.hashing import Twox64Concat
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import Error, InvariantBroken
from ganglion.frame.equivocation import Equivocation
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import InherentData, Pallet
from ganglion.frame.storage import StorageDoubleMap, StorageMap, storage
from ganglion.pallets.aura import Aura
from ganglion.pallets.validator_set.types import MAX_POWER, MAX_VALIDATORS, Validator, ValidatorSetGenesis
from ganglion.scale.types import AccountId, Bytes20, Bytes32, Vec, u64


class ValidatorSet(Pallet, crate="pallet_validator_set"):
    """Who votes on blocks."""

    genesis = ValidatorSetGenesis
    aura: Aura

    # account -> its validator. Written by root.
    validators: StorageMap[AccountId, Validator | None] = storage(Twox64Concat)
    # address of the consensus key, height -> what was done there. Written by authors, kept for ever.
    equivocations: StorageDoubleMap[Bytes20, u64, Equivocation | None] = storage(Twox64Concat, Twox64Concat)

    class ValidatorAdmitted(Event, index=0):
        """An account votes on blocks from two blocks on."""

        account: AccountId
        key: Bytes32
        power: u64

    class ValidatorDismissed(Event, index=1):
        """An account votes no longer, from two blocks on."""

        account: AccountId

    class PowerChanged(Event, index=2):
        """A validator's vote counts differently from two blocks on."""

        account: AccountId
        power: u64

    class Equivocated(Event, index=3):
        """An authority was caught breaking the rules of consensus."""

        equivocation: Equivocation

    class AlreadyValidator(Error, index=0):
        """The account is a validator already."""

    class KeyInUse(Error, index=1):
        """Another validator votes with this key."""

    class TooManyValidators(Error, index=2):
        """There is no room for another validator."""

    class NotValidator(Error, index=3):
        """The account is no validator."""

    class LastValidator(Error, index=4):
        """Without this validator nobody would make blocks."""

    class PowerOutOfRange(Error, index=5):
        """The voting power is zero or too large."""

    class NotReplicated(Error, index=6):
        """One authority makes the blocks of this chain; nobody votes on them."""

    @call(index=0)
    def admit(self, origin: Origin, account: AccountId, key: Bytes32, power: u64) -> None:
        """Root: let an account vote on blocks with an ed25519 key.

        Raises: NotReplicated, AlreadyValidator, KeyInUse, TooManyValidators, PowerOutOfRange.
        Emits: ValidatorAdmitted.
        """
        origin.root()
        present = self.all()
        if not present:
            raise self.NotReplicated
        if account in present:
            raise self.AlreadyValidator
        if any(validator.key == key for validator in present.values()):
            raise self.KeyInUse
        if len(present) >= MAX_VALIDATORS:
            raise self.TooManyValidators
        self._check_power(power)
        self.validators[account] = Validator(key, power)
        self.aura.authorities.set((*self.aura.authorities.get(), account))
        self.emit(self.ValidatorAdmitted(account, key, power))

    @call(index=1)
    def dismiss(self, origin: Origin, account: AccountId) -> None:
        """Root: let a validator vote no longer. Raises: NotValidator, LastValidator.

        Emits: ValidatorDismissed.
        """
        origin.root()
        present = self.all()
        if account not in present:
            raise self.NotValidator
        if len(present) == 1:
            raise self.LastValidator
        del self.validators[account]
        self.aura.authorities.set(tuple(one for one in self.aura.authorities.get() if one != account))
        self.emit(self.ValidatorDismissed(account))

    @call(index=2)
    def set_power(self, origin: Origin, account: AccountId, power: u64) -> None:
        """Root: change how much a vote counts. Raises: NotValidator, PowerOutOfRange. Emits: PowerChanged."""
        origin.root()
        validator = self.validators[account]
        if validator is None:
            raise self.NotValidator
        self._check_power(power)
        self.validators[account] = Validator(validator.key, power)
        self.emit(self.PowerChanged(account, power))

    @call(index=3)
    def note_equivocations(self, origin: Origin, equivocations: Vec[Equivocation]) -> None:
        """Nobody (the author): record what the engine has proven. Emits: Equivocated, for those not known."""
        origin.none()
        for equivocation in equivocations:
            place = (equivocation.address, equivocation.height)
            if place not in self.equivocations:
                self.equivocations[place] = equivocation
                self.emit(self.Equivocated(equivocation))

    def inherent(self, data: InherentData) -> RuntimeCall | None:
        """What the engine has proven since the block before."""
        if not data.equivocations:
            return None
        return RuntimeCall(self.name, "note_equivocations", (data.equivocations,))

    def build_genesis(self, config: ValidatorSetGenesis) -> None:
        """Admit the first validators, who replace the authorities of Aura's genesis."""
        for first in config.validators:
            self.validators[first.account] = Validator(first.key, first.power)
        if config.validators:
            self.aura.authorities.set(tuple(first.account for first in config.validators))

    def all(self) -> Mapping[bytes, Validator]:
        """account -> validator, of all there are."""
        return {account: validator for account, validator in self.validators.items() if validator is not None}

    def try_state(self) -> None:
        """Validators are Aura's authorities, each with a key of its own."""
        present = self.all()
        if not present:
            return
        if sorted(present) != sorted(self.aura.authorities.get()):
            raise InvariantBroken("the validators are not the authorities")
        if len({validator.key for validator in present.values()}) != len(present):
            raise InvariantBroken("two validators vote with one key")

    def _check_power(self, power: int) -> None:
        if not 0 < power <= MAX_POWER:
            raise self.PowerOutOfRange
