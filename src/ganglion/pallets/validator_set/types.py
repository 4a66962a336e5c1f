"""Values of the validator set."""

from __future__ import annotations

import hashlib
from typing import Annotated

from ganglion.scale import Struct
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Bytes32, Vec, u64

MAX_VALIDATORS = 32
"""As many as Aura has room for."""

MAX_POWER = 2**40
"""Bound of one validator's voting power: all together stay far below what CometBFT can add up."""


class Validator(Struct):
    """One that votes on blocks: the ed25519 key that it votes with, and how much its vote counts."""

    key: Bytes32
    power: u64

    @property
    def address(self) -> bytes:
        """How CometBFT names the validator."""
        return consensus_address(self.key)


class ValidatorAtGenesis(Struct):
    """A validator with the account that earns its blocks' fees."""

    account: AccountId
    key: Bytes32
    power: u64 = 1


class ValidatorSetGenesis(Struct):
    """The validators at genesis; none where one authority makes the blocks alone."""

    validators: Annotated[Vec[ValidatorAtGenesis], Bounded(MAX_VALIDATORS)] = ()


def consensus_address(key: bytes) -> bytes:
    """The 20 bytes by which CometBFT names an ed25519 key. Source: cometbft crypto/ed25519."""
    return hashlib.sha256(key).digest()[:20]
