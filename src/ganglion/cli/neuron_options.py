"""The options which miners and validators share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ganglion.neuron.protocols import Endpoint

Subnet = Annotated[
    str, typer.Option("--subnet", help="Name of a subnet that comes with ganglion, or module:object.")
]
Netuid = Annotated[int, typer.Option("--netuid", min=1, help="Subnet's number on the chain.")]
WalletName = Annotated[str, typer.Option("--wallet-name", help="Wallet whose hotkey works here.")]
WalletPath = Annotated[Path, typer.Option("--wallet-path", help="Directory of wallets.")]
Hotkey = Annotated[str, typer.Option("--wallet-hotkey", help="Name of the hotkey in the wallet.")]
Chain = Annotated[str, typer.Option("--chain", help="WebSocket endpoint of a node.")]
Nodes = Annotated[
    str, typer.Option("--chain", help="WebSocket endpoint of a node, or of several with commas between.")
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, help="Seed of all randomness; without it, a secret one is drawn."),
]
SubnetOptions = Annotated[
    list[str] | None, typer.Option("--option", help="NAME=VALUE for the subnet; may be repeated.")
]
MetricsPort = Annotated[
    int | None,
    typer.Option(
        "--metrics-port",
        min=0,
        max=65535,
        help="Port of /metrics. Default: a miner's own; a validator has none.",
    ),
]
MetricsHost = Annotated[str, typer.Option("--metrics-host", help="Address to serve /metrics on.")]
LogLevel = Annotated[str, typer.Option("--log-level", help="DEBUG, INFO, WARNING or ERROR, to stderr.")]

DEFAULT_CHAIN = "ws://127.0.0.1:9944"
LOOPBACK = "127.0.0.1"
DEFAULT_WALLETS = Path("~/.bittensor/wallets")


def state_file(wallets: Path, wallet: str, hotkey: str, subnet: str, netuid: int) -> Path:
    """Where a validator keeps its state by default: beside its wallet."""
    return wallets.expanduser() / wallet / f"{hotkey}-{subnet}-{netuid}.json"


def metrics_place(host: str, port: int | None) -> Endpoint | None:
    """Where /metrics is served apart; None: nowhere."""
    from ganglion.neuron.protocols import Endpoint  # noqa: PLC0415

    return None if port is None else Endpoint(host, port)


def parsed(given: list[str] | None) -> Mapping[str, str]:
    """NAME=VALUE texts as a mapping. Raises: typer.BadParameter."""
    pairs = [text.partition("=") for text in given or ()]
    for name, equals, _ in pairs:
        if not name or not equals:
            raise typer.BadParameter(f"{name!r} is not NAME=VALUE", param_hint="--option")
    return {name: value for name, _, value in pairs}


@contextmanager
def blamed(option: str) -> Iterator[None]:
    """Make a subnet's complaint about an operator's choice a complaint about this option."""
    from ganglion.neuron.package import OptionInvalid  # noqa: PLC0415

    try:
        yield
    except OptionInvalid as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
