"""Everything that goes into one epoch, checked.

Terms: *stake* here is stake weight (alpha plus weighted TAO) as raw I64F64 of rao; *u16
proportions* mean x / 65535; blocks are u64. Rows of weights and bonds are as stored.
Source: subtensor pallets/subtensor/src/epoch/run_epoch.rs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganglion.fixed import I64F64
from ganglion.yuma.errors import InvalidInput
from ganglion.yuma.rows import Rows

U16 = (0, 2**16 - 1)
I16 = (-(2**15), 2**15 - 1)
U64 = (0, 2**64 - 1)
# Sums of u16 weights over a row must stay within I32F32, as must stakes within I64F64.
MAX_UIDS = 2**15
MILLION = 1_000_000

Blocks = NDArray[np.uint64]
Flags = NDArray[np.bool_]


class Commit(NamedTuple):
    """An unrevealed weight commit: by which uid, in which epoch, at which block."""

    uid: int
    epoch: int
    block: int


class ConsensusMode(Enum):
    """Which consensus liquid alpha compares votes with.

    AUTO is PREVIOUS under a full bonds penalty, where votes for bonds never exceed the current one.
    """

    CURRENT = "Current"
    PREVIOUS = "Previous"
    AUTO = "Auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameters:
    """A subnet's settings that an epoch reads. Raises InvalidInput when out of range."""

    tempo: int
    activity_cutoff: int  # blocks
    stake_threshold: int  # rao
    max_allowed_validators: int
    kappa: int  # u16 proportion
    bonds_penalty: int  # u16 proportion
    bonds_moving_average: int  # millionths, 0..1_000_000
    yuma3: bool = False
    liquid_alpha: bool = False
    alpha_sigmoid_steepness: int = 1000  # i16, hundredths
    alpha_low: int = 45875  # u16 proportion
    alpha_high: int = 58982  # u16 proportion
    liquid_alpha_consensus_mode: ConsensusMode = ConsensusMode.CURRENT
    commit_reveal: bool = False
    reveal_period: int = 1  # epochs

    def __post_init__(self) -> None:
        for name in ("tempo", "activity_cutoff", "stake_threshold", "reveal_period"):
            whole_number(name, getattr(self, name), U64)
        for name in ("max_allowed_validators", "kappa", "bonds_penalty", "alpha_low", "alpha_high"):
            whole_number(name, getattr(self, name), U16)
        whole_number("bonds_moving_average", self.bonds_moving_average, (0, MILLION))
        whole_number("alpha_sigmoid_steepness", self.alpha_sigmoid_steepness, I16)
        for name in ("yuma3", "liquid_alpha", "commit_reveal"):
            switch(name, getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EpochInput:
    """One epoch of one mechanism. Raises InvalidInput naming the field that is wrong.

    `stake` and `block_at_registration` have n entries, `weights` and `bonds` n rows.
    `last_update`, `validator_permit` and `previous_consensus` may be shorter or longer than n, as on
    the chain.
    Entries of `weights` and `bonds` for uids >= n count for nothing.
    """

    n: int
    current_block: int
    last_step_block: int  # of the previous completed epoch, 0 = none yet
    rao_emission: int
    hyperparameters: Hyperparameters
    stake: Sequence[int]  # raw I64F64 per uid
    last_update: Blocks
    block_at_registration: Blocks
    validator_permit: Flags
    weights: Rows
    bonds: Rows
    owner_uid: int | None = None
    commits: tuple[Commit, ...] = ()
    current_epoch: int = 0  # counts the epoch being run
    previous_consensus: Sequence[int] = ()  # u16 proportions as stored; read by liquid alpha only

    def __post_init__(self) -> None:
        whole_number("n", self.n, (0, MAX_UIDS))
        for name in ("current_block", "last_step_block", "rao_emission", "current_epoch"):
            whole_number(name, getattr(self, name), U64)
        if self.owner_uid is not None:
            whole_number("owner_uid", self.owner_uid, (0, self.n - 1))
        _check_stake(self.stake, self.n)
        for commit in self.commits:
            whole_number("commits", commit.uid, U16)
            whole_number("commits", commit.epoch, U64)
            whole_number("commits", commit.block, U64)
        whole_numbers("previous_consensus", self.previous_consensus, U16)
        _check_vector("last_update", self.last_update, np.uint64)
        _check_vector("block_at_registration", self.block_at_registration, np.uint64)
        _check_vector("validator_permit", self.validator_permit, np.bool_)
        _check_length("block_at_registration", len(self.block_at_registration), self.n)
        for name, rows in (("weights", self.weights), ("bonds", self.bonds)):
            _check_rows(name, rows)
            _check_length(name, rows.count, self.n)
            _check_distinct(name, rows)


def whole_number(name: str, value: object, limits: tuple[int, int]) -> int:
    """`value` if it is an int within `limits`, else InvalidInput."""
    low, high = limits
    if type(value) is not int or not low <= value <= high:
        raise InvalidInput(name, f"must be a whole number from {low} to {high}", value)
    return value


def switch(name: str, value: object) -> bool:
    """`value` if it is true or false, else InvalidInput."""
    if not isinstance(value, bool):
        raise InvalidInput(name, "must be true or false", value)
    return value


def blocks_of(name: str, values: object) -> Blocks:
    """Block numbers per uid as an array. Raises InvalidInput."""
    return np.array(whole_numbers(name, values, U64), dtype=np.uint64)


def flags_of(name: str, values: object) -> Flags:
    """Flags per uid as an array. Raises InvalidInput."""
    return np.array([switch(name, value) for value in listed(name, values)], dtype=np.bool_)


def whole_numbers(name: str, values: object, limits: tuple[int, int]) -> list[int]:
    """The values if they are a list of ints within `limits`, else InvalidInput."""
    return [whole_number(name, value, limits) for value in listed(name, values)]


def listed(name: str, values: object) -> Sequence[object]:
    """`values` if it is a list or tuple, else InvalidInput."""
    if not isinstance(values, (list, tuple)):
        raise InvalidInput(name, "must be a list", values)
    return values


def _check_length(name: str, length: int, n: int) -> None:
    if length != n:
        raise InvalidInput(name, f"must have n = {n} entries", length)


def _check_stake(stake: Sequence[int], n: int) -> None:
    _check_length("stake", len(stake), n)
    if n and min(stake) < 0:
        raise InvalidInput("stake", "must not be negative", min(stake))
    if sum(stake) > I64F64.max:
        raise InvalidInput("stake", "the total must stay below 2**63 rao", sum(stake))


def _check_vector(name: str, values: NDArray[Any], dtype: type[np.generic]) -> None:
    if not isinstance(values, np.ndarray) or values.ndim != 1 or values.dtype != dtype:
        raise InvalidInput(name, f"must be a vector of {dtype.__name__}", values)


def _check_rows(name: str, rows: Rows) -> None:
    _check_vector(name, rows.starts, np.int64)
    _check_vector(name, rows.uids, np.uint16)
    _check_vector(name, rows.values, np.uint16)
    ends = (rows.starts[0], rows.starts[-1]) if len(rows.starts) else None
    if ends != (0, len(rows.uids)) or len(rows.uids) != len(rows.values) or (rows.lengths < 0).any():
        raise InvalidInput(name, "row starts, uids and values do not fit together")


def _check_distinct(name: str, rows: Rows) -> None:
    """A uid twice in a row has no defined meaning; the chain refuses to store it."""
    keys = rows.keys()
    if (keys[1:] > keys[:-1]).all():
        return
    keys.sort()
    twice = np.flatnonzero(keys[1:] == keys[:-1])
    if len(twice):
        row, uid = divmod(int(keys[twice[0]]), 1 << 16)
        raise InvalidInput(name, f"row {row} has uid {uid} twice", uid)
