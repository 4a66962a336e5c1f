"""Miners which try to earn without a model of their own.

random       words by chance.
constant     one fluent text for every prompt.
echo         the prompt again and again.
shuffled     the prompt's words in any order.
repeater     a good beginning, repeated.
boilerplate  the likeliest words there are, which a naive judge of likelihood would love.
quoter       the public document nearest to the prompt, word for word.
lookup       finds the prompt in the bundled private split and copies how it goes on.
template     public text with a word of the prompt in every fourth place.
cache        what it was asked before, whichever past prompt is nearest.
twin         a real model whose chance comes from the question alone: run twice, it answers alike.
late         a real model which holds its answer back until the time is over.
copier       passes the question on to other miners and gives the first of their answers as its own.

The last two are in `bad_company`.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from ganglion.subnets.text.corpus import Document, private_documents, public_documents
from ganglion.subnets.text.generation import LocalMiner, Source
from ganglion.subnets.text.kinds import CheatKind, ModelKind
from ganglion.subnets.text.models import make_model
from ganglion.subnets.text.task import CompleteRequest
from ganglion.subnets.text.words import Writer, is_word, tokens

_REMEMBERED = 256
_TELLING = 6  # letters of a word which probably says something
_EVERY = 4
_BEGINNING = 12  # tokens


class Trick:
    """A source which lists its tokens at once."""

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """About `count` tokens after `prompt`."""
        raise NotImplementedError

    def texts(self, request: CompleteRequest, rng: np.random.Generator) -> Iterator[str]:
        """The tokens as prose."""
        listed = self.tokens(tokens(request.context) or ["?"], request.max_tokens, rng)
        writer = Writer(request.context)
        return (writer.write(token) for token in listed[: request.max_tokens])


class RandomWords(Trick):
    """Public words by chance."""

    def __init__(self) -> None:
        self._words = sorted({token for document in public_documents() for token in document})

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """Each kind of word as often as any other."""
        return [self._words[at] for at in rng.integers(len(self._words), size=count)]


class Constant(Trick):
    """One text, which a good model wrote."""

    def __init__(self) -> None:
        subject = CompleteRequest(prompt="The system is", max_tokens=512, temperature=0.9)
        self._text = tokens("".join(make_model(ModelKind.BLEND).texts(subject, np.random.default_rng(1))))

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """Always the same."""
        return self._text


class Echo(Trick):
    """The prompt, again and again."""

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """As often as fits."""
        return prompt * (count // len(prompt) + 1)


class Shuffled(Trick):
    """The prompt's tokens in any order."""

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """Drawn with replacement."""
        return [prompt[at] for at in rng.integers(len(prompt), size=count)]


class Repeater:
    """A few tokens of a good model, repeated."""

    def __init__(self) -> None:
        self._model = make_model(ModelKind.BLEND)

    def texts(self, request: CompleteRequest, rng: np.random.Generator) -> Iterator[str]:
        """The same beginning over and over."""
        beginning = list(self._model.texts(request.model_copy(update={"max_tokens": _BEGINNING}), rng))
        return (beginning[at % len(beginning)] for at in range(request.max_tokens))


class Boilerplate:
    """The likeliest text of a good model."""

    def __init__(self) -> None:
        self._model = make_model(ModelKind.TRIGRAM)

    def texts(self, request: CompleteRequest, rng: np.random.Generator) -> Iterator[str]:
        """Nearly without chance: with none at all it would go round in circles."""
        return self._model.texts(request.model_copy(update={"temperature": 0.4}), rng)


class Quoter(Trick):
    """The public document which shares most words with the prompt."""

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """Its beginning, and other documents until it is long enough."""
        ranked = sorted(public_documents(), key=lambda document: -_shared(document, prompt))
        return [token for document in ranked[:8] for token in document]


class Lookup(Trick):
    """The bundled document in which the prompt stands."""

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """What follows the prompt there."""
        best = max(private_documents(), key=lambda document: _shared(document, prompt))
        ends = [at + 1 for at, token in enumerate(best) if token.lower() == prompt[-1].lower()]
        return best[ends[0] if ends else 0 :]


class Template(Trick):
    """Public text with words of the prompt put in."""

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """No run of it is long enough to be a quotation."""
        fluent = [document for document in public_documents() if len(document) >= count]
        text = list(fluent[int(rng.integers(len(fluent)))][:count])
        words = [token for token in prompt if len(token) >= _TELLING] or prompt
        text[_EVERY - 1 :: _EVERY] = [words[at] for at in rng.integers(len(words), size=count // _EVERY)]
        return text


class Cache(Trick):
    """What validators asked before."""

    def __init__(self) -> None:
        self._asked: deque[list[str]] = deque(maxlen=_REMEMBERED)

    def tokens(self, prompt: list[str], count: int, rng: np.random.Generator) -> Sequence[str]:
        """The past prompts nearest to this one."""
        ranked = sorted(self._asked, key=lambda past: -_shared(past, prompt))
        self._asked.append(prompt)
        return [token for past in ranked[:4] for token in past] or prompt


class Twin:
    """A good model which answers one question always alike."""

    def __init__(self) -> None:
        self._model = make_model(ModelKind.BLEND)

    def texts(self, request: CompleteRequest, rng: np.random.Generator) -> Iterator[str]:
        """By chance which every twin has."""
        seed = int.from_bytes(hashlib.blake2b(request.context.encode(), digest_size=8).digest())
        return self._model.texts(request, np.random.default_rng(seed))


SOURCES: Mapping[CheatKind, Callable[[], Source]] = MappingProxyType(
    {
        CheatKind.RANDOM: RandomWords,
        CheatKind.CONSTANT: Constant,
        CheatKind.ECHO: Echo,
        CheatKind.SHUFFLED: Shuffled,
        CheatKind.REPEATER: Repeater,
        CheatKind.BOILERPLATE: Boilerplate,
        CheatKind.QUOTER: Quoter,
        CheatKind.LOOKUP: Lookup,
        CheatKind.TEMPLATE: Template,
        CheatKind.CACHE: Cache,
        CheatKind.TWIN: Twin,
    }
)
"""What writes for each kind which needs nobody else."""


class CheatMiner(LocalMiner):
    """Serves one of `SOURCES`."""

    def __init__(self, kind: CheatKind, seed: int) -> None:
        super().__init__(kind, seed)
        self._cheat = kind

    def source(self) -> Source:
        """Prepare the trick."""
        return SOURCES[self._cheat]()


def _shared(document: Document | list[str], prompt: list[str]) -> int:
    """How many different words of the prompt stand in `document`."""
    return len({token for token in prompt if is_word(token)} & set(document))
