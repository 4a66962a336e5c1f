"""Transactions that were found invalid, refused unseen for a while: an attacker pays for each check once."""

from __future__ import annotations

from collections.abc import Callable

BAN_S = 30 * 60
"""As long as a Substrate node's."""

MOST_BANS = 8_192


class Bans:
    """Hashes with the time at which they may come again. `now_s` is a steady clock in seconds."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._until: dict[bytes, float] = {}

    def ban(self, tx_hash: bytes) -> None:
        """Refuse the hash for `BAN_S`. The oldest ban is forgotten when there are too many."""
        self._until.pop(tx_hash, None)
        if len(self._until) >= MOST_BANS:
            del self._until[next(iter(self._until))]
        self._until[tx_hash] = self._now_s() + BAN_S

    def is_banned(self, tx_hash: bytes) -> bool:
        """Whether the hash is refused now."""
        until = self._until.get(tx_hash)
        if until is not None and until <= self._now_s():
            del self._until[tx_hash]
            until = None
        return until is not None
