"""The text subnet as `ganglion neuron --subnet text` sees it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from ganglion.neuron.miner import Miner
from ganglion.neuron.package import OptionInvalid, Options, SubnetPackage, no_more, whole_number
from ganglion.neuron.validator import Validator
from ganglion.subnets.text.kinds import KINDS, BackendKind, CheatKind, ModelKind
from ganglion.subnets.text.task import CompleteRequest, Completion

PERIOD_BLOCKS = 360
"""For how long one split of the private texts serves, unless the operator says otherwise."""

_MINER_OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        BackendKind.TRANSFORMERS: ("model",),
        BackendKind.UPSTREAM: ("upstream", "model", "api"),
    }
)
_LONGEST_PERIOD = 1_000_000  # blocks
_APIS = ("completions", "chat")


def make_miner(kind: str, seed: int, options: Options) -> Miner[CompleteRequest, Completion]:
    """A miner of `kind`. Options: `model` (a folder) of transformers; `upstream` (a URL), `model` (a name)
    and `api` ("completions", "chat") of upstream. Raises: OptionInvalid.
    """
    if kind not in KINDS:
        raise OptionInvalid(f"{kind!r} is not one of {', '.join(KINDS)}")
    no_more(options, *_MINER_OPTIONS.get(kind, ()))
    if kind == BackendKind.UPSTREAM:
        return _upstream(options)
    if kind == BackendKind.TRANSFORMERS:
        from ganglion.subnets.text.huggingface import TransformersMiner  # noqa: PLC0415

        return TransformersMiner(Path(_needed(options, "model", kind)), seed)
    if kind in tuple(ModelKind):
        from ganglion.subnets.text.miner import ModelMiner  # noqa: PLC0415

        return ModelMiner(ModelKind(kind), seed)
    return _cheat(CheatKind(kind), seed)


def make_validator(seed: int, options: Options) -> Validator[CompleteRequest, Completion]:
    """A validator whose questions come from the secret `seed`. Options: `corpus`, a folder of the operator's
    own texts; `period`, blocks for which one split serves. Raises: OptionInvalid.
    """
    from ganglion.subnets.text.challenge import Questioner  # noqa: PLC0415
    from ganglion.subnets.text.corpus import own_documents  # noqa: PLC0415
    from ganglion.subnets.text.scorer import TextValidator  # noqa: PLC0415

    no_more(options, "corpus", "period")
    period = whole_number(options, "period", PERIOD_BLOCKS, least=1, most=_LONGEST_PERIOD)
    own = own_documents(Path(options["corpus"])) if "corpus" in options else ()
    return TextValidator(Questioner(seed, own, period=period))


PACKAGE = SubnetPackage(
    "text",
    KINDS,
    make_miner,
    make_validator,
    honest=tuple(ModelKind),
    exploiters=tuple(CheatKind),
    audited=("period",),
)


def _upstream(options: Options) -> Miner[CompleteRequest, Completion]:
    from ganglion.subnets.text.upstream import (  # noqa: PLC0415
        KEY_VARIABLE,
        Api,
        UpstreamMiner,
        UpstreamSettings,
    )

    url = _needed(options, "upstream", BackendKind.UPSTREAM)
    if not url.startswith(("http://", "https://")):
        raise OptionInvalid(f"upstream={url}: not an http or https URL")
    api = options.get("api", _APIS[0])
    if api not in _APIS:
        raise OptionInvalid(f"api={api}: not one of {', '.join(_APIS)}")
    model = _needed(options, "model", BackendKind.UPSTREAM)
    return UpstreamMiner(UpstreamSettings(url, model, cast(Api, api), os.environ.get(KEY_VARIABLE)))


def _cheat(kind: CheatKind, seed: int) -> Miner[CompleteRequest, Completion]:
    from ganglion.subnets.text.bad_company import CopierMiner, LateMiner  # noqa: PLC0415
    from ganglion.subnets.text.cheats import CheatMiner  # noqa: PLC0415

    if kind is CheatKind.COPIER:
        return CopierMiner()
    return LateMiner(seed) if kind is CheatKind.LATE else CheatMiner(kind, seed)


def _needed(options: Options, name: str, kind: str) -> str:
    if not options.get(name):
        raise OptionInvalid(f"miners of kind {kind} need --option {name}=...")
    return options[name]
