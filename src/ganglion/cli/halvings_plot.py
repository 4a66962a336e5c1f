"""Issuance and block reward over blocks, as an SVG picture: what `ganglion economy halvings --output` writes.

Two panels share the axis of blocks. The picture follows its viewer's choice of a light or a dark page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ganglion.economy.emission import BASE_EMISSION_RAO, SUPPLY_CAP_RAO, Period

SECONDS_PER_BLOCK = 12
SECONDS_PER_YEAR = 31_557_600
RAO = 10**9
MILLION = 10**6

WIDTH, HEIGHT = 860, 600
LEFT, RIGHT = 90, 800
STYLE = """<style>
svg { --page: #ffffff; --ink: #24292f; --faint: #d8dee4; --one: #2f6db3; --two: #b3400b }
@media (prefers-color-scheme: dark) {
  svg { --page: #0d1117; --ink: #e6edf3; --faint: #30363d; --one: #79b8ff; --two: #ffa657 } }
text { fill: var(--ink) } .faint { stroke: var(--faint) } .title { font-size: 15px; font-weight: bold }
.one { stroke: var(--one) } .two { stroke: var(--two) } .cap { stroke: var(--ink); stroke-dasharray: 6 4 }
path { fill: none; stroke-width: 1 } path.one, path.two { stroke-width: 2.5 }
circle { fill: var(--one) }
</style>"""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the picture: the y of its zero line and of `full` rao."""

    zero: float
    top: float
    full: int

    def y(self, rao: int) -> float:
        """Where an amount lies."""
        return self.zero + (self.top - self.zero) * rao / self.full


ISSUANCE = Panel(zero=300, top=60, full=SUPPLY_CAP_RAO)
REWARD = Panel(zero=530, top=370, full=BASE_EMISSION_RAO)


def years(blocks: int) -> float:
    """How long so many blocks take."""
    return blocks * SECONDS_PER_BLOCK / SECONDS_PER_YEAR


def tao(rao: int) -> str:
    """An amount in TAO with all its decimals."""
    whole, part = divmod(rao, RAO)
    return f"{whole:,}.{part:09}".rstrip("0").rstrip(".")


def draw(path: Sequence[Period]) -> str:
    """The picture of periods that follow each other; the last one only ends the one before it."""
    end = path[-1].blocks_before
    at = [LEFT + (RIGHT - LEFT) * period.blocks_before / end for period in path]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="12">{STYLE}',
        f'<rect width="{WIDTH}" height="{HEIGHT}" style="fill: var(--page)"/>',
        *_axis(path, at),
        *_issuance(path, at),
        *_rewards(path, at),
    ]
    return "\n".join([*parts, "</svg>", ""])


def _axis(path: Sequence[Period], at: Sequence[float]) -> list[str]:
    """A line through both panels at each halving, with its block and its year."""
    parts = []
    for x, period in zip(at, path, strict=True):
        parts.append(f'<path class="faint" d="M{x:.1f} {ISSUANCE.top}V{REWARD.zero}"/>')
        parts.append(_text(x, REWARD.zero + 20, f"{period.blocks_before / MILLION:g} M"))
        parts.append(_text(x, REWARD.zero + 38, f"{years(period.blocks_before):.1f} y"))
    middle = (LEFT + RIGHT) / 2
    parts.append(
        _text(middle, HEIGHT - 12, "blocks, and years of blocks every 12 s, if every block mints all")
    )
    return parts


def _issuance(path: Sequence[Period], at: Sequence[float]) -> list[str]:
    """A line that bends at each halving."""
    points = [(x, ISSUANCE.y(period.issuance_rao)) for x, period in zip(at, path, strict=True)]
    parts = [_text(LEFT, 28, "Issuance, million TAO", "start", "title")]
    parts += [_level(ISSUANCE, millions * MILLION * RAO, str(millions)) for millions in (0, 5, 10, 15, 20)]
    parts.append(f'<path class="cap" d="M{LEFT} {ISSUANCE.top}H{RIGHT}"/>')
    parts.append(_text(LEFT - 10, ISSUANCE.top + 1, "21", "end"))
    parts.append(_line("one", "L".join(f"{x:.1f} {y:.1f}" for x, y in points)))
    for (x, y), period in zip(points[1:-1], path[1:-1], strict=True):
        label = f"{period.issuance_rao / (MILLION * RAO):.6f}".rstrip("0").rstrip(".")
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        parts.append(_text(x + 6, y + 20, label, "start"))
    return parts


def _rewards(path: Sequence[Period], at: Sequence[float]) -> list[str]:
    """A step for each period."""
    parts = [_text(LEFT, REWARD.top - 22, "Block reward, TAO", "start", "title")]
    parts += [_level(REWARD, quarters * RAO // 4, f"{quarters / 4:g}") for quarters in range(5)]
    steps = ""
    for left, right, period in zip(at, at[1:], path, strict=False):
        y = REWARD.y(period.emission_rao)
        steps += f"{'V' if steps else f'{left:.1f} '}{y:.1f}H{right:.1f}"
        parts.append(_text((left + right) / 2, y - 8, tao(period.emission_rao)))
    return [*parts, _line("two", steps)]


def _level(panel: Panel, rao: int, label: str) -> str:
    y = panel.y(rao)
    return f'<path class="faint" d="M{LEFT} {y:.1f}H{RIGHT}"/>{_text(LEFT - 10, y + 4, label, "end")}'


def _line(kind: str, points: str) -> str:
    return f'<path class="{kind}" d="M{points}"/>'


def _text(x: float, y: float, text: str, anchor: str = "middle", kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
