"""All brokers of a market, found by a model's id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ganglion.market.broker import Broker
from ganglion.market.errors import unknown_model
from ganglion.market.offers import named


@dataclass(frozen=True, slots=True)
class Stalls:
    """A broker for each offer, by the offer's name."""

    brokers: Mapping[str, Broker]

    def find(self, model: str, name: str | None = None) -> tuple[Broker, int | None]:
        """The broker of `model`, of the offer `name` if one is given, and the uid which the id names.

        Raises: ApiError (404).
        """
        found = named(model)
        broker = None if found is None else self.brokers.get(found[0])
        if found is None or broker is None or name not in (None, broker.offer.name):
            raise unknown_model(model)
        return broker, found[1]
