"""What a person sees: a live table on a terminal, plain lines elsewhere, a ranking at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ganglion.cli.up.ranking import EXPLOITERS_MOST, Ranking
from ganglion.cli.up.standing import NeuronStanding, Standing

RAO = 10**9


class Display(Protocol):
    """Shows how things go."""

    def say(self, line: str) -> None:
        """Tell of a step."""
        ...

    def show(self, standing: Standing) -> None:
        """Show the network as it stands."""
        ...


class PlainDisplay:
    """One line a step, one line a block: for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str) -> None:
        """See `Display.say`."""
        self._console.print(line, highlight=False, soft_wrap=True)

    def show(self, standing: Standing) -> None:
        """See `Display.show`."""
        neurons = " ".join(
            f"{neuron.part.subnet}/{neuron.uid}:{neuron.part.kind}={_tao(neuron.earned_rao)}"
            for neuron in standing.neurons
        )
        self.say(
            f"block={standing.block} issuance={_tao(standing.issuance)} "
            f"reward={_tao(standing.block_reward)} earned {neurons}"
        )


class LiveDisplay:
    """A table that stays in place, below the steps that led to it."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def say(self, line: str) -> None:
        """See `Display.say`."""
        self._live.console.print(line, highlight=False, soft_wrap=True)

    def show(self, standing: Standing) -> None:
        """See `Display.show`."""
        self._live.update(Group(headline(standing), table(standing.neurons)))


@contextmanager
def display(console: Console) -> Iterator[Display]:
    """The display that fits the console."""
    if not console.is_terminal:
        yield PlainDisplay(console)
        return
    with Live(console=console, refresh_per_second=4) as live:
        yield LiveDisplay(live)


def headline(standing: Standing) -> Text:
    """Block, issuance and block reward."""
    return Text(
        f"block {standing.block}   issuance {_tao(standing.issuance)} TAO   "
        f"block reward {_tao(standing.block_reward)} TAO"
    )


def table(neurons: tuple[NeuronStanding, ...]) -> Table:
    """The neurons as rows: without edges, so that three subnets fit a terminal of 24 by 80."""
    grid = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=0)
    for column in ("netuid", "subnet", "uid", "kind", "quality", "incentive", "dividends", "alpha", "in TAO"):
        grid.add_column(column, justify="left" if column in {"subnet", "kind"} else "right", no_wrap=True)
    for neuron in neurons:
        grid.add_row(
            str(neuron.netuid),
            neuron.part.subnet,
            str(neuron.uid),
            neuron.part.kind,
            "-" if neuron.quality is None else f"{neuron.quality:.1%}",
            f"{neuron.incentive:.4f}",
            f"{neuron.dividends:.4f}",
            _tao(neuron.earned_alpha_rao),
            _tao(neuron.earned_rao),
        )
    return grid


def verdict(ranking: Ranking) -> Text:
    """Whether a subnet's earnings follow quality, and what its exploiters got."""
    parts = [
        f"{ranking.subnet}: Spearman of earnings with the models' order {_number(ranking.spearman)}, "
        f"with measured quality {_number(ranking.spearman_measured)}"
    ]
    for name, share in ranking.shares.items():
        bound = "below" if share < EXPLOITERS_MOST else "NOT BELOW"
        parts.append(f"{name} earned {share:.1%} of the median honest miner ({bound} {EXPLOITERS_MOST:.0%})")
    return Text("; ".join(parts))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _tao(rao: int) -> str:
    return f"{rao // RAO:,}.{rao % RAO // 10**5:04d}"
