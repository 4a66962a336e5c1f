"""Vision miners: whatever gives a digit per image, and the honest ones among them."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING

from ganglion.neuron.miner import Caller, Miner, Surroundings
from ganglion.subnets.vision.kinds import ModelKind
from ganglion.subnets.vision.task import TASK, ClassifyAnswer, ClassifyRequest, Images, Labels

if TYPE_CHECKING:
    from ganglion.subnets.vision.models import TrainedModel


class VisionMiner(Miner[ClassifyRequest, ClassifyAnswer]):
    """Answers by `labels`."""

    task = TASK

    @abstractmethod
    async def labels(self, images: Images) -> Labels:
        """One digit per image: (n, 64) -> (n,)."""

    async def answer(self, request: ClassifyRequest, caller: Caller) -> ClassifyAnswer:
        """See `Miner.answer`."""
        return ClassifyAnswer(labels=(await self.labels(request.array())).tolist())


class ModelMiner(VisionMiner):
    """An honest miner: a classifier of its own, trained at the start."""

    def __init__(self, kind: ModelKind, seed: int) -> None:
        self.kind: str = kind
        self._model_kind = kind
        self._seed = seed
        self._model: TrainedModel | None = None

    async def start(self, surroundings: Surroundings) -> None:
        """Train, which takes a second or two."""
        self._model = await trained(self._model_kind, self._seed)

    async def labels(self, images: Images) -> Labels:
        """See `VisionMiner.labels`. Raises: RuntimeError before the start."""
        if self._model is None:
            raise RuntimeError("the model is not trained yet")
        return await asyncio.to_thread(self._model.labels, images)


async def trained(kind: ModelKind, seed: int) -> TrainedModel:
    """A model, made in a thread."""

    def make() -> TrainedModel:
        # Only who trains waits for scikit-learn, two seconds of import.
        from ganglion.subnets.vision.models import make_model  # noqa: PLC0415

        return make_model(kind, seed)

    return await asyncio.to_thread(make)
