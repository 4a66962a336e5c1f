"""A miner which serves a Hugging Face model from a folder (`pip install ganglion[transformers]`).

Nothing is downloaded: the folder holds what `save_pretrained` writes, a causal language model and its
tokenizer. Answers are generated one at a time, in a thread which ends when its caller goes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from ganglion.neuron.miner import Caller, Surroundings
from ganglion.subnets.text.generation import StopTexts, TextMiner, last_piece
from ganglion.subnets.text.kinds import BackendKind
from ganglion.subnets.text.task import CompleteRequest, FinishReason, Piece

_DEFAULT_WINDOW = 1024


class ModelUnavailable(Exception):
    """The model cannot be loaded: the message says what is missing."""


class TransformersMiner(TextMiner):
    """Generates with the model in `folder`; `seed` decides what requests without a seed of their own get."""

    kind = BackendKind.TRANSFORMERS

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._rng = np.random.default_rng(seed)
        self._turn = asyncio.Lock()

    async def start(self, surroundings: Surroundings) -> None:
        """Load the model, in a thread. Raises: ModelUnavailable."""
        await asyncio.to_thread(self._load)

    async def stream(self, request: CompleteRequest, caller: Caller) -> AsyncIterator[Piece]:
        """The model's tokens as they are decoded, cut before the first of the request's stop texts."""
        async with self._turn:
            ids = self._prompt(request)
            streamer, gone = self._transformers.AsyncTextIteratorStreamer(self._tokenizer, True), Event()
            # The streamer's end mark comes from the thread also when generating fails.
            work = asyncio.create_task(asyncio.to_thread(self._generate, request, ids, streamer, gone))
            stop = StopTexts(request.stop)
            try:
                async for part in streamer:
                    if text := stop.passed(part):
                        yield Piece(text=text)
                    if stop.met:
                        gone.set()
                        break
                written = await work
            finally:
                gone.set()
                await asyncio.shield(asyncio.wait([work]))
            if rest := stop.rest():
                yield Piece(text=rest)
            ended: FinishReason = "length" if written >= request.max_tokens and not stop.met else "stop"
            yield last_piece(ended, int(ids.shape[-1]), written)

    def _load(self) -> None:
        try:
            import torch  # noqa: PLC0415
            import transformers  # noqa: PLC0415
        except ImportError as error:
            raise ModelUnavailable(
                f"{error.name} is not installed: pip install 'ganglion[transformers]'"
            ) from error
        if not (self._folder / "config.json").is_file():
            raise ModelUnavailable(f"{self._folder} holds no model: config.json is missing")
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
            model = transformers.AutoModelForCausalLM.from_pretrained(self._folder, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelUnavailable(f"{self._folder}: {error}") from error
        self._torch, self._transformers = torch, transformers
        self._tokenizer, self._model = tokenizer, model.eval()
        self._window = int(getattr(model.config, "max_position_embeddings", _DEFAULT_WINDOW))

    def _prompt(self, request: CompleteRequest) -> Any:
        """(1, n) token numbers of what is continued, its last part where the model's window is short."""
        if request.messages is not None and self._tokenizer.chat_template:
            turns = [turn.model_dump() for turn in request.messages]
            text = self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        else:
            text = request.context
        room = self._window - min(request.max_tokens, self._window // 2)
        return self._tokenizer(text, return_tensors="pt").input_ids[:, -room:]

    def _generate(self, request: CompleteRequest, ids: Any, streamer: Any, gone: Event) -> int:
        """Generate into `streamer` until done or `gone`; how many tokens it became."""
        try:
            seed = int(self._rng.integers(2**63)) if request.seed is None else request.seed
            self._torch.manual_seed(seed)
            draws = {"temperature": request.temperature, "top_p": request.top_p, "top_k": 0}
            with self._torch.inference_mode():
                made = self._model.generate(
                    ids,
                    attention_mask=self._torch.ones_like(ids),
                    max_new_tokens=min(request.max_tokens, self._window - int(ids.shape[-1])),
                    do_sample=request.temperature > 0,
                    **(draws if request.temperature > 0 else {}),
                    pad_token_id=self._tokenizer.eos_token_id,
                    streamer=streamer,
                    stopping_criteria=[_until(gone, self._torch)],
                )
            return int(made.shape[-1] - ids.shape[-1])
        finally:
            streamer.end()


def _until(gone: Event, torch: Any) -> Any:
    """A stopping criterion for all rows of a batch."""

    def criterion(ids: Any, scores: Any, **_: Any) -> Any:
        return torch.full((ids.shape[0],), gone.is_set(), dtype=torch.bool)

    return criterion
