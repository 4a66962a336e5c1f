"""Drand: the pulses of a randomness beacon, by which timelocks open.

Terms: a *pulse* is a round's number with the beacon's signature of it (`ganglion.crypto.beacon`). Blocks'
authors bring pulses in as an inherent; whoever may bring them, only what the beacon has signed is stored,
and a week's rounds are kept.
Source: subtensor pallets/drand/src/lib.rs; docs/decisions/0006-drand.md for what is different here.
"""

from __future__ import annotations

from collections.abc import Sequence

from ganglion.crypto.beacon import MalformedPoint, key_point
from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.address import MultiSignature
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import Error
from ganglion.frame.event import Event
from ganglion.frame.genesis import InvalidGenesis
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import InherentData, Pallet, constant
from ganglion.frame.primitives import BlockNumber
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.aura import Aura
from ganglion.pallets.drand.types import (
    QUICKNET,
    BeaconConfiguration,
    BeaconConfigurationPayload,
    DrandGenesis,
    Pulse,
    PulsesPayload,
    Sr25519Signer,
)
from ganglion.pallets.system import System
from ganglion.scale.types import Vec, u64

MOST_PULSES = 50
"""Pulses that an author brings into one block."""

MAX_KEPT_PULSES = 216_000
"""A week of rounds of the public beacon."""

MAX_REMOVED_PULSES = 100
"""Old pulses that one call removes."""

NOBODY = bytes(32)


class Drand(Pallet, crate="pallet_drand"):
    """Pulses of the beacon that the chain listens to."""

    genesis = DrandGenesis
    system: System
    aura: Aura

    # The beacon. Written by root.
    beacon_config: StorageValue[BeaconConfiguration] = storage(default=QUICKNET)
    # round -> pulse. Written by authors.
    pulses: StorageMap[u64, Pulse | None] = storage(Blake2_128Concat)
    # The newest round that is stored; 0 before the first.
    last_stored_round: StorageValue[u64] = storage(default=0)
    # The oldest round that is kept; 0 before the first. Written by authors and root.
    oldest_stored_round: StorageValue[u64] = storage(default=0)
    # From which block on the real chain's pool takes pulses again; nothing here waits for it.
    next_unsigned_at: StorageValue[BlockNumber] = storage(default=0)

    unsigned_priority: u64 = constant(1 << 20)
    http_fetch_timeout: u64 = constant(1_000)

    class BeaconConfigChanged(Event, index=0):
        """The chain listens to another beacon, or thinks otherwise of it."""

    class NewPulse(Event, index=1):
        """Pulses were stored."""

        rounds: Vec[u64]

    class SetOldestStoredRound(Event, index=2, positional=True):
        """Root set the oldest round that is kept."""

        oldest_round: u64

    class NoneValue(Error, index=0):
        """The value retrieved was none as no value was set before."""

    class StorageOverflow(Error, index=1):
        """A stored number would leave its range."""

    class DrandConnectionFailure(Error, index=2):
        """The beacon cannot be reached."""

    class UnverifiedPulse(Error, index=3):
        """The pulse is invalid."""

    class InvalidRoundNumber(Error, index=4):
        """The pulse's round does not follow the newest one that is stored."""

    class PulseVerificationError(Error, index=5):
        """The pulse's signature, or the beacon's key, cannot be read."""

    @call(index=0)
    def write_pulse(
        self, origin: Origin, pulses_payload: PulsesPayload, signature: MultiSignature | None
    ) -> None:
        """Nobody (the author): store pulses, each of the round after the newest; the first may be of any.

        Those that the beacon did not publish are passed over. Nobody looks at `signature`.
        Raises: PulseVerificationError, InvalidRoundNumber. Emits: NewPulse.
        """
        origin.none()
        stored = self._store(pulses_payload.pulses)
        self._prune()
        self.next_unsigned_at.set(self.system.number.get())
        if stored:
            self.emit(self.NewPulse(stored))

    @call(index=1)
    def set_beacon_config(
        self, origin: Origin, config_payload: BeaconConfigurationPayload, signature: MultiSignature | None
    ) -> None:
        """Root: listen to another beacon, whose rounds go on where the old one's end.

        Nobody looks at `signature`. Emits: BeaconConfigChanged.
        """
        origin.root()
        self.beacon_config.set(config_payload.config)
        self.next_unsigned_at.set(self.system.number.get() + 1)
        self.emit(self.BeaconConfigChanged())

    @call(index=2)
    def set_oldest_stored_round(self, origin: Origin, oldest_round: u64) -> None:
        """Root: correct from which round on pulses are kept. Emits: SetOldestStoredRound."""
        origin.root()
        self.oldest_stored_round.set(oldest_round)
        self.emit(self.SetOldestStoredRound(oldest_round))

    def inherent(self, data: InherentData) -> RuntimeCall | None:
        """The pulses that the author has."""
        if not data.pulses:
            return None
        payload = PulsesPayload(
            self.system.number.get(),
            tuple(Pulse.of(pulse) for pulse in data.pulses),
            Sr25519Signer(self.aura.author() or NOBODY),
        )
        return RuntimeCall(self.name, "write_pulse", (payload, None))

    def build_genesis(self, config: DrandGenesis) -> None:
        """Listen to the chain's own beacon, if it has one. Raises: InvalidGenesis."""
        if not config.public_key:
            return
        if config.period == 0:
            raise InvalidGenesis("Drand.period", "must be at least 1 second")
        try:
            key_point(config.public_key)
        except MalformedPoint as error:
            raise InvalidGenesis("Drand.public_key", str(error)) from error
        self.beacon_config.set(config.configuration())

    def signature_of(self, round_number: int) -> bytes | None:
        """The beacon's signature of a round, if its pulse is stored."""
        pulse = self.pulses[round_number]
        return None if pulse is None else pulse.signature

    def has_begun(self) -> bool:
        """Whether any pulse was stored, so that the next must follow it."""
        return bool(self.last_stored_round.get() or self.oldest_stored_round.get())

    def is_past(self, round_number: int) -> bool:
        """Whether a round is older than all pulses that are kept, so that its own will not come any more."""
        return round_number < self.oldest_stored_round.get()

    def _store(self, pulses: Sequence[Pulse]) -> tuple[int, ...]:
        last, is_first = self.last_stored_round.get(), not self.has_begun()
        stored = []
        for pulse in pulses:
            if not self._is_genuine(pulse):
                continue
            if pulse.round <= last or not (is_first or pulse.round == last + 1):
                raise self.InvalidRoundNumber(pulse.round, last)
            self.pulses[pulse.round] = pulse
            last = pulse.round
            stored.append(last)
        self.last_stored_round.set(last)
        if is_first and stored:
            self.oldest_stored_round.set(stored[0])
        return tuple(stored)

    def _is_genuine(self, pulse: Pulse) -> bool:
        try:
            return pulse.is_genuine(self.beacon_config.get().public_key)
        except MalformedPoint as error:
            raise self.PulseVerificationError(pulse.round, error) from error

    def _prune(self) -> None:
        oldest = self.oldest_stored_round.get()
        if not oldest:
            return
        excess = self.last_stored_round.get() - oldest + 1 - MAX_KEPT_PULSES
        first_kept = oldest + min(max(excess, 0), MAX_REMOVED_PULSES)
        for round_number in range(oldest, first_kept):
            del self.pulses[round_number]
        self.oldest_stored_round.set(first_kept)
