"""Sealed weights for chains that listen to a beacon of their own.

The SDK seals to the public beacon (`client.execute(SetWeights(...))`), which a private network cannot reach.
Here the chain says which beacon it listens to, and the SDK's own reckoning says when the chain will open the
weights. Where the chain listens to the public beacon, both come to the same: so `SdkChain` always seals here.
Source: bittensor 11.3, intents/weights.py (_build_timelocked); subtensor coinbase/reveal_commits.rs.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import bittensor
import bittensor_core
from bittensor.timelock import QUICKNET_GENESIS, QUICKNET_PERIOD

from ganglion.crypto.beacon import Schedule
from ganglion.crypto.timelock import seal
from ganglion.neuron.protocols import Weights
from ganglion.scale import Codecs
from ganglion.scale.types import Bytes, Vec, u16, u64

COMMIT_VERSION = 4
"""The form of commits that is made here."""

_PUBLIC = Schedule(QUICKNET_GENESIS, QUICKNET_PERIOD)
_PAYLOAD = Codecs().of(tuple[Bytes, Vec[u16], Vec[u16], u64])
_SUBTENSOR = bittensor.storage.SubtensorModule


@dataclass(frozen=True, slots=True)
class Beacon:
    """The beacon that a chain listens to."""

    public_key: bytes
    schedule: Schedule


async def beacon_of(client: bittensor.Client) -> Beacon:
    """The beacon that the chain listens to."""
    config = await client.query(("Drand", "BeaconConfig"))
    key = bytes.fromhex(config["public_key"].removeprefix("0x"))
    return Beacon(key, Schedule(config["genesis_time"], config["period"]))


async def reveal_time(client: bittensor.Client, netuid: int) -> int:
    """Unix time in seconds at which the chain will open what is committed now, as the SDK reckons it."""
    snapshot = await client.at()

    async def read(item: Any) -> int:
        return int(await snapshot.query(item, [netuid]) or 0)

    _, round_number = bittensor_core.get_encrypted_commit_v2(
        uids=[],
        weights=[],
        version_key=0,
        hotkey=bytes(32),
        last_epoch_block=await read(_SUBTENSOR.LastEpochBlock),
        pending_epoch_at=await read(_SUBTENSOR.PendingEpochAt),
        subnet_epoch_index=await read(_SUBTENSOR.SubnetEpochIndex),
        tempo=await read(_SUBTENSOR.Tempo),
        blocks_since_last_step=await read(_SUBTENSOR.BlocksSinceLastStep),
        current_block=snapshot.block,
        subnet_reveal_period_epochs=await read(_SUBTENSOR.RevealPeriodEpochs),
        block_time=await snapshot.block_time(),
    )
    return _PUBLIC.published_at(round_number)


async def first_unpublished(client: bittensor.Client, beacon: Beacon) -> int:
    """The first round that is still to come when what is sent now is in a block, at most two blocks later.

    The chain refuses what anybody could open already, which just before an epoch the reckoned round may be.
    """
    published = int(await client.query(("Drand", "LastStoredRound")))
    return published + 1 + math.ceil(2 * await client.block_time() / beacon.schedule.period)


async def commit_call(
    client: bittensor.Client,
    hotkey: bytes,
    netuid: int,
    weights: Weights,
    version_key: int,
    *,
    mechanism: int = 0,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> Any:
    """The call that commits a hotkey's (32 bytes) weights, for `client.submit_call`, which the hotkey signs.

    Raises what the SDK raises; MalformedPoint if the chain's beacon has no key.
    """
    beacon = await beacon_of(client)
    opening = beacon.schedule.first_from(await reveal_time(client, netuid))
    round_number = max(opening, await first_unpublished(client, beacon))
    sealed = sealed_weights(hotkey, weights, version_key, beacon, round_number, random_bytes)
    return bittensor.calls.SubtensorModule.commit_timelocked_mechanism_weights(
        netuid=netuid,
        mecid=mechanism,
        commit=sealed,
        reveal_round=round_number,
        commit_reveal_version=COMMIT_VERSION,
    )


def sealed_weights(
    hotkey: bytes,
    weights: Weights,
    version_key: int,
    beacon: Beacon,
    round_number: int,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Weights that the chain opens in a round, and counts as this hotkey's only. Raises: MalformedPoint."""
    payload = _PAYLOAD.encode((hotkey, weights.uids, weights.values, version_key))
    return seal(payload, beacon.public_key, round_number, random_bytes)
