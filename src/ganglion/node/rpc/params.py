"""Parameters of methods: what JSON clients may send for each kind, and how it is read.

A method's annotations say what it takes: `at: BlockHash | None = None` may be left out or null. Hex comes
with or without 0x; numbers as numbers or hex.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from ganglion.crypto import ss58
from ganglion.crypto.ss58 import InvalidAddress
from ganglion.node.rpc.errors import InvalidParams

MOST_KEYS = 10_000
U32_MAX = (1 << 32) - 1


@dataclass(frozen=True)
class Reader:
    """Reads one parameter; raises InvalidParams."""

    read: Callable[[Any], Any]


def read_hex(value: Any) -> bytes:
    """Bytes from hex."""
    if not isinstance(value, str):
        raise InvalidParams(f"expected hex text, found {_shown(value)}")
    try:
        return bytes.fromhex(value.removeprefix("0x"))
    except ValueError as error:
        raise InvalidParams(f"expected hex text, found {_shown(value)}") from error


def read_hash(value: Any) -> bytes:
    """A 32-byte hash from hex."""
    data = read_hex(value)
    if len(data) != 32:
        raise InvalidParams(f"expected a hash of 32 bytes, found {len(data)} bytes")
    return data


def read_uint(value: Any) -> int:
    """An unsigned integer of at most 64 bits."""
    if isinstance(value, str) and value.startswith("0x"):
        try:
            value = int(value, 16)
        except ValueError as error:
            raise InvalidParams(f"expected a number, found {_shown(value)}") from error
    if type(value) is not int or not 0 <= value < 1 << 64:
        raise InvalidParams(f"expected an unsigned number, found {_shown(value)}")
    return value


def read_number_or_list(value: Any) -> int | list[int]:
    """A block number, or a list of them."""
    return [read_uint(item) for item in value] if isinstance(value, list) else read_uint(value)


def read_keys(value: Any) -> tuple[bytes, ...]:
    """A list of storage keys."""
    if not isinstance(value, list) or len(value) > MOST_KEYS:
        raise InvalidParams(f"expected a list of at most {MOST_KEYS} storage keys")
    return tuple(read_hex(item) for item in value)


def read_account(value: Any) -> bytes:
    """An account from its SS58 address or 32 bytes in hex."""
    if isinstance(value, str) and value.startswith("0x"):
        return read_hash(value)
    try:
        return ss58.decode(value)
    except (InvalidAddress, TypeError) as error:
        raise InvalidParams(f"expected an SS58 address, found {_shown(value)}") from error


def read_bytes(value: Any) -> bytes:
    """Bytes from hex or from a list of numbers, as methods older than hex take them."""
    if not isinstance(value, list):
        return read_hex(value)
    try:
        return bytes(value)
    except (TypeError, ValueError) as error:
        raise InvalidParams("expected a list of bytes") from error


def read_numbers(value: Any) -> tuple[int, ...]:
    """A list of unsigned numbers."""
    if not isinstance(value, list):
        raise InvalidParams(f"expected a list of numbers, found {_shown(value)}")
    return tuple(read_uint(item) for item in value)


def read_bool(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise InvalidParams(f"expected true or false, found {_shown(value)}")
    return value


def read_text(value: Any) -> str:
    """Text, or a number that stands for it (subscription ids may be numbers)."""
    if not isinstance(value, (str, int)):
        raise InvalidParams(f"expected text, found {_shown(value)}")
    return str(value)


Hex = Annotated[bytes, Reader(read_hex)]
BlockHash = Annotated[bytes, Reader(read_hash)]
UInt = Annotated[int, Reader(read_uint)]
NumberOrList = Annotated[int | list[int], Reader(read_number_or_list)]
Keys = Annotated[tuple[bytes, ...], Reader(read_keys)]
Account = Annotated[bytes, Reader(read_account)]
ByteList = Annotated[bytes, Reader(read_bytes)]
Numbers = Annotated[tuple[int, ...], Reader(read_numbers)]
Flag = Annotated[bool, Reader(read_bool)]
Text = Annotated[str, Reader(read_text)]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
