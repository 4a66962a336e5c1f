"""`ganglion testnet`: a chain of several validators, from keys to running nodes."""

from __future__ import annotations

import typer

from ganglion.cli.testnet.init import init
from ganglion.cli.testnet.start import start
from ganglion.cli.testnet.status import status

testnet = typer.Typer(
    help="A chain that several validators keep by CometBFT.", no_args_is_help=True, add_completion=False
)
testnet.command("init")(init)
testnet.command("start")(start)
testnet.command("status")(status)
