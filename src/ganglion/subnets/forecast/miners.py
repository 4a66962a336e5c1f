"""Forecast miners: whatever continues windows, and the honest ones among them."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

from ganglion.neuron.miner import Caller, Miner, Surroundings
from ganglion.subnets.forecast.kinds import ModelKind
from ganglion.subnets.forecast.models import Forecaster, answered, make_model
from ganglion.subnets.forecast.task import TASK, ForecastAnswer, ForecastRequest


class ForecastMiner(Miner[ForecastRequest, ForecastAnswer]):
    """Answers by a forecaster, made at the start."""

    task = TASK

    def __init__(self, kind: str, seed: int) -> None:
        self.kind = kind
        self._seed = seed
        self._model: Forecaster | None = None

    @abstractmethod
    def make(self, seed: int) -> Forecaster:
        """The forecaster; may take seconds."""

    async def start(self, surroundings: Surroundings) -> None:
        """See `Miner.start`."""
        self._model = await asyncio.to_thread(self.make, self._seed)

    async def answer(self, request: ForecastRequest, caller: Caller) -> ForecastAnswer:
        """See `Miner.answer`. Raises: RuntimeError before the start."""
        if self._model is None:
            raise RuntimeError("the model is not made yet")
        return await asyncio.to_thread(answered, self._model, request)


class ModelMiner(ForecastMiner):
    """An honest miner."""

    def __init__(self, kind: ModelKind, seed: int) -> None:
        super().__init__(kind, seed)
        self._model_kind = kind

    def make(self, seed: int) -> Forecaster:
        """See `ForecastMiner.make`."""
        return make_model(self._model_kind, seed)
