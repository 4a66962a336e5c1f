"""GET /v1/models: what can be bought, at which price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiohttp import web

from ganglion.market.broker import Broker
from ganglion.market.errors import unknown_model
from ganglion.market.replies import reply
from ganglion.market.stalls import Stalls
from ganglion.market.visit import Visit
from ganglion.neuron.protocols import Neuron


class ModelsApi:
    """The models: one for each subnet, and one for each of its miners. `created` is when the market opened,
    Unix time in seconds.
    """

    def __init__(self, stalls: Stalls, created: int) -> None:
        self._stalls = stalls
        self._created = created

    async def all(self, visit: Visit, _http: web.Request, _body: bytes) -> web.Response:
        """GET /v1/models."""
        models = [model for broker in self._stalls.brokers.values() for model in self._of(broker)]
        return reply({"object": "list", "data": models}, visit)

    async def one(self, visit: Visit, http: web.Request, _body: bytes) -> web.Response:
        """GET /v1/models/ID."""
        wanted = http.match_info["model"]
        broker, _ = self._stalls.find(wanted)
        for model in self._of(broker):
            if model["id"] == wanted:
                return reply(model, visit)
        raise unknown_model(wanted)

    def _of(self, broker: Broker) -> Iterator[dict[str, Any]]:
        metagraph = broker.roster.metagraph
        owner = "" if metagraph is None else metagraph.owner_hotkey
        yield self._model(broker, broker.offer.model, owner, {"miners": len(broker.roster.miners)})
        for neuron in broker.roster.miners:
            yield self._model(broker, broker.offer.model_of(neuron.uid), neuron.hotkey, _about(neuron))

    def _model(self, broker: Broker, model: str, owner: str, about: dict[str, Any]) -> dict[str, Any]:
        offer = broker.offer
        return {
            "id": model,
            "object": "model",
            "created": self._created,
            "owned_by": owner,
            "netuid": offer.netuid,
            **about,
            "pricing": {
                "input": {"unit": offer.ware.unit_in, "rao_per_1000": offer.price.input_rao},
                "output": {"unit": offer.ware.unit_out, "rao_per_1000": offer.price.output_rao},
            },
        }


def _about(neuron: Neuron) -> dict[str, Any]:
    return {"uid": neuron.uid, "incentive": neuron.incentive}
