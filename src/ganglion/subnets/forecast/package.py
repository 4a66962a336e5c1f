"""The forecast subnet as `ganglion neuron` runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.neuron.package import Options, SubnetPackage, no_more, whole_number
from ganglion.subnets.forecast.kinds import KINDS, CheatKind, ModelKind

if TYPE_CHECKING:
    from ganglion.subnets.forecast.miners import ForecastMiner
    from ganglion.subnets.forecast.scorer import ForecastValidator


def make_miner(kind: str, seed: int, options: Options) -> ForecastMiner:
    """A miner of `kind`, one of `KINDS`. There are no options. Raises: OptionInvalid."""
    from ganglion.subnets.forecast.cheats import make_cheat  # noqa: PLC0415
    from ganglion.subnets.forecast.miners import ModelMiner  # noqa: PLC0415

    no_more(options)
    if kind in tuple(ModelKind):
        return ModelMiner(ModelKind(kind), seed)
    return make_cheat(CheatKind(kind), seed)


def make_validator(seed: int, options: Options) -> ForecastValidator:
    """A validator; its questions come from the loop's seed. Options: `series`, how many disguised series a
    question has (32); `live-every`, after how many rounds one asks about live prices too (4; 0: never).

    Raises: OptionInvalid.
    """
    from ganglion.subnets.forecast.questions import MOST_LIVE  # noqa: PLC0415
    from ganglion.subnets.forecast.scorer import ForecastValidator  # noqa: PLC0415
    from ganglion.subnets.forecast.task import MAX_SERIES  # noqa: PLC0415

    series = whole_number(options, "series", 32, least=8, most=MAX_SERIES - MOST_LIVE)
    live_every = whole_number(options, "live-every", 4, least=0, most=1000)
    no_more(options, "series", "live-every")
    return ForecastValidator(series=series, live_every=live_every)


PACKAGE = SubnetPackage(
    "forecast", KINDS, make_miner, make_validator, honest=tuple(ModelKind), exploiters=tuple(CheatKind)
)
