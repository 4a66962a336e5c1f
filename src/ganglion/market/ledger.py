"""What each key used: one row for each call that reached a miner, and sums of them."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass, fields

OK = "ok"
BROKEN = "broken"
LEFT = "left"


@dataclass(frozen=True, slots=True)
class Use:
    """One call. `outcome` is "ok", "left" (the customer hung up), "broken" (the stream was, by its miner), or
    the code of a refusal; `uid` and `hotkey` are the serving miner's, if one served. `seconds` in all.
    """

    at_ns: int
    key_id: int
    request: str
    model: str
    netuid: int
    uid: int | None
    hotkey: str | None
    outcome: str
    units_in: int
    units_out: int
    price_rao: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Total:
    """The calls of one key for one model. `failed` ones are not charged."""

    key: str
    model: str
    calls: int
    failed: int
    units_in: int
    units_out: int
    price_rao: int


_COLUMNS = ", ".join(field.name for field in fields(Use))
_MARKS = ", ".join("?" for _ in fields(Use))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The uses in a database."""

    database: sqlite3.Connection

    def record(self, use: Use) -> None:
        """Write one call and charge its key: both or neither."""
        self.database.execute("BEGIN IMMEDIATE")
        with self.database:
            self.database.execute(f"INSERT INTO usage ({_COLUMNS}) VALUES ({_MARKS})", astuple(use))
            self.database.execute(
                "UPDATE keys SET spent_rao = spent_rao + ? WHERE id = ?", (use.price_rao, use.key_id)
            )

    def totals(self, *, since_ns: int = 0) -> list[Total]:
        """Sums by key and model of the calls since then."""
        rows = self.database.execute(
            "SELECT name, model, count(*), sum(outcome NOT IN (?, ?)), sum(units_in), sum(units_out),"
            " sum(price_rao) FROM usage JOIN keys ON keys.id = key_id WHERE at_ns >= ?"
            " GROUP BY key_id, model ORDER BY key_id, model",
            (OK, LEFT, since_ns),
        )
        return [Total(*row) for row in rows]

    def uses(self, *, limit: int) -> list[Use]:
        """The newest calls, newest first."""
        rows = self.database.execute(f"SELECT {_COLUMNS} FROM usage ORDER BY id DESC LIMIT ?", (limit,))
        return [Use(*row) for row in rows]
