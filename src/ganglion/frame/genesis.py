"""From a chain spec's JSON to a runtime's first state.

A pallet that needs a genesis declares a Struct; the spec gives its fields by name. Account ids are
SS58 or 0x-hex text, bytes are 0x-hex, amounts are integers.
"""

from __future__ import annotations

from binascii import unhexlify
from collections.abc import Mapping
from typing import Any

from ganglion.crypto import ss58
from ganglion.frame.runtime import Runtime
from ganglion.frame.world import World
from ganglion.scale import Codec, ScaleError
from ganglion.scale.containers import (
    BoundedCodec,
    NewtypeCodec,
    OptionCodec,
    TupleCodec,
    VecCodec,
)
from ganglion.scale.primitives import BytesCodec, FixedBytesCodec
from ganglion.scale.structure_codecs import StructCodec


class InvalidGenesis(ValueError):
    """The chain spec's genesis does not fit the runtime. `path` is the place: `Balances.endowments[3]`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{'.'.join(filter(None, ('genesis', path)))}: {reason}")
        self.path = path


def build_genesis(world: World, genesis: Mapping[str, Any]) -> None:
    """Write the first state: each pallet's genesis, by pallet name. Raises: InvalidGenesis."""
    configs = parse_genesis(world.runtime, genesis)
    for pallet in world.runtime.pallets:
        for cls in (pallet.pallet, *pallet.pallet.sections):
            world[cls].build_genesis(configs[pallet.name])
    world.events.clear()


def parse_genesis(runtime: Runtime, genesis: Mapping[str, Any]) -> dict[str, Any]:
    """Pallet name -> its genesis value (None if it has none). Raises: InvalidGenesis."""
    if not isinstance(genesis, Mapping):
        raise InvalidGenesis("", "must be an object")
    unknown = sorted(set(genesis) - {pallet.name for pallet in runtime.pallets})
    if unknown:
        raise InvalidGenesis(unknown[0], "there is no such pallet")
    configs: dict[str, Any] = {}
    for pallet in runtime.pallets:
        declared = pallet.pallet.genesis
        given = genesis.get(pallet.name)
        if declared is None:
            if given is not None:
                raise InvalidGenesis(pallet.name, "this pallet needs no genesis")
            configs[pallet.name] = None
        else:
            configs[pallet.name] = from_json(
                runtime.codecs.of(declared), {} if given is None else given, pallet.name
            )
    return configs


def from_json(codec: Codec, value: Any, path: str) -> Any:
    """The value of a declared type that JSON gives. Raises: InvalidGenesis naming the place."""
    match codec:
        case StructCodec():
            found = _struct(codec, value, path)
        case OptionCodec():
            found = None if value is None else from_json(codec.item, value, path)
        case VecCodec() | TupleCodec():
            found = _sequence(codec, value, path)
        case BoundedCodec():
            found = _checked(codec, from_json(codec.inner, value, path), path)
        case NewtypeCodec(name="AccountId32"):
            found = _account(value, path)
        case NewtypeCodec():
            found = from_json(codec.inner, value, path)
        case BytesCodec() | FixedBytesCodec():
            found = _checked(codec, _hex(value, path), path)
        case _:
            found = _checked(codec, value, path)
    return found


def _struct(codec: StructCodec, value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        raise InvalidGenesis(path, "must be an object")
    unknown = sorted(set(value) - set(codec.names))
    if unknown:
        raise InvalidGenesis(f"{path}.{unknown[0]}", f"is unknown; known are {', '.join(codec.names)}")
    given = {
        name: from_json(field, value[name], f"{path}.{name}")
        for name, field in zip(codec.names, codec.codecs, strict=True)
        if name in value
    }
    try:
        return codec.cls(**given)
    except TypeError as error:
        missing = [name for name in codec.names if name not in given]
        raise InvalidGenesis(path, f"misses some of {', '.join(missing)}") from error


def _sequence(codec: VecCodec | TupleCodec, value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise InvalidGenesis(path, "must be a list")
    items = codec.items if isinstance(codec, TupleCodec) else (codec.item,) * len(value)
    if len(items) != len(value):
        raise InvalidGenesis(path, f"must have {len(items)} items, not {len(value)}")
    return tuple(
        from_json(item, part, f"{path}[{at}]")
        for at, (item, part) in enumerate(zip(items, value, strict=True))
    )


def _account(value: Any, path: str) -> bytes:
    if isinstance(value, str) and value.startswith("0x"):
        account = _hex(value, path)
        if len(account) == 32:
            return account
    elif isinstance(value, str):
        try:
            return ss58.decode(value)
        except ValueError as error:
            raise InvalidGenesis(path, str(error)) from error
    raise InvalidGenesis(path, f"{value!r} is not an account")


def _hex(value: Any, path: str) -> bytes:
    try:
        return unhexlify(value.removeprefix("0x"))
    except (AttributeError, ValueError) as error:
        raise InvalidGenesis(path, f"{value!r} is not hexadecimal") from error


def _checked(codec: Codec, value: Any, path: str) -> Any:
    if isinstance(value, bool) != (codec.name == "bool"):
        raise InvalidGenesis(path, f"{value!r} is not a {codec.name}")
    try:
        codec.encode(value)
    except ScaleError as error:
        raise InvalidGenesis(path, str(error)) from error
    return value
