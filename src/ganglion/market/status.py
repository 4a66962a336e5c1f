"""The status page: what is for sale, at which price, and who makes it how well. One file, nothing loaded."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template

from ganglion.market.broker import Broker
from ganglion.market.offers import Offer
from ganglion.market.records import Record
from ganglion.market.stalls import Stalls
from ganglion.neuron.protocols import Neuron

RAO = 10**9
_PAGE = Template((files("ganglion.market") / "status.html").read_text())
_COLUMNS = (
    '<tr><th>rank</th><th>uid</th><th class="left">miner</th><th class="left">state</th>'
    '<th class="left">incentive</th>'
    "<th>latency</th><th>answered</th><th>failed</th></tr>"
)


def page(stalls: Stalls, *, now: float, uptime_s: float) -> str:
    """The page as it is at the monotonic time `now`."""
    brokers = stalls.brokers.values()
    return _PAGE.substitute(
        uptime=_duration(uptime_s),
        offers="\n".join(_section(broker, now) for broker in brokers),
        example=next((broker.offer.model for broker in brokers), "ganglion/text"),
    )


def _section(broker: Broker, now: float) -> str:
    metagraph, order = broker.roster.metagraph, broker.order()
    where = "waiting for the chain" if metagraph is None else f"block {metagraph.block:,}"
    head = (
        f'<div class="head"><h2>{escape(broker.offer.model)}</h2><span>{_price(broker.offer)}</span>'
        f'<span class="soft">netuid {broker.offer.netuid} &middot; {where}</span></div>'
    )
    if not order:
        return f'<section>{head}<p class="empty soft">Nobody serves this now.</p></section>'
    best = max(neuron.incentive for neuron in order) or 1.0
    rows = "".join(
        _row(rank, neuron, broker.records.of(neuron.hotkey), best, now)
        for rank, neuron in enumerate(order, 1)
    )
    return f'<section>{head}<div class="scroll"><table>{_COLUMNS}{rows}</table></div></section>'


def _row(rank: int, neuron: Neuron, record: Record, best: float, now: float) -> str:
    style, state = _state(record, now)
    hotkey = escape(neuron.hotkey)
    bar = f'<span class="bar"><i style="width:{100 * neuron.incentive / best:.0f}%"></i></span>'
    cells = (
        f"<td>{rank}</td>",
        f"<td>{neuron.uid}</td>",
        f'<td class="left"><code title="{hotkey}">{hotkey[:6]}&hellip;{hotkey[-4:]}</code></td>',
        f'<td class="left {style} dot">{state}</td>',
        f'<td class="left">{bar}{neuron.incentive:.3f}</td>',
        f"<td>{_latency(record)}</td>",
        f"<td>{record.answered:,}</td>",
        f"<td>{record.failed:,}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def _state(record: Record, now: float) -> tuple[str, str]:
    if record.rests_until > now:
        return "bad", f"rests, {record.last_fault}"
    if not record.answered:
        return "wait", "not asked yet"
    return "good", "serves"


def _latency(record: Record) -> str:
    return f"{_ms(record.whole.mean_s)} / {_ms(record.first.mean_s)}"


def _ms(seconds: float | None) -> str:
    return "&ndash;" if seconds is None else f"{seconds * 1000:,.0f} ms"


def _price(offer: Offer) -> str:
    sides = (
        (offer.price.input_rao, offer.ware.unit_in, "in"),
        (offer.price.output_rao, offer.ware.unit_out, "out"),
    )
    sold = [f"{_tao(rao)} TAO / 1000 {unit} {way}" for rao, unit, way in sides if rao]
    return " &middot; ".join(sold) or "free"


def _tao(rao: int) -> str:
    return f"{rao // RAO}.{rao % RAO:09d}".rstrip("0").rstrip(".")


def _duration(seconds: float) -> str:
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if minutes < 1:
        return f"{int(seconds)} seconds"
    return f"{minutes} minutes" if hours < 1 else f"{hours} hours {minutes % 60} minutes"
