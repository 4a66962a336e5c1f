"""The steps of an epoch as one HTML page with heat maps: what `ganglion yuma --html FILE` writes.

The page holds all that it needs, plotly's JavaScript included, so it can be kept and passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from plotly import graph_objects
from plotly.offline import get_plotlyjs

from ganglion.cli.yuma_tables import SHARES, STEPS
from ganglion.fixed import I32F32
from ganglion.fixed.arrays import Shares
from ganglion.yuma.rows import U16_MAX, Rows

COLOURS = "Viridis"
FLAGS = ("active", "validator_permit")
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Yuma epoch</title>
<style>body {{ font-family: sans-serif; max-width: 60em; margin: 2em auto }}</style>
<script>{script}</script></head><body><h1>Yuma consensus, step by step</h1>"""


class Report:
    """Gathers each intermediate value as it is reached."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._mechanism = -1

    def show(self, name: str, value: Rows | Shares) -> None:
        """One step of an epoch; the first step begins another mechanism."""
        if name == next(iter(STEPS)):
            self._mechanism += 1
            self._parts.append(f"<h2>Epoch of mechanism {self._mechanism}</h2>")
        self._add(STEPS[name], heat_map(value) if isinstance(value, Rows) else bars(value))

    def show_outcome(self, outcome: Mapping[str, Any]) -> None:
        """What the chain stores, all vectors of shares in one map."""
        stored = outcome.get("aggregate", outcome)
        vectors = {title: stored[name] for name, title in SHARES.items() if name not in FLAGS}
        drawn = graph_objects.Heatmap(
            z=[[share / U16_MAX for share in vector] for vector in vectors.values()],
            y=list(vectors),
            colorscale=COLOURS,
            zmin=0,
        )
        figure = graph_objects.Figure(drawn).update_layout(xaxis_title="uid")
        self._add("Stored for each uid, as shares of 1", figure)

    def page(self) -> str:
        """The whole page."""
        return "\n".join([HEAD.format(script=get_plotlyjs()), *self._parts, "</body></html>\n"])

    def _add(self, title: str, figure: graph_objects.Figure) -> None:
        figure.update_layout(height=360, margin={"t": 10, "b": 40})
        drawing = figure.to_html(full_html=False, include_plotlyjs=False)
        self._parts.append(f"<h3>{escape(title)}</h3>{drawing}")


def heat_map(rows: Rows) -> graph_objects.Figure:
    """Rows that have entries against the columns that have any; entries that do not exist stay white."""
    filled = {uid: dict(row) for uid, row in enumerate(rows.to_lists()) if row}
    columns = sorted({column for row in filled.values() for column in row})
    drawn = graph_objects.Heatmap(
        z=[[_decimal(row.get(column)) for column in columns] for row in filled.values()],
        x=_labels(columns),
        y=_labels(filled),
        colorscale=COLOURS,
        zmin=0,
        zmax=1,
    )
    return graph_objects.Figure(drawn).update_layout(
        xaxis_title="uid", yaxis={"title": "validator", "autorange": "reversed"}
    )


def bars(shares: Shares) -> graph_objects.Figure:
    """One bar for each uid."""
    drawn = graph_objects.Bar(y=[_decimal(raw) for raw in shares.tolist()])
    return graph_objects.Figure(drawn).update_layout(xaxis_title="uid")


def _decimal(raw: int | None) -> float | None:
    return None if raw is None else raw / I32F32.one


def _labels(uids: Iterable[int]) -> list[str]:
    # As text: plotly would draw the gaps between numbers too.
    return [f"uid {uid}" for uid in uids]
