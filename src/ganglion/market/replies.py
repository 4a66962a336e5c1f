"""Bodies in and out: JSON which fits a model; JSON with the headers by which an operator finds it again."""

from __future__ import annotations

from typing import Any, TypeVar

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from ganglion.market.errors import unfitting
from ganglion.market.visit import Visit
from ganglion.neuron.protocols import Neuron

M = TypeVar("M", bound=BaseModel)


def parsed(model: type[M], body: bytes) -> M:
    """`body` as a `model`. Raises: ApiError."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise unfitting(error) from error


def reply(told: Any, visit: Visit, neuron: Neuron | None = None) -> web.Response:
    """`told` as JSON. With `neuron` the headers say who made it."""
    headers = {"x-request-id": visit.id} if neuron is None else miner_headers(visit, neuron)
    return web.Response(body=orjson.dumps(told), headers=headers, content_type="application/json")


def miner_headers(visit: Visit, neuron: Neuron) -> dict[str, str]:
    """Which request this was, and which miner answered it."""
    return {
        "x-request-id": visit.id,
        "x-ganglion-uid": str(neuron.uid),
        "x-ganglion-hotkey": neuron.hotkey,
    }
