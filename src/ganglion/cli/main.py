"""The `ganglion` command. Wallets, transfers and staking are btcli's; this one has what btcli has not."""

from __future__ import annotations

import typer

from ganglion.cli.audit import audit
from ganglion.cli.chain_spec import chain_spec
from ganglion.cli.economy import economy
from ganglion.cli.market import market
from ganglion.cli.neuron import neuron
from ganglion.cli.node import node
from ganglion.cli.node_join import join
from ganglion.cli.testnet import testnet
from ganglion.cli.up.command import up
from ganglion.cli.yuma import yuma

node_commands = typer.Typer(invoke_without_command=True, add_completion=False)
node_commands.callback()(node)
node_commands.command("join")(join)

app = typer.Typer(
    name="ganglion",
    help="A complete Bittensor network in Python.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(node_commands, name="node")
app.command("chain-spec")(chain_spec)
app.add_typer(neuron, name="neuron")
app.add_typer(market, name="market")
app.command("audit")(audit)
app.add_typer(testnet, name="testnet")
app.command("up")(up)
app.command("yuma")(yuma)
app.add_typer(economy, name="economy")
