"""The vision subnet as `ganglion neuron` runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.neuron.package import Options, SubnetPackage, no_more, whole_number
from ganglion.subnets.vision.kinds import KINDS, CheatKind, ModelKind

if TYPE_CHECKING:
    from ganglion.subnets.vision.miners import VisionMiner
    from ganglion.subnets.vision.scorer import VisionValidator


def make_miner(kind: str, seed: int, options: Options) -> VisionMiner:
    """A miner of `kind`, one of `KINDS`. There are no options. Raises: OptionInvalid."""
    from ganglion.subnets.vision.cheats import make_cheat  # noqa: PLC0415
    from ganglion.subnets.vision.miners import ModelMiner  # noqa: PLC0415

    no_more(options)
    if kind in tuple(ModelKind):
        return ModelMiner(ModelKind(kind), seed)
    return make_cheat(CheatKind(kind), seed)


def make_validator(seed: int, options: Options) -> VisionValidator:
    """A validator with the private split of `seed`. Option `images`: how many digits a question has (192).

    Raises: OptionInvalid.
    """
    from ganglion.subnets.vision.data import private_digits  # noqa: PLC0415
    from ganglion.subnets.vision.scorer import VisionValidator  # noqa: PLC0415
    from ganglion.subnets.vision.task import MAX_IMAGES  # noqa: PLC0415

    images = whole_number(options, "images", 192, least=2, most=MAX_IMAGES)
    no_more(options, "images")
    return VisionValidator(private_digits(seed), images=images)


PACKAGE = SubnetPackage(
    "vision", KINDS, make_miner, make_validator, honest=tuple(ModelKind), exploiters=tuple(CheatKind)
)
