"""News of blocks for subscribers: each block's header is written as JSON once, however many listen."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from ganglion.node.block_store import StoredHeader
from ganglion.node.chain import Imported
from ganglion.node.rpc.wire import header_json

Listener = Callable[[Imported, bytes], None]
"""Gets the block and its header in JSON."""


class Heads:
    """Tells listeners of new blocks. For one thread."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._next = 0

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of every block from now on; what is returned ends it."""
        number = self._next
        self._next += 1
        self._listeners[number] = listener
        return lambda: self._forget(number)

    def on_imported(self, imported: Imported, took_s: float) -> None:
        """Pass a block on."""
        header = encode_header(imported.stored)
        for listener in tuple(self._listeners.values()):
            listener(imported, header)

    def _forget(self, number: int) -> None:
        self._listeners.pop(number, None)


def encode_header(stored: StoredHeader) -> bytes:
    """A header in JSON."""
    return orjson.dumps(header_json(stored.header))
