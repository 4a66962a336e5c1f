"""`ganglion market`: sell what miners make, and keep the keys of those who buy.

`serve` writes one JSON object to stdout when the market is open; logs go to stderr. The other commands work
on the database beside a running market.
"""

from __future__ import annotations

import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from ganglion.cli import neuron_options as options

if TYPE_CHECKING:
    from ganglion.market.keys import Key
    from ganglion.market.offers import Offer, Price

RAO = 10**9
DEFAULT_DATA = Path("~/.ganglion/market.sqlite")
Data = Annotated[Path, typer.Option("--data", help="The market's database.")]

market = typer.Typer(help="Sell what miners make, with OpenAI's interface.", no_args_is_help=True)
key = typer.Typer(help="Customers' API keys.", no_args_is_help=True)
market.add_typer(key, name="key")


@market.command()
def serve(
    *,
    sell: Annotated[list[str], typer.Option(help="NAME=NETUID: text, vision or forecast; may be repeated.")],
    wallet_name: options.WalletName,
    price: Annotated[
        list[str] | None, typer.Option(help="NAME=IN:OUT, rao for a thousand units; may be repeated.")
    ] = None,
    chain: options.Chain = options.DEFAULT_CHAIN,
    wallet_path: options.WalletPath = options.DEFAULT_WALLETS,
    wallet_hotkey: options.Hotkey = "default",
    seed: options.Seed = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8080,
    data: Data = DEFAULT_DATA,
    sync_interval: Annotated[float, typer.Option(min=0.1, help="Seconds between metagraph reads.")] = 6.0,
    drain: Annotated[float, typer.Option(min=0, help="Seconds for requests under way at the end.")] = 4.0,
    log_level: options.LogLevel = "INFO",
) -> None:
    """Open the market. Its hotkey signs the questions to miners, who answer to a validator permit or enough
    stake: register it on each subnet and stake on it.
    """
    # Here and not at the top: the official SDK takes longer to import than `ganglion --help` should.
    import numpy as np  # noqa: PLC0415

    from ganglion.market.host import MarketSettings, World, run_market  # noqa: PLC0415
    from ganglion.neuron import process  # noqa: PLC0415
    from ganglion.neuron.chain import SdkChain  # noqa: PLC0415
    from ganglion.neuron.clock import SystemClock  # noqa: PLC0415
    from ganglion.neuron.keys import load_hotkey  # noqa: PLC0415
    from ganglion.neuron.report import LineReporter  # noqa: PLC0415
    from ganglion.neuron.transport import HttpTransport  # noqa: PLC0415

    settings = MarketSettings(_offers(sell, price or []), host, port, sync_interval, drain)

    async def run() -> NoReturn:
        hotkey, clock = load_hotkey(wallet_path, wallet_name, wallet_hotkey), SystemClock()
        rng = np.random.default_rng(secrets.randbits(63) if seed is None else seed)
        world = World(hotkey, SdkChain(chain, hotkey, clock), HttpTransport(), clock, rng)
        await run_market(settings, world, database, LineReporter(sys.stdout, hotkey.ss58_address))

    with _opened(data) as database:
        process.run(run(), log_level=log_level)


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

    with _opened(data) as database:
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
    with _opened(data) as database:
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

    with _opened(data) as database:
        try:
            Keys(database).revoke(name, now_ns=_now_ns())
        except KeyUnknown as error:
            raise typer.BadParameter(str(error), param_hint="NAME") from error


@market.command()
def usage(
    *,
    days: Annotated[int, typer.Option(min=1, help="Of the last so many days.")] = 30,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show what each key used, and owes."""
    from ganglion.market.ledger import Ledger  # noqa: PLC0415

    since = datetime.now(UTC) - timedelta(days=days)
    table = Table("key", "model", "calls", "failed", "units in", "units out", "TAO")
    with _opened(data) as database:
        for total in Ledger(database).totals(since_ns=int(since.timestamp()) * 10**9):
            counts = (total.calls, total.failed, total.units_in, total.units_out)
            table.add_row(total.key, total.model, *(f"{count:,}" for count in counts), _tao(total.price_rao))
    _console().print(table)


def _offers(sell: list[str], prices: list[str]) -> tuple[Offer, ...]:
    from ganglion.market.offers import WARES, Offer  # noqa: PLC0415

    chosen = {name: _price(text) for name, text in _pairs(prices, "--price").items()}
    netuids = _pairs(sell, "--sell")
    for name in (*netuids, *chosen):
        if name not in WARES:
            raise typer.BadParameter(f"{name!r} is not one of {', '.join(WARES)}", param_hint="--sell")
    for name, netuid in netuids.items():
        if not netuid.isdecimal():
            raise typer.BadParameter(f"{name}={netuid}: no netuid", param_hint="--sell")
    return tuple(
        Offer(name, int(netuid), WARES[name], chosen.get(name, WARES[name].price))
        for name, netuid in netuids.items()
    )


def _price(text: str) -> Price:
    from ganglion.market.offers import Price  # noqa: PLC0415

    sides = text.split(":")
    if len(sides) != 2 or not all(side.isascii() and side.isdecimal() for side in sides):
        raise typer.BadParameter(f"{text!r} is not IN:OUT in rao", param_hint="--price")
    return Price(int(sides[0]), int(sides[1]))


def _pairs(given: list[str], option: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for text, (name, equals, value) in zip(given, pairs, strict=True):
        if not (name and equals and value):
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint=option)
    return {name: value for name, _, value in pairs}


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
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
