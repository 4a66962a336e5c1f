"""API keys. Only a hash of a key is kept: who reads the database cannot call with it.

A key's secret has 256 random bits, so one round of SHA-256 is enough: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

PREFIX = "sk-ganglion-"
_SHOWN = len(PREFIX) + 4
_LONGEST = 128
_COLUMNS = "id, name, hint, created_ns, revoked_ns, per_minute, parallel, budget_rao, spent_rao"


class KeyNameTaken(Exception):
    """There is a key of this name already."""


class KeyUnknown(LookupError):
    """There is no key of this name."""


@dataclass(frozen=True, slots=True)
class Key:
    """A customer's key, without its secret.

    `hint` is how the secret begins. It may send `per_minute` requests, `parallel` at once, and spend
    `budget_rao` in all (None: whatever it likes); `spent_rao` so far.
    """

    id: int
    name: str
    hint: str
    created_ns: int
    revoked_ns: int | None
    per_minute: int
    parallel: int
    budget_rao: int | None
    spent_rao: int

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left of the budget."""
        return self.budget_rao is not None and self.spent_rao >= self.budget_rao


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in a database."""

    database: sqlite3.Connection

    def new(
        self,
        name: str,
        secret: str,
        *,
        now_ns: int,
        per_minute: int,
        parallel: int,
        budget_rao: int | None = None,
    ) -> str:
        """Add a key made of `secret`; returns its text, which is not kept. Raises: KeyNameTaken."""
        text = PREFIX + secret
        row = (name, _hash(text), text[:_SHOWN], now_ns, per_minute, parallel, budget_rao)
        try:
            self.database.execute(
                "INSERT INTO keys (name, hash, hint, created_ns, per_minute, parallel, budget_rao)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        except sqlite3.IntegrityError as error:
            raise KeyNameTaken(f"there is a key named {name!r} already") from error
        return text

    def all(self) -> list[Key]:
        """Every key, also revoked ones, oldest first."""
        return [Key(*row) for row in self.database.execute(f"SELECT {_COLUMNS} FROM keys ORDER BY id")]

    def revoke(self, name: str, *, now_ns: int) -> None:
        """End a key. Ending it again changes nothing. Raises: KeyUnknown."""
        changed = self.database.execute(
            "UPDATE keys SET revoked_ns = coalesce(revoked_ns, ?) WHERE name = ?", (now_ns, name)
        )
        if not changed.rowcount:
            raise KeyUnknown(f"there is no key named {name!r}")

    def find(self, text: str) -> Key | None:
        """The key which `text` is, if it holds; None for a revoked or unknown one."""
        if not text.startswith(PREFIX) or len(text) > _LONGEST:
            return None
        row = self.database.execute(
            f"SELECT {_COLUMNS} FROM keys WHERE hash = ? AND revoked_ns IS NULL", (_hash(text),)
        ).fetchone()
        return None if row is None else Key(*row)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogateescape")).digest()
