"""`ganglion market key` and `usage`: who may buy, and what they owe. They work on the database of a market,
also while it is open.
"""

from __future__ import annotations

import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from ganglion.market.keys import Key

RAO = 10**9
DEFAULT_DATA = Path("~/.ganglion/market.sqlite")
Data = Annotated[Path, typer.Option("--data", help="The market's database.")]

key = typer.Typer(help="Customers' API keys.", no_args_is_help=True)


@key.command("new")
def new_key(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    *,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests per minute.")] = 600,
    parallel: Annotated[int, typer.Option(min=1, help="Requests at once.")] = 16,
    budget: Annotated[float | None, typer.Option(min=0, help="TAO it may spend; else any sum.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make a key and print it, this one time: only a hash of it is kept."""
    from ganglion.market.keys import KeyNameTaken, Keys  # noqa: PLC0415

    with opened(data) as database:
        try:
            text = Keys(database).new(
                name,
                secrets.token_urlsafe(32),
                now_ns=_now_ns(),
                per_minute=per_minute,
                parallel=parallel,
                budget_rao=None if budget is None else round(budget * RAO),
            )
        except KeyNameTaken as error:
            raise typer.BadParameter(str(error), param_hint="NAME") from error
    typer.echo(text)


@key.command("list")
def list_keys(*, data: Data = DEFAULT_DATA) -> None:
    """Show all keys."""
    from ganglion.market.keys import Keys  # noqa: PLC0415

    table = Table("name", "key", "made", "state", "per minute", "at once", "spent (TAO)", "budget (TAO)")
    with opened(data) as database:
        for one in Keys(database).all():
            budget = "-" if one.budget_rao is None else _tao(one.budget_rao)
            limits = (str(one.per_minute), str(one.parallel))
            made = _moment(one.created_ns)
            table.add_row(one.name, one.hint + "...", made, _state(one), *limits, _tao(one.spent_rao), budget)
    _console().print(table)


@key.command()
def revoke(
    name: Annotated[str, typer.Argument(help="Whose key ends.")], *, data: Data = DEFAULT_DATA
) -> None:
    """End a key. A running market refuses it from its next request on."""
    from ganglion.market.keys import Keys, KeyUnknown  # noqa: PLC0415

    with opened(data) as database:
        try:
            Keys(database).revoke(name, now_ns=_now_ns())
        except KeyUnknown as error:
            raise typer.BadParameter(str(error), param_hint="NAME") from error


def usage(
    *,
    days: Annotated[int, typer.Option(min=1, help="Of the last so many days.")] = 30,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show what each key used, and owes."""
    from ganglion.market.ledger import Ledger  # noqa: PLC0415

    since = datetime.now(UTC) - timedelta(days=days)
    table = Table("key", "model", "calls", "failed", "units in", "units out", "TAO")
    with opened(data) as database:
        for total in Ledger(database).totals(since_ns=int(since.timestamp()) * 10**9):
            counts = (total.calls, total.failed, total.units_in, total.units_out)
            table.add_row(total.key, total.model, *(f"{count:,}" for count in counts), _tao(total.price_rao))
    _console().print(table)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The database at `path`. Raises: typer.BadParameter."""
    from ganglion.market.database import DatabaseInvalid, open_database  # noqa: PLC0415

    try:
        database = open_database(path.expanduser())
    except (DatabaseInvalid, OSError) as error:
        raise typer.BadParameter(str(error), param_hint="--data") from error
    with closing(database):
        yield database


def _state(one: Key) -> str:
    if one.revoked_ns is not None:
        return "revoked"
    return "spent" if one.is_spent else "holds"


def _tao(rao: int) -> str:
    return f"{rao // RAO:,}.{rao % RAO:09d}"


def _moment(unix_ns: int) -> str:
    return f"{datetime.fromtimestamp(unix_ns // 10**9, UTC):%Y-%m-%d %H:%M}"


def _now_ns() -> int:
    return int(datetime.now(UTC).timestamp()) * 10**9


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 140)
