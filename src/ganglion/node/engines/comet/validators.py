"""Voting powers: what the chain says of its validators, as CometBFT is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from ganglion.frame.world import World
from ganglion.node.engines.comet.abci_pb2 import PublicKey, ValidatorUpdate
from ganglion.pallets.validator_set import ValidatorSet

Powers: TypeAlias = Mapping[bytes, int]
"""Voting power by ed25519 key; in updates 0 for one that votes no longer."""


def powers(world: World) -> Powers:
    """The voting powers that a state prescribes."""
    return {validator.key: validator.power for validator in world[ValidatorSet].all().values()}


def updates_of(changed: Powers) -> list[ValidatorUpdate]:
    """Voting powers as CometBFT takes them."""
    return [
        ValidatorUpdate(pub_key=PublicKey(ed25519=key), power=power) for key, power in sorted(changed.items())
    ]
