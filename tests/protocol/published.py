"""The published interface of the real chain: JSON files that stand beside a clone of this repository.

Their `README.md` says how they were obtained. A type is written as text there (`Option<Vec<NetUid>>`);
`types.json` lays out the named ones.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PRIMITIVES = frozenset(
    ["bool", "char", "str", *(f"{sign}{bits}" for sign in "ui" for bits in (8, 16, 32, 64, 128))]
)


@dataclass(frozen=True)
class Published:
    """The files of one directory, read when first asked for."""

    directory: Path

    def read(self, name: str) -> Any:
        return json.loads((self.directory / f"{name}.json").read_text())

    @cached_property
    def pallets(self) -> dict[str, dict[str, Any]]:
        return {pallet["name"]: pallet for pallet in self.read("pallets")}

    @cached_property
    def calls(self) -> dict[str, dict[str, Any]]:
        return self._by_name("calls")

    @cached_property
    def storage(self) -> dict[str, dict[str, Any]]:
        return self._by_name("storage")

    @cached_property
    def events(self) -> dict[str, dict[str, Any]]:
        return self._by_name("events")

    @cached_property
    def constants(self) -> dict[str, dict[str, Any]]:
        return self._by_name("constants")

    @cached_property
    def errors(self) -> dict[str, dict[str, Any]]:
        return {
            pallet: {name: {"index": index} for index, name in enumerate(names)}
            for pallet, names in self.read("errors").items()
        }

    @cached_property
    def apis(self) -> dict[str, dict[str, Any]]:
        return {
            api: {method["method"]: method for method in methods}
            for api, methods in self.read("runtime_apis").items()
        }

    @cached_property
    def types(self) -> dict[str, dict[str, Any]]:
        types: dict[str, dict[str, Any]] = self.read("types")["types"]
        return types

    @cached_property
    def extensions(self) -> list[str]:
        """Names of the transaction extensions, in order."""
        return [entry["identifier"] for entry in self.read("registry_461")["extrinsic"]["signed_extensions"]]

    @cached_property
    def vectors(self) -> dict[str, Any]:
        vectors: dict[str, Any] = self.read("vectors")
        return vectors

    def _by_name(self, file: str) -> dict[str, dict[str, Any]]:
        return {
            pallet: {entry["name"]: entry for entry in entries}
            for pallet, entries in self.read(file).items()
            if not pallet.startswith("_")
        }


@dataclass(frozen=True)
class TypeText:
    """A type as text, taken apart: `Option<Vec<u8>>` has the head `Option` and the argument `Vec<u8>`.

    Tuples have the head `()`, arrays `[]` and a length.
    """

    head: str
    arguments: tuple[str, ...] = ()
    length: int = 0


def parse(text: str) -> TypeText:
    if text.startswith("("):
        return TypeText("()", split(text[1:-1], ","))
    if text.startswith("["):
        item, length = split(text[1:-1], ";")
        return TypeText("[]", (item,), int(length))
    head, angle, rest = text.partition("<")
    return TypeText(head, split(rest[:-1], ",") if angle else ())


def split(text: str, separator: str) -> tuple[str, ...]:
    """Parts of `text` between separators that stand inside no bracket."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "<([") - (letter in ">)]")
        if letter == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return tuple(part.strip() for part in parts if part.strip())
