"""A decoded type registry, and its comparison with published types.

Types are compared by what is on the wire (order, widths, variant indices, compactness) and by their names.
An enum over all pallets (the runtime's calls, events, origins) may have fewer variants than the real chain's,
a pallet's own enum of calls or events likewise: what is absent is not covered yet, what is there must agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from published import PRIMITIVES, Published, parse

WRAPPED_SEQUENCES = {"BoundedVec": 1, "WeakBoundedVec": 1, "BTreeSet": 1, "BTreeMap": 2}
"""Types that are a composite around a sequence, and how many types they are made of."""

GROWING = (
    "RuntimeCall",
    "RuntimeEvent",
    "RuntimeError",
    "OriginCaller",
    "RuntimeHoldReason",
    "RuntimeFreezeReason",
)
"""Enums with a variant for each pallet that has something to say."""

FULL_PATHS = {
    "AccountId32": ["sp_core", "crypto", "AccountId32"],
    "MultiAddress": ["sp_runtime", "multiaddress", "MultiAddress"],
    "Era": ["sp_runtime", "generic", "era", "Era"],
    "EventRecord": ["frame_system", "EventRecord"],
    "H256": ["primitive_types", "H256"],
}
"""Paths which clients look for word by word."""

PARAMETERS = {
    "MultiAddress": ["AccountId", "AccountIndex"],
    "EventRecord": ["E", "T"],
    "UncheckedExtrinsic": ["Address", "Call", "Signature", "Extra"],
}
"""Type parameters which clients take by their position."""


@dataclass
class Registry:
    """Types by number, in the shape `{"path": [...], "def": {...}}` that the decoders give."""

    types: dict[int, dict[str, Any]]
    published: Published
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def by_name(self, name: str) -> int | None:
        """The number of the type whose path ends in `name`."""
        return next((number for number, kind in self.types.items() if last(kind) == name), None)

    def variants(self, number: int) -> list[dict[str, Any]]:
        variants: list[dict[str, Any]] = self.types[number]["def"]["variant"].get("variants") or []
        return variants

    def differences(self, text: str, number: int, where: str) -> Iterator[str]:
        """Sentences that say how type `number` differs from the published type `text`."""
        if (text, number) in self._seen:
            return
        self._seen.add((text, number))
        kind, shape = self.types[number], self.types[number]["def"]
        wanted = parse(text)
        entry = self.published.types.get(text)
        if entry is not None:
            yield from self._named(text, entry, kind, where)
        elif wanted.head in PRIMITIVES:
            yield from expect(shape.get("primitive"), wanted.head, where)
        elif wanted.head == "()":
            yield from self._all(wanted.arguments, shape.get("tuple"), where)
        elif wanted.head == "[]":
            yield from self._array(wanted.arguments[0], wanted.length, shape, where)
        elif wanted.head == "Vec":
            yield from self._one(wanted.arguments[0], shape.get("sequence"), f"{where}[]")
        elif wanted.head == "Compact":
            yield from self._one(wanted.arguments[0], shape.get("compact"), f"{where} compact")
        elif wanted.head in WRAPPED_SEQUENCES:
            yield from self._wrapped_sequence(wanted.head, wanted.arguments, kind, where)
        elif wanted.head in ("Option", "Result"):
            yield from self._choice(wanted.head, wanted.arguments, kind, where)
        elif wanted.head == "Cow":  # borrowed or owned is a matter of Rust: the wire knows only what it holds
            inner = shape["composite"]["fields"][0]["type"] if last(kind) == "Cow" else number
            yield from self.differences(wanted.arguments[0], inner, where)
        else:
            yield f"{where}: the published type {text} is not laid out"

    def _named(self, text: str, entry: dict[str, Any], kind: dict[str, Any], where: str) -> Iterator[str]:
        name = entry["path"].split("::")[-1]
        yield from expect(last(kind), name, f"{where}: name of the type")
        if name in FULL_PATHS:
            yield from expect(kind.get("path"), FULL_PATHS[name], f"{where}: path of the type")
        if entry["kind"] != "enum":
            yield from self._fields(self._contents(entry, kind), kind, f"{where}.{name}")
        elif "see" not in entry:
            yield from self._enum(entry["variants"], kind, f"{where}.{name}", name in GROWING)

    def _contents(self, entry: dict[str, Any], kind: dict[str, Any]) -> list[dict[str, Any]]:
        """The fields of `entry`, or of what it wraps if both have one name and ours has one layer less."""
        fields: list[dict[str, Any]] = entry.get("fields") or []
        wrapped = self.published.types.get(fields[0]["type"]) if len(fields) == 1 else None
        if wrapped is None or wrapped["path"].split("::")[-1] != last(kind):
            return fields
        ours = kind["def"]["composite"]["fields"][0]["type"]
        return fields if last(self.types[ours]) == last(kind) else wrapped["fields"]

    def _fields(self, wanted: list[dict[str, Any]], kind: dict[str, Any], where: str) -> Iterator[str]:
        composite = kind["def"].get("composite")
        if composite is None:
            yield f"{where}: is no struct but {next(iter(kind['def']))}"
            return
        yield from self.compare_fields(wanted, composite.get("fields") or [], where)

    def compare_fields(
        self, wanted: list[dict[str, Any]], ours: list[dict[str, Any]], where: str
    ) -> Iterator[str]:
        """Differences between published fields (or arguments) and decoded ones."""
        names = [entry.get("name") for entry in ours]
        yield from expect(names, [entry.get("name") for entry in wanted], f"{where}: names of fields")
        for expected, entry in zip(wanted, ours, strict=False):
            yield from self.differences(
                expected["type"], entry["type"], f"{where}.{expected.get('name', '')}"
            )

    def _enum(
        self, wanted: list[dict[str, Any]], kind: dict[str, Any], where: str, growing: bool
    ) -> Iterator[str]:
        if "variant" not in kind["def"]:
            yield f"{where}: is no enum but {next(iter(kind['def']))}"
            return
        ours = {variant["name"]: variant for variant in kind["def"]["variant"].get("variants") or []}
        for variant in wanted:
            mine = ours.pop(variant["name"], None)
            if mine is None:
                if not growing:
                    yield f"{where}: has no variant {variant['name']}"
                continue
            place = f"{where}.{variant['name']}"
            yield from expect(mine["index"], variant["index"], f"{place}: index")
            if not growing:
                yield from self.compare_fields(variant["fields"], mine.get("fields") or [], place)
        if ours and not growing:
            yield f"{where}: has variants that are not published: {', '.join(ours)}"

    def _array(self, item: str, length: int, shape: dict[str, Any], where: str) -> Iterator[str]:
        array = shape.get("array")
        if array is None:
            yield f"{where}: is no array but {next(iter(shape))}"
            return
        yield from expect(array["len"], length, f"{where}: length")
        yield from self.differences(item, array["type"], f"{where}[]")

    def _one(self, text: str, inner: dict[str, Any] | None, where: str) -> Iterator[str]:
        if inner is None:
            yield f"{where}: expected around {text}, something else is there"
        elif text != "()":
            yield from self.differences(text, inner["type"], where)

    def _all(self, texts: tuple[str, ...], numbers: list[int] | None, where: str) -> Iterator[str]:
        if numbers is None or len(numbers) != len(texts):
            yield f"{where}: is no tuple of {len(texts)}"
            return
        for at, (text, number) in enumerate(zip(texts, numbers, strict=True)):
            yield from self.differences(text, number, f"{where}.{at}")

    def _wrapped_sequence(
        self, head: str, arguments: tuple[str, ...], kind: dict[str, Any], where: str
    ) -> Iterator[str]:
        yield from expect(last(kind), head, f"{where}: name of the type")
        item = arguments[0] if WRAPPED_SEQUENCES[head] == 1 else f"({', '.join(arguments)})"
        yield from self._fields([{"type": f"Vec<{item}>"}], kind, where)

    def _choice(
        self, head: str, arguments: tuple[str, ...], kind: dict[str, Any], where: str
    ) -> Iterator[str]:
        yield from expect(kind.get("path"), [head], f"{where}: path of the type")
        names = ["None", "Some"] if head == "Option" else ["Ok", "Err"]
        contents = [None, *arguments] if head == "Option" else [*arguments]
        wanted = [
            {"name": name, "index": index, "fields": [{"type": content}] if content else []}
            for index, (name, content) in enumerate(zip(names, contents, strict=True))
        ]
        yield from self._enum(wanted, kind, where, growing=False)


def last(kind: dict[str, Any]) -> str | None:
    """The last segment of a type's path; None for types without a name."""
    path = kind.get("path") or []
    return path[-1] if path else None


def expect(ours: Any, published: Any, where: str) -> Iterator[str]:
    if ours != published:
        yield f"{where}: {ours!r}, published is {published!r}"
