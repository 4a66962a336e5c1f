"""Yuma consensus as pure functions: from votes, bonds and stake to incentive, dividends and pay.

`run_epoch` is one epoch, `run_mechanisms` the epochs of a subnet with several mechanisms. All
arithmetic is the chain's fixed-point to the last bit; docs/yuma.md explains it from zero.
"""

from ganglion.yuma.epoch import run_epoch
from ganglion.yuma.epoch_input import Commit, ConsensusMode, EpochInput, Hyperparameters, blocks_of, flags_of
from ganglion.yuma.errors import InvalidInput, YumaError
from ganglion.yuma.mechanisms import MechanismsOutcome, run_mechanisms, split_emission
from ganglion.yuma.outcome import EpochOutcome
from ganglion.yuma.pruning import is_immune, uid_to_prune
from ganglion.yuma.row_ops import RowOps
from ganglion.yuma.rows import Rows
from ganglion.yuma.weights import max_upscale, sum_to_u16, within_limit

__all__ = [
    "Commit",
    "ConsensusMode",
    "EpochInput",
    "EpochOutcome",
    "Hyperparameters",
    "InvalidInput",
    "MechanismsOutcome",
    "RowOps",
    "Rows",
    "YumaError",
    "blocks_of",
    "flags_of",
    "is_immune",
    "max_upscale",
    "run_epoch",
    "run_mechanisms",
    "split_emission",
    "sum_to_u16",
    "uid_to_prune",
    "within_limit",
]
