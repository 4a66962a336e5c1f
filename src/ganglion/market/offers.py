"""What the market sells: one model for each subnet, `ganglion/text`, and one for each of its miners,
`ganglion/text@7` (by uid), at a price per thousand units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic

from ganglion.neuron.task import A, Q, Task
from ganglion.subnets.forecast.task import TASK as FORECAST
from ganglion.subnets.forecast.task import ForecastAnswer, ForecastRequest
from ganglion.subnets.text.task import TASK as TEXT
from ganglion.subnets.text.task import CompleteRequest, Completion, Piece
from ganglion.subnets.vision.task import TASK as VISION
from ganglion.subnets.vision.task import ClassifyAnswer, ClassifyRequest

_MAKER = "ganglion/"
_AT = "@"


@dataclass(frozen=True, slots=True)
class Price:
    """Rao for a thousand units in and for a thousand units out."""

    input_rao: int
    output_rao: int

    def of(self, units_in: int, units_out: int) -> int:
        """What so many units cost, in rao, rounded up."""
        return -(-(units_in * self.input_rao + units_out * self.output_rao) // 1000)


@dataclass(frozen=True, slots=True)
class Ware(Generic[Q, A]):
    """A task which can be sold. `unit_in` and `unit_out` say what is counted; `fits` whether an answer,
    valid by itself, answers the request, and `ends` whether a piece may be the last of a stream.
    """

    task: Task[Q, A]
    unit_in: str
    unit_out: str
    price: Price
    fits: Callable[[Q, A], bool]
    ends: Callable[[Any], bool] = lambda piece: True


def _completes(request: CompleteRequest, answer: Completion) -> bool:
    return True  # any text continues any text; how well is the validators' business


def _has_reason(piece: Piece) -> bool:
    return piece.finish_reason is not None


def _labels_all(request: ClassifyRequest, answer: ClassifyAnswer) -> bool:
    return len(answer.labels) == len(request.array())


def _forecasts_all(request: ForecastRequest, answer: ForecastAnswer) -> bool:
    return answer.fits(request)


WARES: Mapping[str, Ware[Any, Any]] = MappingProxyType(
    {
        "text": Ware(TEXT, "tokens", "tokens", Price(200_000, 600_000), _completes, _has_reason),
        "vision": Ware(VISION, "images", "labels", Price(50_000, 0), _labels_all),
        "forecast": Ware(FORECAST, "series", "steps", Price(100_000, 20_000), _forecasts_all),
    }
)
"""By the subnet's name, each with the price it has unless the operator says otherwise."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A ware made by the subnet `netuid`."""

    name: str
    netuid: int
    ware: Ware[Any, Any]
    price: Price

    @property
    def model(self) -> str:
        """The model's id: "ganglion/text"."""
        return _MAKER + self.name

    def model_of(self, uid: int) -> str:
        """The id of one miner's model: "ganglion/text@7"."""
        return f"{self.model}{_AT}{uid}"


def named(model: str) -> tuple[str, int | None] | None:
    """The offer's name and the uid in a model's id; None for what is no id of ours."""
    if not model.startswith(_MAKER):
        return None
    name, at, uid = model.removeprefix(_MAKER).partition(_AT)
    if not at:
        return name, None
    return (name, int(uid)) if uid.isascii() and uid.isdecimal() and len(uid) <= 5 else None
