"""Runtime APIs: questions about a state that clients ask by name (`state_call`).

    class StakeInfoRuntimeApi(RuntimeApi, version=1):
        staking: Staking

        @api_method
        def get_stake_fee(self, ...) -> u64: ...

The class's name is the trait's; annotations are the types on the wire. A method only reads: whatever it
writes is thrown away.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ClassVar, TypeVar, get_type_hints

from ganglion.frame.call import docs_of_function
from ganglion.frame.pallet import Section
from ganglion.scale import Codec, Codecs
from ganglion.scale.description import Field

F = TypeVar("F", bound=Callable[..., Any])


class RuntimeApi(Section):
    """A runtime API. `trait` is its name on the wire."""

    trait: ClassVar[str] = ""
    trait_version: ClassVar[int] = 1

    def __init_subclass__(cls, version: int = 1, trait: str = "") -> None:
        super().__init_subclass__()
        cls.trait = trait or cls.__name__
        cls.trait_version = version


@dataclass(frozen=True)
class ApiMethod:
    """A declared method: its inputs and the codec of its answer."""

    name: str
    inputs: tuple[Field, ...]
    output: Codec
    docs: tuple[str, ...]


def api_method(function: F) -> F:
    """Declare a method as part of the API."""
    function.is_api_method = True  # type: ignore[attr-defined]
    return function


def api_methods(cls: type[RuntimeApi], codecs: Codecs) -> tuple[ApiMethod, ...]:
    """The methods that an API declares, in order of declaration."""
    methods = []
    for name, function in vars(cls).items():
        if not getattr(function, "is_api_method", False):
            continue
        hints = get_type_hints(function, vars(sys.modules[cls.__module__]), include_extras=True)
        output = codecs.of(hints.pop("return"))
        inputs = tuple(Field(arg.rstrip("_"), codecs.of(hint)) for arg, hint in hints.items())
        methods.append(ApiMethod(name, inputs, output, docs_of_function(function)))
    return tuple(methods)


def api_id(trait: str) -> bytes:
    """The id by which a runtime's version names an API: blake2b-64 of the trait's name."""
    return blake2b(trait.encode(), digest_size=8).digest()
