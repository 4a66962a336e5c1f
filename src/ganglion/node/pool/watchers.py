"""Who wants to hear of which transaction."""

from __future__ import annotations

from ganglion.node.pool.transaction import FINAL, Listener, Status


class Watchers:
    """Listeners by transaction hash. A final status ends their watch."""

    def __init__(self) -> None:
        self._listeners: dict[bytes, list[Listener]] = {}

    def add(self, tx_hash: bytes, listener: Listener) -> None:
        """Tell `listener` of every step from now on."""
        self._listeners.setdefault(tx_hash, []).append(listener)

    def remove(self, tx_hash: bytes, listener: Listener) -> None:
        """Tell it no more."""
        listeners = self._listeners.get(tx_hash, [])
        if listener in listeners:
            listeners.remove(listener)
        if not listeners:
            self._listeners.pop(tx_hash, None)

    def tell(self, tx_hash: bytes, status: Status) -> None:
        """Tell the transaction's listeners."""
        if tx_hash not in self._listeners:
            return
        for listener in tuple(self._listeners[tx_hash]):
            listener(status)
        if status.kind in FINAL:
            self._listeners.pop(tx_hash, None)
