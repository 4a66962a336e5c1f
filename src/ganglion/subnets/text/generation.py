"""What all text miners share: answers are their streams put together."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Protocol

import numpy as np

from ganglion.neuron.miner import Caller, Miner, Surroundings
from ganglion.subnets.text.task import TASK, CompleteRequest, Completion, FinishReason, Piece
from ganglion.subnets.text.words import tokens

_TOKENS_AT_ONCE = 8  # so that a stream costs few changes of thread


class TextMiner(Miner[CompleteRequest, Completion]):
    """A miner whose subclass writes `stream`."""

    task = TASK

    @abstractmethod
    def stream(self, request: CompleteRequest, caller: Caller) -> AsyncIterator[Piece]:
        """The continuation piece by piece; the last piece says why it ended and what was counted."""

    async def answer(self, request: CompleteRequest, caller: Caller) -> Completion:
        """The whole stream as one completion."""
        pieces = [piece async for piece in self.stream(request, caller)]
        return together(pieces)


def together(pieces: list[Piece]) -> Completion:
    """The completion which was streamed as `pieces`. Raises: ValueError where the last piece is missing."""
    last = pieces[-1] if pieces else Piece()
    if last.finish_reason is None or last.prompt_tokens is None or last.completion_tokens is None:
        raise ValueError("a stream without its last piece")
    return Completion(
        text="".join(piece.text for piece in pieces),
        finish_reason=last.finish_reason,
        prompt_tokens=last.prompt_tokens,
        completion_tokens=last.completion_tokens,
    )


def last_piece(reason: FinishReason, prompt_tokens: int, completion_tokens: int) -> Piece:
    """The piece which ends a stream."""
    return Piece(finish_reason=reason, prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)


class Source(Protocol):
    """Writes continuations; several threads may ask at once."""

    def texts(self, request: CompleteRequest, rng: np.random.Generator) -> Iterator[str]:
        """The continuation token by token, each as the text to append: at most `request.max_tokens`."""
        ...


class LocalMiner(TextMiner):
    """Serves a `Source` of this process. Subclasses make it in `start`."""

    _source: Source

    def __init__(self, kind: str, seed: int) -> None:
        self.kind = kind
        self._rng = np.random.default_rng(seed)

    async def start(self, surroundings: Surroundings) -> None:
        """Make the source, in a thread."""
        self._source = await asyncio.to_thread(self.source)

    @abstractmethod
    def source(self) -> Source:
        """Load or train what writes."""

    async def stream(self, request: CompleteRequest, caller: Caller) -> AsyncIterator[Piece]:
        """A few tokens a piece, cut before the first of the request's stop texts."""
        texts = self._source.texts(request, self._generator(request))
        stop = StopTexts(request.stop)
        count = 0
        while not stop.met:
            part = await asyncio.to_thread(lambda: list(islice(texts, _TOKENS_AT_ONCE)))
            if not part:
                break
            count += len(part)
            if text := stop.passed("".join(part)):
                yield Piece(text=text)
        if rest := stop.rest():
            yield Piece(text=rest)
        ended: FinishReason = "length" if count >= request.max_tokens and not stop.met else "stop"
        yield last_piece(ended, len(tokens(request.context)), min(count, request.max_tokens))

    def _generator(self, request: CompleteRequest) -> np.random.Generator:
        seed = int(self._rng.integers(2**63)) if request.seed is None else request.seed
        return np.random.default_rng(seed)


class StopTexts:
    """Lets a growing text pass up to the first of `texts`, holding back what may be its beginning."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._texts = texts
        self._held = ""
        self.met = False

    def passed(self, part: str) -> str:
        """What of the text may be shown now that `part` was added."""
        text = self._held + part
        found = [at for at in (text.find(stop) for stop in self._texts) if at >= 0]
        if found:
            self.met, self._held = True, ""
            return text[: min(found)]
        held = max((_beginning(text, stop) for stop in self._texts), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def rest(self) -> str:
        """What was held back until the end."""
        held, self._held = self._held, ""
        return held


def _beginning(text: str, stop: str) -> int:
    """How many characters at the end of `text` could be the beginning of `stop`."""
    longest = min(len(stop) - 1, len(text))
    return next((size for size in range(longest, 0, -1) if text.endswith(stop[:size])), 0)
