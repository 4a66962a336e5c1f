"""Methods, declared as functions of a family:

    class Chain(Family):
        @method("chain_getHeader")
        def header(self, at: BlockHash | None = None) -> Json: ...

A method may be a coroutine function if it takes long. One that takes a `connection` is for WebSocket only.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ganglion.node.rpc.errors import InvalidParams, RpcError
from ganglion.node.rpc.params import Reader

if TYPE_CHECKING:
    from ganglion.node.rpc.connection import Connection

F = TypeVar("F", bound=Callable[..., Any])
Json = Any
"""What orjson writes: None, bool, int, str, lists and dicts of them."""

CONNECTION = "connection"


@dataclass(frozen=True)
class Parameter:
    """How one parameter is read; `default` is for None and for missing ones, unless it is required."""

    name: str
    read: Callable[[Any], Any]
    is_required: bool
    default: Any = None


@dataclass(frozen=True)
class Method:
    """A method ready to be called."""

    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    needs_connection: bool

    def call(self, params: Any, connection: Connection | None) -> Any:
        """Read the parameters and call; the answer, or an awaitable of it.

        Raises: RpcError, and what the method raises.
        """
        arguments = self._read(params)
        if not self.needs_connection:
            return self.function(*arguments)
        if connection is None:
            raise RpcError(-32000, "Subscriptions are only available over WebSocket")
        return self.function(connection, *arguments)

    def _read(self, params: Any) -> list[Any]:
        given = [] if params is None else params
        if not isinstance(given, list):
            raise InvalidParams("expected a list of parameters")
        if len(given) > len(self.parameters) and any(
            extra is not None for extra in given[len(self.parameters) :]
        ):
            raise InvalidParams(f"expected at most {len(self.parameters)} parameters, found {len(given)}")
        arguments = []
        for at, parameter in enumerate(self.parameters):
            value = given[at] if at < len(given) else None
            if value is not None:
                arguments.append(parameter.read(value))
            elif parameter.is_required:
                raise InvalidParams(f"parameter {at + 1}, {parameter.name}, is missing")
            else:
                arguments.append(parameter.default)
        return arguments


def method(*names: str) -> Callable[[F], F]:
    """Declare a method under a name and its aliases."""

    def mark(function: F) -> F:
        function.rpc_names = names  # type: ignore[attr-defined]
        return function

    return mark


class Family:
    """Methods that belong together."""

    def methods(self) -> Mapping[str, Method]:
        """The declared methods by every name that they have."""
        found = {}
        for name, function in vars(type(self)).items():
            for rpc_name in getattr(function, "rpc_names", ()):
                found[rpc_name] = bound_method(getattr(self, name))
        return found


def bound_method(function: Callable[..., Any]) -> Method:
    """A method from a bound function and its annotations."""
    hints = get_type_hints(inspect.unwrap(function), localns={"Connection": object}, include_extras=True)
    parameters = []
    needs_connection = False
    for name, parameter in inspect.signature(function).parameters.items():
        if name == CONNECTION:
            needs_connection = True
            continue
        is_required = parameter.default is inspect.Parameter.empty
        default = None if is_required else parameter.default
        parameters.append(Parameter(name, _reader(hints[name]), is_required, default))
    return Method(function, tuple(parameters), needs_connection)


def collect(families: Iterable[Family]) -> dict[str, Method]:
    """All methods of some families. Raises TypeError if two have one name."""
    methods: dict[str, Method] = {}
    for family in families:
        for name, found in family.methods().items():
            if methods.setdefault(name, found) is not found:
                raise TypeError(f"two methods are named {name}")
    return methods


def _reader(annotation: Any) -> Callable[[Any], Any]:
    if get_origin(annotation) in (types.UnionType, Union):
        annotation = next(arm for arm in get_args(annotation) if arm is not type(None))
    if get_origin(annotation) is Annotated:
        for mark in annotation.__metadata__:
            if isinstance(mark, Reader):
                return mark.read
    raise TypeError(f"{annotation!r} is no kind of parameter")
