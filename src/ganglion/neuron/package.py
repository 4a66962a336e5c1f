"""A subnet as one object: what `ganglion neuron` needs to run its miners and validators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ganglion.neuron.miner import Miner
from ganglion.neuron.validator import Validator

Options = Mapping[str, str]
"""What the operator said with `--option NAME=VALUE`."""


class OptionInvalid(ValueError):
    """An operator's choice which the subnet does not know or take: the message says which and why."""


@dataclass(frozen=True, slots=True)
class SubnetPackage:
    """A subnet's name, the kinds of miners it brings (the first is the default), and their makers.

    `make_miner(kind, seed, options)` and `make_validator(seed, options)` construct only: what takes long
    belongs into `start`. They import models when called, so that naming a subnet stays quick. Both raise
    OptionInvalid.
    """

    name: str
    kinds: tuple[str, ...]
    make_miner: Callable[[str, int, Options], Miner[Any, Any]]
    make_validator: Callable[[int, Options], Validator[Any, Any]]
