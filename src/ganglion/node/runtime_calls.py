"""Questions to the runtime at any block whose state is kept, on an overlay that is thrown away."""

from __future__ import annotations

from functools import lru_cache

from ganglion.frame.api import ApiMethod, RuntimeApi
from ganglion.frame.dispatch import DispatchError, DispatchFailed
from ganglion.frame.runtime import Runtime
from ganglion.frame.validity import InvalidTransaction, TransactionRefused, UnknownTransaction
from ganglion.node.chain import Chain
from ganglion.node.errors import CallFailed
from ganglion.node.execution import Execution
from ganglion.scale import ScaleError
from ganglion.state.overlay import Overlay

STATELESS = frozenset({"Core_version", "Metadata_metadata", "Metadata_metadata_at_version"})
"""Calls whose answer depends on the runtime alone: made once, since metadata takes long to write."""


class RuntimeCalls:
    """Calls runtime APIs. Safe in any thread; each call has a world of its own."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._stateless = lru_cache(maxsize=16)(self._on_head)

    def call(self, function: str, data: bytes, block_hash: bytes | None = None) -> bytes:
        """Call `Trait_method` with encoded arguments; its encoded answer.

        Raises: CallFailed, BlockNotFound, StateDiscarded.
        """
        if function in STATELESS:
            self._chain.stored_header(block_hash)
            return self._stateless(function, data)
        return self._call(function, data, block_hash)

    def method(self, function: str) -> ApiMethod:
        """The declaration of a runtime API's method. Raises: CallFailed."""
        return find_method(self._chain.runtime, function)[1]

    def dry_run(self, raw: bytes, block_hash: bytes | None = None) -> bytes:
        """How an extrinsic would end in the next block: an encoded `ApplyExtrinsicResult`.

        Raises: ScaleError, BlockNotFound, StateDiscarded.
        """
        extrinsic = self._chain.codec.decode(raw)
        header = self._chain.stored_header(block_hash)
        with self._chain.view(block_hash) as view:
            execution = Execution(self._chain.runtime, self._chain.codec, Overlay(view))
            execution.stand_before(header.number + 1, header.hash)
            try:
                outcome = execution.executive.apply(execution.executive.check(extrinsic))
            except TransactionRefused as refused:
                return b"\x01" + encode_refusal(refused)
        return b"\x00" + self._encode_outcome(outcome.failure)

    def _encode_outcome(self, failure: DispatchFailed | None) -> bytes:
        if failure is None:
            return b"\x00"
        error = self._chain.runtime.dispatch_error(failure)
        return b"\x01" + self._chain.runtime.codecs.of(DispatchError).encode(error)

    def _on_head(self, function: str, data: bytes) -> bytes:
        return self._call(function, data, None)

    def _call(self, function: str, data: bytes, block_hash: bytes | None) -> bytes:
        api, method = find_method(self._chain.runtime, function)
        arguments = decode_arguments(function, method, data)
        with self._chain.view(block_hash) as view:
            world = self._chain.runtime.on(Overlay(view))
            try:
                answer = getattr(world[api], method.name)(*arguments)
            except (ScaleError, DispatchFailed, TransactionRefused) as error:
                raise CallFailed(function, f"{function} failed: {error}") from error
            return method.output.encode(answer)


def find_method(runtime: Runtime, function: str) -> tuple[type[RuntimeApi], ApiMethod]:
    """The API and method behind `Trait_method`. Raises: CallFailed."""
    found = runtime.api_methods.get(function)
    if found is None:
        raise CallFailed(function, f"Exported method {function} is not found")
    return found


def decode_arguments(function: str, method: ApiMethod, data: bytes) -> tuple[object, ...]:
    """The arguments of a method, all of `data`. Raises: CallFailed."""
    arguments, at = [], 0
    try:
        for field in method.inputs:
            value, at = field.codec.read(data, at)
            arguments.append(value)
    except ScaleError as error:
        raise CallFailed(function, f"Bad input data provided to {method.name}: {error}") from error
    if at != len(data):
        wrong = f"{len(data) - at} bytes left over after the arguments"
        raise CallFailed(function, f"Bad input data provided to {method.name}: {wrong}")
    return tuple(arguments)


def encode_refusal(refused: TransactionRefused) -> bytes:
    """A refusal as `TransactionValidityError`."""
    match refused:
        case InvalidTransaction(kind=kind, code=None):
            return bytes((0, kind))
        case InvalidTransaction(kind=kind, code=code):
            return bytes((0, kind, code or 0))
        case UnknownTransaction(kind=kind):
            return bytes((1, kind))
    raise TypeError(f"{refused!r} has no encoding")
