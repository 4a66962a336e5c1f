"""Declared values as JSON and back, by their codec: what chain specs hold and some RPC answers show.

Integers are numbers, accounts are SS58 addresses (0x-hex is read too), other bytes are 0x-hex, structs are
objects with the declared field names, options are null or the value, maps are lists of pairs.
"""

from __future__ import annotations

from binascii import unhexlify
from dataclasses import MISSING, fields
from functools import singledispatch
from typing import Any

from ganglion.crypto import ss58
from ganglion.crypto.ss58 import InvalidAddress
from ganglion.scale import Codec
from ganglion.scale.containers import (
    ArrayCodec,
    BoundedCodec,
    MapCodec,
    NewtypeCodec,
    OptionCodec,
    SetCodec,
    TupleCodec,
    VecCodec,
)
from ganglion.scale.primitives import (
    BYTES,
    U8,
    BoolCodec,
    BytesCodec,
    CompactCodec,
    FixedBytesCodec,
    IntCodec,
    TextCodec,
)
from ganglion.scale.structure_codecs import IntEnumCodec, StructCodec

ACCOUNT_BYTES = FixedBytesCodec(U8, 32)
ACCOUNT_PATH = ("sp_core", "crypto", "AccountId32")


class InvalidValue(ValueError):
    """JSON that does not fit the declared type. Carries the `path` to it and what is `wrong`."""

    def __init__(self, path: str, wrong: str) -> None:
        super().__init__(f"{path}: {wrong}")
        self.path = path
        self.wrong = wrong


@singledispatch
def from_json(codec: Codec, data: Any, path: str) -> Any:
    """The value that `data` says. `path` names the place in errors. Raises: InvalidValue."""
    raise InvalidValue(path, f"{codec.name} cannot be given in JSON")


@singledispatch
def to_json(codec: Codec, value: Any) -> Any:
    """A value as JSON; `from_json` reads it back. Raises TypeError for types without a JSON form."""
    raise TypeError(f"{codec.name} has no JSON form")


@from_json.register
def _(codec: IntCodec, data: Any, path: str) -> int:
    if type(data) is not int or not codec.minimum <= data <= codec.maximum:
        raise InvalidValue(path, f"expected {codec.name}, found {data!r}")
    return data


@from_json.register
def _(codec: BoolCodec, data: Any, path: str) -> bool:
    if not isinstance(data, bool):
        raise InvalidValue(path, f"expected true or false, found {data!r}")
    return data


@from_json.register
def _(codec: TextCodec, data: Any, path: str) -> str:
    if not isinstance(data, str):
        raise InvalidValue(path, f"expected text, found {data!r}")
    return data


@from_json.register
def _(codec: IntEnumCodec, data: Any, path: str) -> Any:
    names = {arm.name.rstrip("_"): arm for arm in codec.cls}
    if data not in names:
        raise InvalidValue(path, f"expected one of {', '.join(names)}, found {data!r}")
    return names[data]


@from_json.register
def _(codec: BytesCodec, data: Any, path: str) -> bytes:
    try:
        return unhexlify(data.removeprefix("0x"))
    except (AttributeError, ValueError) as error:
        raise InvalidValue(path, f"expected bytes in hex, found {data!r}") from error


@from_json.register
def _(codec: FixedBytesCodec, data: Any, path: str) -> bytes:
    value: bytes = from_json(BYTES, data, path)
    if len(value) != codec.length:
        raise InvalidValue(path, f"expected {codec.length} bytes, found {len(value)}")
    return value


@from_json.register
def _(codec: NewtypeCodec, data: Any, path: str) -> Any:
    return _account(data, path) if codec.path == ACCOUNT_PATH else from_json(codec.inner, data, path)


@from_json.register
def _(codec: CompactCodec, data: Any, path: str) -> Any:
    return from_json(codec.item, data, path)


@from_json.register
def _(codec: OptionCodec, data: Any, path: str) -> Any:
    return None if data is None else from_json(codec.item, data, path)


@from_json.register
def _(codec: BoundedCodec, data: Any, path: str) -> Any:
    value = from_json(codec.inner, data, path)
    if len(value) > codec.bound:
        raise InvalidValue(path, f"has {len(value)} items, at most {codec.bound} are allowed")
    return value


@from_json.register
def _(codec: VecCodec, data: Any, path: str) -> tuple[Any, ...]:
    return tuple(from_json(codec.item, part, f"{path}[{at}]") for at, part in enumerate(_list(data, path)))


@from_json.register
def _(codec: ArrayCodec, data: Any, path: str) -> tuple[Any, ...]:
    items = _list(data, path, codec.length)
    return tuple(from_json(codec.item, part, f"{path}[{at}]") for at, part in enumerate(items))


@from_json.register
def _(codec: TupleCodec, data: Any, path: str) -> tuple[Any, ...]:
    items = enumerate(zip(codec.items, _list(data, path, len(codec.items)), strict=True))
    return tuple(from_json(part, item, f"{path}[{at}]") for at, (part, item) in items)


@from_json.register
def _(codec: SetCodec, data: Any, path: str) -> frozenset[Any]:
    return frozenset(from_json(codec.items, data, path))


@from_json.register
def _(codec: MapCodec, data: Any, path: str) -> dict[Any, Any]:
    return dict(from_json(codec.pairs, data, path))


@from_json.register
def _(codec: StructCodec, data: Any, path: str) -> Any:
    if not isinstance(data, dict):
        raise InvalidValue(path, f"expected an object, found {data!r}")
    for name in data:
        if name not in codec.names:
            raise InvalidValue(f"{path}.{name}", f"there is no such field; fields: {', '.join(codec.names)}")
    optional = {field.name for field in fields(codec.cls) if field.default is not MISSING}
    parts = {}
    for name, part in zip(codec.names, codec.codecs, strict=True):
        if name in data:
            parts[name] = from_json(part, data[name], f"{path}.{name}")
        elif name not in optional:
            raise InvalidValue(f"{path}.{name}", "is missing")
    return codec.cls(**parts)


@to_json.register(IntCodec)
@to_json.register(BoolCodec)
@to_json.register(TextCodec)
def _(codec: Codec, value: Any) -> Any:
    return value


@to_json.register
def _(codec: IntEnumCodec, value: Any) -> str:
    return str(value.name).rstrip("_")


@to_json.register(BytesCodec)
@to_json.register(FixedBytesCodec)
def _(codec: Codec, value: bytes) -> str:
    return "0x" + value.hex()


@to_json.register
def _(codec: NewtypeCodec, value: Any) -> Any:
    return ss58.encode(value) if codec.path == ACCOUNT_PATH else to_json(codec.inner, value)


@to_json.register
def _(codec: BoundedCodec, value: Any) -> Any:
    return to_json(codec.inner, value)


@to_json.register
def _(codec: CompactCodec, value: Any) -> Any:
    return to_json(codec.item, value)


@to_json.register
def _(codec: OptionCodec, value: Any) -> Any:
    return None if value is None else to_json(codec.item, value)


@to_json.register(VecCodec)
@to_json.register(ArrayCodec)
def _(codec: VecCodec | ArrayCodec, value: Any) -> list[Any]:
    return [to_json(codec.item, item) for item in value]


@to_json.register
def _(codec: TupleCodec, value: Any) -> list[Any]:
    return [to_json(part, item) for part, item in zip(codec.items, value, strict=True)]


@to_json.register
def _(codec: SetCodec, value: Any) -> list[Any]:
    return [to_json(codec.item, item) for item in sorted(value)]


@to_json.register
def _(codec: MapCodec, value: Any) -> Any:
    return to_json(codec.pairs, sorted(value.items()))


@to_json.register
def _(codec: StructCodec, value: Any) -> dict[str, Any]:
    parts = zip(codec.names, codec.codecs, strict=True)
    return {name: to_json(part, getattr(value, name)) for name, part in parts}


def _account(data: Any, path: str) -> bytes:
    if not isinstance(data, str):
        raise InvalidValue(path, f"expected an SS58 address, found {data!r}")
    if data.startswith("0x"):
        account: bytes = from_json(ACCOUNT_BYTES, data, path)
        return account
    try:
        return ss58.decode(data)
    except InvalidAddress as error:
        raise InvalidValue(path, str(error)) from error


def _list(data: Any, path: str, count: int | None = None) -> list[Any]:
    if not isinstance(data, list):
        raise InvalidValue(path, f"expected a list, found {data!r}")
    if count is not None and len(data) != count:
        raise InvalidValue(path, f"expected {count} items, found {len(data)}")
    return data
