"""Errors as JSON-RPC tells them, with the codes and texts that clients of Substrate match on.

Source: polkadot-sdk substrate/client/rpc-api (author, chain, state, system error.rs), jsonrpsee.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganglion.frame.validity import InvalidTransaction, TransactionRefused, UnknownTransaction
from ganglion.node.errors import BlockNotFound, CallFailed, NodeError
from ganglion.node.pool.errors import (
    AlreadyImported,
    Banned,
    ImmediatelyDropped,
    Malformed,
    PoolError,
    PriorityTooLow,
    Undecodable,
)
from ganglion.state.errors import StateDiscarded, StateError, UnknownBlock

HashOf = Callable[[int], bytes | None]


class RpcError(Exception):
    """An error answer. Carries `code`, `message`, and `data` (JSON, or None for no such field)."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def to_json(self) -> dict[str, Any]:
        """The `error` object."""
        error = {"code": self.code, "message": self.message}
        return error if self.data is None else {**error, "data": self.data}


class InvalidParams(RpcError):
    """The parameters do not fit the method."""

    def __init__(self, wrong: str) -> None:
        super().__init__(-32602, "Invalid params", wrong)


class UnknownMethod(RpcError):
    """There is no such method."""

    def __init__(self) -> None:
        super().__init__(-32601, "Method not found")


class InvalidRequest(RpcError):
    """JSON that is no request."""

    def __init__(self, wrong: str | None = None) -> None:
        super().__init__(-32600, "Invalid request", wrong)


class ParseFailed(RpcError):
    """The message is not JSON."""

    def __init__(self) -> None:
        super().__init__(-32700, "Parse error")


class InternalError(RpcError):
    """A fault of ours; the log has the details."""

    def __init__(self) -> None:
        super().__init__(-32603, "Internal error")


class TooLarge(RpcError):
    """A limit of the server is exceeded. `what` begins the message, as jsonrpsee words it."""

    def __init__(self, code: int, what: str, limit: int) -> None:
        super().__init__(code, what, f"Exceeded max limit of {limit}")


def client_error(text: str) -> RpcError:
    """What went wrong with the chain or its runtime."""
    return RpcError(4003, f"Client error: {text}")


EXPECTED = (RpcError, NodeError, StateError, PoolError, TransactionRefused)
"""What a method may raise without being at fault."""


def as_rpc_error(error: Exception, hash_of: HashOf) -> RpcError:
    """The error answer for one of `EXPECTED`."""
    match error:
        case RpcError():
            return error
        case BlockNotFound(block_hash=block_hash):
            wanted = f"Header was not found in the database: 0x{block_hash.hex()}"
            return client_error(f"UnknownBlock: {wanted}")
        case StateDiscarded(number=number) | UnknownBlock(number=number):
            gone = (hash_of(number) or b"").hex()
            return client_error(f"Api called for an unknown Block: State already discarded for 0x{gone}")
        case CallFailed(reason=reason):
            return client_error(f"Execution failed: Other: {reason}")
        case PoolError() | TransactionRefused():
            return _refusal(error)
    return client_error(str(error))


def _refusal(error: PoolError | TransactionRefused) -> RpcError:
    for kind, (code, message, data) in _REFUSALS.items():
        if isinstance(error, kind):
            return RpcError(code, message(error), data(error))
    return RpcError(1000, str(error))


def _nothing(error: Any) -> None:
    return None


_REFUSALS: dict[type[Exception], tuple[int, Callable[[Any], str], Callable[[Any], str | None]]] = {
    InvalidTransaction: (1010, lambda _: "Invalid Transaction", str),
    UnknownTransaction: (1011, lambda _: "Unknown Transaction Validity", str),
    Malformed: (1001, "Extrinsic has invalid format: {}".format, _nothing),
    Undecodable: (1002, "Verification Error: Runtime error: Execution failed: {}".format, _nothing),
    Banned: (1012, lambda _: "Transaction is temporarily banned", _nothing),
    AlreadyImported: (1013, lambda _: "Transaction Already Imported", lambda e: f"0x{e.tx_hash.hex()}"),
    PriorityTooLow: (
        1014,
        lambda error: f"Priority is too low: ({error.old} vs {error.new})",
        lambda _: "The transaction has too low priority to replace another transaction already in the pool.",
    ),
    ImmediatelyDropped: (
        1016,
        lambda _: "Immediately Dropped",
        lambda error: f"The transaction couldn't enter the pool because of the limit: {error.limit}",
    ),
}
"""Code, message and data by the kind of refusal."""
