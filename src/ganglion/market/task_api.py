"""POST /v1/classify and /v1/forecast: what OpenAI's interface has no form for."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from aiohttp import web
from pydantic import ValidationError

from ganglion.market.errors import invalid, unfitting
from ganglion.market.replies import parsed, reply
from ganglion.market.stalls import Stalls
from ganglion.market.visit import Order, Visit
from ganglion.neuron.task import Message
from ganglion.subnets.forecast.task import ForecastAnswer, ForecastRequest
from ganglion.subnets.vision.task import PIXELS, WHITE, ClassifyAnswer, ClassifyRequest

_SHAPES = {(PIXELS,), (8, 8)}


class ClassifyBody(Message):
    """`images`: base64 of 64 bytes each, or a list of images, each 8 x 8 or 64 grey levels from 0 to 16."""

    model: str = "ganglion/vision"
    images: str | list[Any]

    def request(self) -> ClassifyRequest:
        """As the subnet's request. Raises: ApiError."""
        try:
            if isinstance(self.images, str):
                return ClassifyRequest(images=self.images)
            return ClassifyRequest.of(_images(self.images))
        except ValidationError as error:
            raise unfitting(error) from error


class ForecastBody(Message):
    """`history`: a series of numbers, oldest first, or several. `quantiles` ascend between 0 and 1."""

    model: str = "ganglion/forecast"
    history: list[Any]
    horizon: int
    quantiles: tuple[float, ...] = (0.1, 0.5, 0.9)

    @property
    def has_many(self) -> bool:
        """Whether several series are asked about."""
        return bool(self.history) and isinstance(self.history[0], list)

    def request(self) -> ForecastRequest:
        """As the subnet's request. Raises: ApiError."""
        series = self.history if self.has_many else [self.history]
        wanted = {"series": series, "horizon": self.horizon, "levels": self.quantiles}
        try:
            return ForecastRequest.model_validate_json(orjson.dumps(wanted))
        except ValidationError as error:
            raise unfitting(error, {"series": "history", "levels": "quantiles"}) from error
        except orjson.JSONEncodeError as error:  # numbers without an end
            raise invalid("history is not a list of numbers", param="history") from error


class TaskApi:
    """Answers of the vision and forecast subnets."""

    def __init__(self, stalls: Stalls) -> None:
        self._stalls = stalls

    async def classify(self, visit: Visit, _http: web.Request, body: bytes) -> web.Response:
        """POST /v1/classify: a label for each image."""
        asked = parsed(ClassifyBody, body)
        broker, uid = self._stalls.find(asked.model, "vision")
        request = asked.request()
        order = Order(broker, asked.model, uid, request, len(request.array()))
        served = await visit.buy(order, lambda answer: len(answer.labels))
        answer: ClassifyAnswer = served.value
        told = {
            "id": visit.id,
            "object": "classification",
            "created": visit.created,
            "model": asked.model,
            "labels": answer.labels,
            "usage": {"images": order.units_in},
        }
        return reply(told, visit, served.neuron)

    async def forecast(self, visit: Visit, _http: web.Request, body: bytes) -> web.Response:
        """POST /v1/forecast: a point and quantiles for each step ahead, of each series."""
        asked = parsed(ForecastBody, body)
        broker, uid = self._stalls.find(asked.model, "forecast")
        request = asked.request()
        series = len(request.series)
        steps = series * request.horizon
        served = await visit.buy(Order(broker, asked.model, uid, request, series), lambda _answer: steps)
        answer: ForecastAnswer = served.value
        told = {
            "id": visit.id,
            "object": "forecast",
            "created": visit.created,
            "model": asked.model,
            "points": answer.points if asked.has_many else answer.points[0],
            "quantiles": answer.quantiles if asked.has_many else answer.quantiles[0],
            "levels": request.levels,
            "usage": {"series": series, "steps": steps},
        }
        return reply(told, visit, served.neuron)


def _images(images: list[Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    try:
        levels = np.asarray(images)
    except ValueError as error:
        raise invalid("images differ in shape", param="images") from error
    if levels.dtype.kind not in "iu" or levels.shape[1:] not in _SHAPES:
        raise invalid("images are not lists of 8 x 8 or 64 whole numbers", param="images")
    if levels.min() < 0 or levels.max() > WHITE:
        raise invalid(f"grey levels are not from 0 to {WHITE}", param="images")
    return levels.reshape(-1, PIXELS).astype(np.uint8)
