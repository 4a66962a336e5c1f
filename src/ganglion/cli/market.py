"""`ganglion market`: sell what miners make, and keep the keys of those who buy.

`serve` writes one JSON object to stdout when the market is open; logs go to stderr.
"""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ganglion.cli import neuron_options as options
from ganglion.cli.market_customers import DEFAULT_DATA, Data, key, opened, usage

if TYPE_CHECKING:
    from ganglion.market.offers import Offer, Price

market = typer.Typer(help="Sell what miners make, with OpenAI's interface.", no_args_is_help=True)
market.add_typer(key, name="key")
market.command("usage")(usage)


@market.command()
def serve(
    *,
    sell: Annotated[list[str], typer.Option(help="NAME=NETUID: text, vision or forecast; may be repeated.")],
    wallet_name: options.WalletName,
    price: Annotated[
        list[str] | None, typer.Option(help="NAME=IN:OUT, rao for a thousand units; may be repeated.")
    ] = None,
    chain: options.Nodes = options.DEFAULT_CHAIN,
    wallet_path: options.WalletPath = options.DEFAULT_WALLETS,
    wallet_hotkey: options.Hotkey = "default",
    seed: options.Seed = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8080,
    data: Data = DEFAULT_DATA,
    sync_interval: Annotated[float, typer.Option(min=0.1, help="Seconds between metagraph reads.")] = 6.0,
    drain: Annotated[float, typer.Option(min=0, help="Seconds for requests under way at the end.")] = 4.0,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of /metrics. Default: the API's.")
    ] = None,
    metrics_host: options.MetricsHost = options.LOOPBACK,
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

    settings = MarketSettings(
        _offers(sell, price or []),
        host,
        port,
        interval_s=sync_interval,
        drain_s=drain,
        metrics=options.metrics_place(metrics_host, metrics_port),
    )

    async def run() -> NoReturn:
        hotkey, clock = load_hotkey(wallet_path, wallet_name, wallet_hotkey), SystemClock()
        rng = np.random.default_rng(secrets.randbits(63) if seed is None else seed)
        world = World(hotkey, SdkChain(chain, hotkey, clock), HttpTransport(), clock, rng)
        await run_market(settings, world, database, LineReporter(sys.stdout, hotkey.ss58_address))

    with opened(data) as database:
        process.run(run(), log_level=log_level)


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
