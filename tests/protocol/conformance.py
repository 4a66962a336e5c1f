"""How what a node serves differs from what is published, and how much of it there is.

Each function yields a sentence for every difference. What is published and not served is no difference:
that is what the coverage counts. Entries of our own are free to exist where the real chain has none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bittensor_core import ss58_decode
from published import Published
from registry import FULL_PATHS, PARAMETERS, Registry, expect
from served import Served

OURS_TO_CHOOSE = frozenset({"Aura.SlotDuration", "Timestamp.MinimumPeriod", "System.Version"})
"""Constants that follow from the block time a node runs with, or from our own version."""

MODIFIERS = {"default": "Default", "option": "Optional"}

KINDS = ("calls", "storage", "events", "errors", "constants", "apis")

Entries = Mapping[str, Mapping[str, Any]]


def pallets(served: Served, published: Published) -> Iterator[str]:
    """Indices of pallets."""
    yield from indices({"": served.pallets}, {"": published.pallets}, "index")


def calls(served: Served, published: Published) -> Iterator[str]:
    """Index of each call, and names and types of its arguments."""
    yield from indices(served.calls, published.calls, "call_index")
    for where, ours, theirs in shared(served.calls, published.calls):
        yield from served.registry.compare_fields(theirs["args"], ours.get("fields") or [], where)


def events(served: Served, published: Published) -> Iterator[str]:
    """Index of each event, and names and types of its fields."""
    yield from indices(served.events, published.events, "index")
    for where, ours, theirs in shared(served.events, published.events):
        yield from served.registry.compare_fields(theirs["fields"], ours.get("fields") or [], where)


def errors(served: Served, published: Published) -> Iterator[str]:
    """Index of each error."""
    yield from indices(served.errors, published.errors, "index")


def storage(served: Served, published: Published) -> Iterator[str]:
    """Prefix, hashers, key types, value type, and what is read when nothing is stored."""
    for where, ours, theirs in shared(served.storage, published.storage):
        yield from expect(ours.prefix, published.pallets[ours.pallet]["storage_prefix"], f"{where}: prefix")
        hashers = [key["hasher"] for key in theirs["keys"]]
        yield from expect(list(ours.param_hashers), hashers, f"{where}: hashers")
        for at, (key, number) in enumerate(zip(theirs["keys"], ours.param_types, strict=False)):
            yield from served.registry.differences(key["type"], reference(number), f"{where}: key {at}")
        yield from served.registry.differences(theirs["value"], reference(ours.value_type), f"{where}: value")
        yield from expect(ours.modifier, MODIFIERS[theirs["query"]], f"{where}: modifier")
        if theirs["query"] == "default":
            defaults = {theirs["default_hex"], theirs.get("default_localnet_fast_hex")}
            yield from expect_one_of("0x" + bytes(ours.default_bytes).hex(), defaults, f"{where}: default")


def constants(served: Served, published: Published) -> Iterator[str]:
    """Type and value of each constant; the value may be that of a production or of a quick local build."""
    for where, ours, theirs in shared(served.constants, published.constants):
        yield from served.constant_registry.differences(theirs["type"], ours["type"], where)
        if where not in OURS_TO_CHOOSE:
            values = [theirs["value"], theirs.get("value_localnet_fast", theirs["value"])]
            value = account_bytes(ours["value"]) if theirs["type"] == "AccountId32" else ours["value"]
            yield from expect_one_of(value, values, f"{where}: value")


def apis(served: Served, published: Published) -> Iterator[str]:
    """Names and types of the inputs and the type of the output of each runtime API method."""
    for where, ours, theirs in shared(served.apis, published.apis):
        inputs = [{"name": name, "type": reference(number)} for name, number in ours["inputs"]]
        yield from served.registry.compare_fields(theirs["inputs"], inputs, where)
        yield from served.registry.differences(
            theirs["output"], reference(ours["output"]), f"{where}: output"
        )


def shared(served: Entries, published: Entries) -> Iterator[tuple[str, Any, Any]]:
    """`Pallet.entry`, ours and theirs, of everything that both have."""
    for pallet, entries in served.items():
        for name, ours in entries.items():
            theirs = published.get(pallet, {}).get(name)
            if theirs is not None:
                yield f"{pallet}.{name}", ours, theirs


def indices(served: Entries, published: Entries, key: str) -> Iterator[str]:
    """Indices of what both have; what only we have must not take an index of the real chain."""
    for pallet, entries in served.items():
        theirs = published.get(pallet, {})
        taken = {entry[key]: name for name, entry in theirs.items()}
        for name, ours in entries.items():
            if name in theirs:
                yield from expect(ours["index"], theirs[name][key], f"{pallet} {name}: index")
            elif ours["index"] in taken:
                yield f"{pallet} {name}: its index {ours['index']} is that of {taken[ours['index']]}"


def reference(text: str) -> int:
    """The number in `scale_info::17`."""
    return int(text.removeprefix("scale_info::"))


def account_bytes(address: str) -> str:
    """An ss58 address as the hex of its account."""
    return "0x" + ss58_decode(address).hex()


def expect_one_of(ours: Any, published: Any, where: str) -> Iterator[str]:
    if ours not in published:
        wanted = " or ".join(sorted({repr(value) for value in published if value is not None}))
        yield f"{where}: {ours!r}, published is {wanted}"


@dataclass(frozen=True)
class Coverage:
    """How many entries of a kind are served, published, and served though not published."""

    served: int
    published: int
    own: int

    def __str__(self) -> str:
        own = f" +{self.own}" if self.own else ""
        return f"{self.served}/{self.published}{own}" if self.published or self.own else "-"


def coverage(served: Entries, published: Entries, pallet: str) -> Coverage:
    ours, theirs = served.get(pallet, {}).keys(), published.get(pallet, {}).keys()
    return Coverage(len(ours & theirs), len(theirs), len(ours - theirs))


def coverage_table(served: Served, published: Published) -> str:
    """Served of published entries per kind and pallet (`+n`: of our own), pallets without any left out."""
    rows = [("", *KINDS)]
    pairs = [(getattr(served, kind), getattr(published, kind)) for kind in KINDS]
    names = [*published.pallets, *(name for name in served.pallets if name not in published.pallets)]
    totals = [Coverage(0, 0, 0) for _ in KINDS]
    for name in [*names, *published.apis, *(api for api in served.apis if api not in published.apis)]:
        cells = [coverage(ours, theirs, name) for ours, theirs in pairs]
        totals = [plus(total, cell) for total, cell in zip(totals, cells, strict=True)]
        if any(cell.served or cell.own for cell in cells):
            rows.append((name, *map(str, cells)))
    rows.append(("total", *map(str, totals)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        row[0].ljust(widths[0])
        + "".join(cell.rjust(width + 2) for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    )


def plus(left: Coverage, right: Coverage) -> Coverage:
    return Coverage(left.served + right.served, left.published + right.published, left.own + right.own)


def paths(registry: Registry) -> Iterator[str]:
    """Types which clients find by their whole path must be there under it."""
    for name, path in FULL_PATHS.items():
        yield from expect(named(registry, name).get("path"), path, name)


def parameters(registry: Registry) -> Iterator[str]:
    """Types whose parameters clients look up must have them, in order, and none may be left open."""
    for name, wanted in PARAMETERS.items():
        ours = named(registry, name).get("params") or []
        yield from expect([param["name"] for param in ours if param["type"] is not None], wanted, name)


def named(registry: Registry, name: str) -> Mapping[str, Any]:
    number = registry.by_name(name)
    return {} if number is None else registry.types[number]
