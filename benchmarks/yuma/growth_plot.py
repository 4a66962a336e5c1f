"""A small log-log line plot as SVG text."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 230, 20, 55
COLOURS = ("#888888", "#4c78a8", "#1f3a5f", "#bbbbbb", "#f58518", "#b3400b")


@dataclass(frozen=True, slots=True)
class Curve:
    """Named points (x, y), both positive."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


def draw(curves: Sequence[Curve], x_title: str, y_title: str) -> str:
    """The plot; axes span the data, y in whole powers of ten, x at the first curve's doublings."""
    xs = sorted({x for curve in curves for x, _ in curve.points})
    ys = [y for curve in curves for _, y in curve.points]
    low, high = floor(log10(min(ys))), ceil(log10(max(ys)))

    def place(x: float, y: float) -> tuple[float, float]:
        across = log10(x / xs[0]) / log10(xs[-1] / xs[0])
        up = (log10(y) - low) / (high - low)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for power in range(low, high + 1):
        x, y = place(xs[0], 10.0**power)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for x_value in xs:
        x, y = place(x_value, 10.0**low)
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{x_value:g}</text>')
    for index, (curve, colour) in enumerate(zip(curves, COLOURS, strict=False)):
        parts += _line(curve, colour, [place(*point) for point in curve.points], 40 + 22 * index)
    middle, aside = (LEFT + WIDTH - RIGHT) / 2, f"translate(18 {HEIGHT / 2}) rotate(-90)"
    parts.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_title)}</text>')
    parts.append(f'<text transform="{aside}" text-anchor="middle">{escape(y_title)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _line(curve: Curve, colour: str, places: Sequence[tuple[float, float]], legend_y: float) -> list[str]:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dash = ' stroke-dasharray="6 4"' if curve.dashed else ""
    x = WIDTH - RIGHT + 20
    stroke = f'stroke="{colour}" stroke-width="2" fill="none"{dash}'
    return [
        f'<path d="M{path}" {stroke}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places),
        f'<path d="M{x} {legend_y}h26" {stroke}/>',
        f'<text x="{x + 34}" y="{legend_y + 4}">{escape(curve.name)}</text>',
    ]
