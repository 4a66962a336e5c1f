"""Who plays in the demonstration: the neurons, and the keys that own them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

HOTKEY = "default"
OWNER = "owner"


class Role(StrEnum):
    """What a neuron does."""

    VALIDATOR = "validator"
    MINER = "miner"


@dataclass(frozen=True)
class Part:
    """One neuron. `name` is its wallet's; `kind` a model or cheat of the subnet, or "validator"."""

    name: str
    role: Role
    kind: str
    seed: int


@dataclass(frozen=True)
class Cast:
    """All neurons of the demonstration, in the order of their registration."""

    parts: tuple[Part, ...]

    @property
    def validators(self) -> Iterator[Part]:
        return (part for part in self.parts if part.role is Role.VALIDATOR)

    @property
    def miners(self) -> Iterator[Part]:
        return (part for part in self.parts if part.role is Role.MINER)


def vision_cast(validators: int, kinds: tuple[str, ...], seed: int) -> Cast:
    """Validators, and a miner of each kind. Kinds may repeat. Every part has a seed of its own."""
    names = [(f"validator-{n}", Role.VALIDATOR, "validator") for n in range(1, validators + 1)]
    names += [(f"miner-{n}-{kind}", Role.MINER, kind) for n, kind in enumerate(kinds, 1)]
    return Cast(tuple(Part(name, role, kind, seed + at) for at, (name, role, kind) in enumerate(names)))
