"""The steps of an epoch as tables: what `ganglion yuma --explain` prints.

Shares are shown as decimals and coloured by size; empty cells are entries that do not exist. Of a
large subnet the first rows and columns are shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ganglion.fixed.arrays import Shares
from ganglion.yuma.rows import Rows

MOST_ROWS, MOST_COLUMNS, MOST_IN_VECTOR, PER_LINE = 40, 12, 120, 6
STEPS = {
    "stake": "S: stake of each uid, those below the threshold left out, divided by the total",
    "active_stake": "S: of active uids with a permit, divided by their total",
    "weights": "W: votes that count, each row divided by its sum",
    "consensus": "C: largest weight that at least kappa of the stake supports",
    "clipped": "W clipped: min(W, C); a vote cut to zero is gone",
    "incentive": "I: stake-weighted column sums of the clipped votes, divided by their total",
    "weights_for_bonds": "W~: W + bonds penalty * (W clipped - W)",
    "bonds_in": "B before: stored bonds, without recently registered uids",
    "ema": "B: moving average of the bonds, as it is stored",
    "dividends": "D: bonds times incentive, summed over each row, divided by the total",
}
SHARES = {
    "active": "active",
    "validator_permit": "new permit",
    "stake_weight": "stake",
    "consensus": "consensus",
    "incentive": "incentive",
    "validator_trust": "trust",
    "dividends": "dividends",
}
PAY = {"server_emission": "as miner", "validator_emission": "as validator", "emission": "together, stored"}


class Explanation:
    """Prints each intermediate value as it is reached."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._step = 0
        self._mechanism = -1

    def show(self, name: str, value: Rows | Shares) -> None:
        """One step of an epoch. The first step of an epoch begins its count anew."""
        if name == next(iter(STEPS)):
            self._step, self._mechanism = 0, self._mechanism + 1
            self._console.rule(f"epoch of mechanism {self._mechanism}")
        self._step += 1
        self._console.print(f"\n{self._step}. {STEPS[name]}", style="bold", highlight=False)
        self._console.print(matrix_table(value) if isinstance(value, Rows) else vector_table(value.tolist()))

    def show_outcome(self, outcome: Mapping[str, Any]) -> None:
        """What the chain stores and pays, one row per uid."""
        stored = outcome.get("aggregate", outcome)
        for title, columns in (("Stored for each uid, shares as u16", SHARES), ("Pay in rao", PAY)):
            self._console.print(f"\n{title}", style="bold")
            self._console.print(outcome_table(stored, columns))


def outcome_table(outcome: Mapping[str, Any], columns: Mapping[str, str]) -> Table:
    """The named vectors side by side, one row per uid."""
    uids = len(outcome["stake"])
    table = Table("uid", caption=_left_out(uids, 0))
    for heading in columns.values():
        table.add_column(heading, justify="right")
    for uid in range(min(uids, MOST_ROWS)):
        table.add_row(str(uid), *(_plain(outcome[name][uid]) for name in columns))
    return table


def vector_table(values: Sequence[int]) -> Table:
    """One raw share per uid, some to a line, each line beginning with its first uid."""
    table = Table(show_header=False, caption=_left_out(0, len(values), MOST_IN_VECTOR))
    for start in range(0, min(len(values), MOST_IN_VECTOR), PER_LINE):
        table.add_row(f"uid {start}", *map(share_text, values[start : start + PER_LINE]))
    return table


def matrix_table(rows: Rows) -> Table:
    """Rows that have entries against the columns that have any."""
    filled = {uid: dict(row) for uid, row in enumerate(rows.to_lists()) if row}
    columns = sorted({column for row in filled.values() for column in row})
    table = Table("uid", caption=_left_out(len(filled), len(columns)))
    for column in columns[:MOST_COLUMNS]:
        table.add_column(str(column), justify="right")
    for uid, row in list(filled.items())[:MOST_ROWS]:
        cells = (share_text(row[column]) if column in row else "" for column in columns[:MOST_COLUMNS])
        table.add_row(str(uid), *cells)
    return table


def share_text(raw: int) -> Text:
    """A raw I32F32 share with six decimals, floored, on a background that brightens with its size."""
    millionths = raw * 1_000_000 >> 32
    shade = min(raw * 160 >> 32, 160)
    style = f"white on rgb(20,{20 + shade // 2},{60 + shade})" if raw else "dim"
    return Text(f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}", style=style)


def _left_out(rows: int, columns: int, most_columns: int = MOST_COLUMNS) -> str | None:
    if rows <= MOST_ROWS and columns <= most_columns:
        return None
    parts = [(rows, MOST_ROWS, "rows"), (columns, most_columns, "columns")]
    return "shown: " + ", ".join(
        f"{min(count, most)} of {count} {what}" for count, most, what in parts if count
    )


def _plain(value: bool | int) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else str(value)
