"""Who plays in the demonstration: the neurons, and the keys that own them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ganglion.neuron.package import SubnetPackage

HOTKEY = "default"
OWNER = "owner"
MARKET = "market"

DEFAULT_MINERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "vision": ("svm", "knn", "logistic", "guess", "copier"),
        "text": ("blend", "trigram", "bigram", "echo"),
        "forecast": ("ensemble", "autoregression", "momentum", "naive"),
    }
)
"""The miners of each subnet unless the operator says otherwise: the honest, best first, then exploiters."""

_SEEDS_APART = 1000
"""So that no part of one run draws what a part of the next one draws."""


class Role(StrEnum):
    """What a neuron does."""

    VALIDATOR = "validator"
    MINER = "miner"


@dataclass(frozen=True)
class Part:
    """One neuron. `name` is its wallet's; `kind` a model or cheat of the subnet, or "validator". `place` is
    the kind's in the known order of quality, 0 for the best; None for exploiters and validators.
    """

    name: str
    subnet: str
    role: Role
    kind: str
    seed: int
    place: int | None = None

    @property
    def is_exploiter(self) -> bool:
        """Whether it tries to earn without a model."""
        return self.role is Role.MINER and self.place is None


@dataclass(frozen=True)
class Cast:
    """All neurons of the demonstration, in the order of their registration, and whether there is a market."""

    parts: tuple[Part, ...]
    has_market: bool = False

    @property
    def subnets(self) -> tuple[str, ...]:
        """The names of the subnets, in the order of their registration."""
        return tuple(dict.fromkeys(part.subnet for part in self.parts))

    @property
    def names(self) -> tuple[str, ...]:
        """Whose wallets are needed, besides the owner's."""
        return (*(part.name for part in self.parts), *((MARKET,) if self.has_market else ()))

    def of(self, subnet: str, role: Role | None = None) -> tuple[Part, ...]:
        """The neurons of one subnet; of one role only, where it is given."""
        return tuple(part for part in self.parts if part.subnet == subnet and role in {None, part.role})


def parts_of(package: SubnetPackage, kinds: Sequence[str], validators: int, seed: int) -> list[Part]:
    """Validators, and a miner of each kind. Kinds may repeat. Every part has a seed of its own."""
    places = {kind: place for place, kind in enumerate(package.honest)}
    roles = [(Role.VALIDATOR, "validator")] * validators + [(Role.MINER, kind) for kind in kinds]
    return [
        Part(
            name=f"{package.name}-{n}-{kind}",
            subnet=package.name,
            role=role,
            kind=kind,
            seed=seed * _SEEDS_APART + n,
            place=places.get(kind),
        )
        for n, (role, kind) in enumerate(roles, 1)
    ]
