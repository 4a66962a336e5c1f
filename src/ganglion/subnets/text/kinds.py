"""The names of what can answer in a text miner."""

from __future__ import annotations

from enum import StrEnum


class ModelKind(StrEnum):
    """Honest models which come with the package, best first."""

    BLEND = "blend"
    TRIGRAM = "trigram"
    BIGRAM = "bigram"


class BackendKind(StrEnum):
    """Honest miners which serve a model of the operator's."""

    TRANSFORMERS = "transformers"
    UPSTREAM = "upstream"


class CheatKind(StrEnum):
    """Miners which try to earn without a model."""

    COPIER = "copier"
    TWIN = "twin"
    LATE = "late"
    RANDOM = "random"
    CONSTANT = "constant"
    ECHO = "echo"
    SHUFFLED = "shuffled"
    REPEATER = "repeater"
    CACHE = "cache"
    BOILERPLATE = "boilerplate"
    QUOTER = "quoter"
    LOOKUP = "lookup"
    TEMPLATE = "template"


KINDS = (*ModelKind, *BackendKind, *CheatKind)
