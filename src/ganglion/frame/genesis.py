"""From a chain spec's JSON to a runtime's first state.

A pallet that needs a genesis declares a Struct; the spec gives its fields by name, in the form of
`json_values`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganglion.frame.json_values import InvalidValue, from_json
from ganglion.frame.runtime import Runtime
from ganglion.frame.world import World


class InvalidGenesis(ValueError):
    """The chain spec's genesis does not fit the runtime. `path` is the place: `Balances.endowments[3]`."""

    def __init__(self, path: str, wrong: str) -> None:
        super().__init__(f"{'.'.join(filter(None, ('genesis', path)))}: {wrong}")
        self.path = path
        self.wrong = wrong


def build_genesis(world: World, genesis: Mapping[str, Any]) -> None:
    """Write the first state: each pallet's genesis, by pallet name. Raises: InvalidGenesis."""
    configs = parse_genesis(world.runtime, genesis)
    for pallet in world.runtime.pallets:
        for cls in (pallet.pallet, *pallet.pallet.sections):
            world[cls].build_genesis(configs[pallet.name])
    world.events.clear()


def parse_genesis(runtime: Runtime, genesis: Mapping[str, Any]) -> dict[str, Any]:
    """Pallet name -> its genesis value (None if it has none). Raises: InvalidGenesis."""
    if not isinstance(genesis, Mapping):
        raise InvalidGenesis("", "must be an object")
    unknown = sorted(set(genesis) - {pallet.name for pallet in runtime.pallets})
    if unknown:
        raise InvalidGenesis(unknown[0], "there is no such pallet")
    return {
        pallet.name: _config(runtime, pallet.name, pallet.pallet.genesis, genesis.get(pallet.name))
        for pallet in runtime.pallets
    }


def _config(runtime: Runtime, name: str, declared: type[Any] | None, given: Any) -> Any:
    if declared is None:
        if given is not None:
            raise InvalidGenesis(name, "this pallet needs no genesis")
        return None
    try:
        return from_json(runtime.codecs.of(declared), {} if given is None else given, name)
    except InvalidValue as error:
        raise InvalidGenesis(error.path, error.wrong) from error
