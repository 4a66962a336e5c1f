"""A subnet as one object: what `ganglion neuron` needs to run its miners and validators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ganglion.neuron.miner import Miner
from ganglion.neuron.validator import Validator

Options = Mapping[str, str]
"""What the operator said with `--option NAME=VALUE`."""


TWIN = "twin"
"""The kind of exploiter, in every subnet which has it, that answers like all others of its kind: one model
under many uids. The first of them stands for itself; what the others earn is exploited.
"""


class OptionInvalid(ValueError):
    """An operator's choice which the subnet does not know or take: the message says which and why."""


@dataclass(frozen=True, slots=True)
class SubnetPackage:
    """A subnet's name, the kinds of miners it brings (the first is the default), and their makers.

    `make_miner(kind, seed, options)` and `make_validator(seed, options)` construct only: what takes long
    belongs into `start`. They import models when called, so that naming a subnet stays quick. Both raise
    OptionInvalid.

    Of the kinds which need no options, `honest` are those whose order of true quality is known, best first,
    and `exploiters` those which try to earn without: what a demonstration can compare with the earnings.
    `audited` are the validator's options which an audit takes over from a stranger's log although it makes
    questions of its own: none of them may name a file.
    """

    name: str
    kinds: tuple[str, ...]
    make_miner: Callable[[str, int, Options], Miner[Any, Any]]
    make_validator: Callable[[int, Options], Validator[Any, Any]]
    honest: tuple[str, ...] = ()
    exploiters: tuple[str, ...] = ()
    audited: tuple[str, ...] = ()


def whole_number(options: Options, name: str, default: int, *, least: int, most: int) -> int:
    """The option `name` as a number from `least` to `most`; `default` where it is not given.

    Raises: OptionInvalid.
    """
    text = options.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise OptionInvalid(f"option {name}: {text!r} is no whole number from {least} to {most}")
    return int(text)


def no_more(options: Options, *known: str) -> None:
    """Raises OptionInvalid for an option which is not among `known`."""
    for name in options:
        if name not in known:
            raise OptionInvalid(f"option {name!r} is not known here; known: {', '.join(known) or 'none'}")
