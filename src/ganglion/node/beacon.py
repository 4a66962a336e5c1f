"""A beacon of one's own, for networks that cannot reach the public one.

A node with the secret of the chain's beacon signs each round when its time has come, and brings the pulses
into the blocks that it makes: in a block those of the time since the block before, and after a pause at most
as many as a block takes, until it has caught up. The first pulse that a chain gets is the newest.
"""

from __future__ import annotations

from ganglion.crypto.beacon import BeaconKey, Pulse
from ganglion.pallets.drand import Drand
from ganglion.pallets.drand.pallet import MOST_PULSES


class LocalBeacon:
    """Makes the pulses of a chain whose beacon has this secret, and none for other chains."""

    def __init__(self, secret: str) -> None:
        self._key = BeaconKey(secret)

    def is_of(self, drand: Drand) -> bool:
        """Whether the chain listens to this beacon."""
        return drand.beacon_config.get().public_key == self._key.public_key

    def due(self, drand: Drand, time_ms: int) -> tuple[Pulse, ...]:
        """The pulses that a block of that (Unix) time is to bring in."""
        schedule = drand.beacon_config.get().schedule
        if not self.is_of(drand) or schedule.period == 0:
            return ()
        latest = schedule.latest(time_ms // 1000)
        first = drand.last_stored_round.get() + 1 if drand.has_begun() else max(latest, 1)
        return tuple(self._key.pulse(number) for number in range(first, min(latest + 1, first + MOST_PULSES)))
