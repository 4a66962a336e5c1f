"""The miners which come with the package."""

from __future__ import annotations

from ganglion.subnets.text.generation import LocalMiner
from ganglion.subnets.text.kinds import ModelKind
from ganglion.subnets.text.models import LanguageModel, make_model


class ModelMiner(LocalMiner):
    """Serves one of the bundled models, learnt at the start."""

    def __init__(self, kind: ModelKind, seed: int) -> None:
        super().__init__(kind, seed)
        self._model = kind

    def source(self) -> LanguageModel:
        """Learn from the public split."""
        return make_model(self._model)
