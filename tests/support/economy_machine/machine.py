"""Drives the chain block by block, and counts what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random

from economy_machine.attempts import Attempts, often
from economy_machine.chooser import Attempt, Chooser, Memory
from economy_machine.stage import BEACON, SUDO, build_stage
from ganglion.crypto.beacon import Pulse
from ganglion.frame.dispatch import DispatchError, DispatchFailed, Module
from ganglion.frame.event import Event
from ganglion.frame.validity import TransactionRefused
from ganglion.pallets.drand import Drand
from ganglion.pallets.subtensor import events
from ganglion.pallets.sudo import Sudo
from ganglion.scale.containers import Ok
from ledger import Ledger

LAST_CALLS = 30
PULSES_PER_BLOCK = 2


@dataclass
class Tally:
    """What came of all attempts: how often each kind succeeded, why it was refused, and what happened."""

    blocks: int = 0
    calls: int = 0
    succeeded: Counter[str] = field(default_factory=Counter)
    refused: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    happened: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another's as well."""
        self.blocks += other.blocks
        self.calls += other.calls
        self.succeeded.update(other.succeeded)
        self.happened.update(other.happened)
        for kind, errors in other.refused.items():
            self.refused[kind].update(errors)

    @property
    def both_ways(self) -> set[str]:
        """The kinds that succeeded at least once and were refused at least once."""
        return set(self.succeeded) & set(self.refused)


class Machine:
    """A chain with random callers. `try_state` is called after every block."""

    def __init__(self, seed: int) -> None:
        self.ledger: Ledger = build_stage()
        self.tally = Tally()
        self.last_calls: list[tuple[int, Attempt, str]] = []
        self.kinds = often(self.ledger.runtime)
        self._memory = Memory()
        self._random = Random(seed)
        self._round = 0
        self._attempts = Attempts(self.ledger.runtime, Chooser(self.ledger, self._memory, self._random))

    def attempt(self, kind: str, seed: int | None = None) -> None:
        """Make one call of a kind as a signed extrinsic; what it is follows from `seed` and the state."""
        if seed is not None:
            self._random.seed(seed)
        attempt = self._attempts.make(kind)
        self.last_calls.append((self.ledger.number, attempt, ""))
        del self.last_calls[:-LAST_CALLS]
        told = len(self.ledger.world.events)
        result = self._apply(attempt)
        self.last_calls[-1] = (self.ledger.number, attempt, result or "ok")
        self._count(kind, result)
        self._note(told)

    def close_block(self) -> None:
        """Close the block, check the state, open the next."""
        self.ledger.open_block(pulses=self._pulses())
        self._note(0)
        self.tally.blocks += 1

    def _apply(self, attempt: Attempt) -> str | None:
        """Why the call failed, or None."""
        ledger, told = self.ledger, len(self.ledger.world.events)
        try:
            outcome = ledger.executive.apply(ledger.extrinsic(attempt.call, attempt.signer))
        except TransactionRefused as refusal:
            return str(refusal)
        if outcome.failure is not None:
            return self._name(outcome.failure)
        if attempt.signer == SUDO and attempt.call.pallet == Sudo.name:
            for record in ledger.world.events[told:]:
                if isinstance(record.event, Sudo.Sudid) and not isinstance(record.event.sudo_result, Ok):
                    return self._name_of_error(record.event.sudo_result.error)
        return None

    def _name(self, failure: DispatchFailed) -> str:
        return self._name_of_error(self.ledger.runtime.dispatch_error(failure))

    def _name_of_error(self, error: DispatchError) -> str:
        if isinstance(error, Module):
            declared = self.ledger.runtime.error_of(error.error)
            return str(error) if declared is None else declared.__name__
        return str(error)

    def _count(self, kind: str, refusal: str | None) -> None:
        self.tally.calls += 1
        if refusal is None:
            self.tally.succeeded[kind] += 1
        else:
            self.tally.refused[kind][refusal] += 1

    def _note(self, told: int) -> None:
        for record in self.ledger.world.events[told:]:
            if isinstance(record.event, NOTED):
                self.tally.happened[type(record.event).__name__] += 1

    def _pulses(self) -> tuple[Pulse, ...]:
        last = self.ledger[Drand].last_stored_round.get()
        return tuple(BEACON.pulse(last + number + 1) for number in range(PULSES_PER_BLOCK))


NOTED: tuple[type[Event], ...] = (
    events.NetworkAdded,
    events.NetworkRemoved,
    events.NeuronRegistered,
    events.TimelockedWeightsRevealed,
    events.ColdkeySwapped,
    events.SubnetLeaseCreated,
)
"""What is worth counting besides."""
