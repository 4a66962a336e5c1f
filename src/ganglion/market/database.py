"""The market's embedded database: keys and what they used, in one SQLite file.

Write-ahead logging lets the command line read and write beside the running gateway. A kill loses nothing that
was committed; a power failure may lose the last moments.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

VERSION = 1

_SCHEMA = """
CREATE TABLE keys (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    revoked_ns INTEGER,
    per_minute INTEGER NOT NULL,
    parallel INTEGER NOT NULL,
    budget_rao INTEGER,
    spent_rao INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE usage (
    id INTEGER PRIMARY KEY,
    at_ns INTEGER NOT NULL,
    key_id INTEGER NOT NULL REFERENCES keys (id),
    request TEXT NOT NULL,
    model TEXT NOT NULL,
    netuid INTEGER NOT NULL,
    uid INTEGER,
    hotkey TEXT,
    outcome TEXT NOT NULL,
    units_in INTEGER NOT NULL,
    units_out INTEGER NOT NULL,
    price_rao INTEGER NOT NULL,
    seconds REAL NOT NULL
) STRICT;
CREATE INDEX usage_by_key ON usage (key_id, at_ns);
"""


class DatabaseInvalid(Exception):
    """The file is no database of this market. It is left as it is."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path = path


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database at `path`, made where there is none. Raises: DatabaseInvalid, OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        database = sqlite3.connect(path, timeout=5.0, isolation_level=None)
        _prepare(database, path)
    except sqlite3.Error as error:
        raise DatabaseInvalid(path, str(error)) from error
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        database.execute(f"PRAGMA {setting}")
    database.execute("BEGIN IMMEDIATE")
    with database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise DatabaseInvalid(path, f"version {version} instead of {VERSION}")
