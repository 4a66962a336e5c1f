"""A transaction in the pool, and what its watchers are told of it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from ganglion.frame.executive import CheckedExtrinsic


@dataclass(frozen=True, slots=True, eq=False)
class PoolTransaction:
    """A transaction that passed validation.

    `dies_at` is the number of the first block that it must not be in; `arrival` rises from one to the next;
    `size` is in bytes, length prefix included.
    """

    checked: CheckedExtrinsic
    who: bytes
    nonce: int
    priority: int
    dies_at: int
    arrival: int
    hash: bytes
    size: int


class StatusKind(enum.Enum):
    """A step in a transaction's life, by its name in RPC."""

    READY = "ready"
    FUTURE = "future"
    IN_BLOCK = "inBlock"
    FINALIZED = "finalized"
    USURPED = "usurped"
    DROPPED = "dropped"
    INVALID = "invalid"


FINAL = frozenset({StatusKind.FINALIZED, StatusKind.USURPED, StatusKind.DROPPED, StatusKind.INVALID})
"""After these nothing more is told."""


@dataclass(frozen=True, slots=True)
class Status:
    """A step; `hash` is the block's, or for USURPED that of the transaction which replaced this one."""

    kind: StatusKind
    hash: bytes | None = None


Listener = Callable[[Status], None]
