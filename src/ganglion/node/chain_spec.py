"""Chain specifications: what tells one chain from another, as a JSON file.

    {"name": ..., "id": ..., "chainType": "Local", "properties": {...}, "blockTimeMs": 12000,
     "constants": {"Balances.ExistentialDeposit": 500}, "genesis": {"Sudo": {"key": "5Grw..."}, ...}}

`genesis` has a value for each pallet that declares one, `constants` replaces constants of the runtime; both
are read against the declarations. Amounts are in rao. `continues` is there if the chain goes on from a block
that another data directory had: see `continuation`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ganglion.frame.block import Header
from ganglion.frame.genesis import InvalidGenesis
from ganglion.frame.json_values import InvalidValue, from_json
from ganglion.frame.pallet import constants
from ganglion.frame.runtime import Runtime
from ganglion.node.continuation import Continuation
from ganglion.node.errors import NodeError
from ganglion.node.genesis import Genesis, first_block
from ganglion.presets import localnet_genesis
from ganglion.runtime import PALLETS, build_runtime
from ganglion.scale import Codec, Codecs

CHAIN_TYPES = ("Development", "Local", "Live")
MOST_BLOCK_TIME_MS = 60_000
TOKEN_PROPERTIES = {"isEthereum": False, "ss58Format": 42, "tokenDecimals": 9, "tokenSymbol": "TAO"}
FIELDS = ("name", "id", "chainType", "properties", "blockTimeMs", "constants", "genesis", "continues")


class InvalidChainSpec(NodeError):
    """The file is no chain specification. Carries the `path` to what is wrong, inside the file."""

    def __init__(self, path: str, wrong: str) -> None:
        super().__init__(f"invalid chain spec: {path}: {wrong}")
        self.path = path
        self.wrong = wrong


@dataclass(frozen=True)
class ChainSpec:
    """See the module. `constants` and `genesis` are JSON, not yet read against a runtime."""

    name: str
    id: str
    chain_type: str
    block_time_ms: int
    genesis: Mapping[str, Any]
    constants: Mapping[str, Any]
    properties: Mapping[str, Any]
    continues: Continuation | None = None

    def to_json(self) -> dict[str, Any]:
        """The specification as the file has it."""
        continues = {} if self.continues is None else {"continues": self.continues.to_json()}
        return {
            "name": self.name,
            "id": self.id,
            "chainType": self.chain_type,
            "properties": dict(self.properties),
            "blockTimeMs": self.block_time_ms,
            "constants": dict(self.constants),
            "genesis": dict(self.genesis),
            **continues,
        }

    def at_block_time(self, block_time_s: float | None) -> ChainSpec:
        """The same chain with a block every `block_time_s` seconds; unchanged if that is None.

        Raises: InvalidChainSpec for a chain that goes on, whose genesis tells its block time.
        """
        block_time_ms = self.block_time_ms if block_time_s is None else round(block_time_s * 1000)
        if self.continues is not None and block_time_ms != self.block_time_ms:
            raise InvalidChainSpec("blockTimeMs", f"this chain goes on with {self.block_time_ms}")
        return replace(self, block_time_ms=block_time_ms)

    def runtime(self) -> Runtime:
        """The runtime with the constants of this chain. Raises: InvalidChainSpec."""
        known = _declared_constants()
        values = {}
        for name, value in self.all_constants.items():
            if name not in known:
                raise InvalidChainSpec(f"constants.{name}", "the runtime has no such constant")
            values[name] = _checked(known[name], value, f"constants.{name}")
        return build_runtime(values)

    @property
    def all_constants(self) -> dict[str, Any]:
        """The constants that this chain sets, those that follow from its block time among them."""
        timing = {
            "Aura.SlotDuration": self.block_time_ms,
            "Timestamp.MinimumPeriod": self.block_time_ms // 2,
        }
        return timing | dict(self.constants)

    def beginning(self, genesis: Genesis) -> Header:
        """The header behind which blocks are made: that of block 0, or of the block it goes on from."""
        return genesis.stored.header if self.continues is None else self.continues.header

    def build_genesis(self, built: Runtime) -> Genesis:
        """The first block on the runtime of this chain. Raises: InvalidChainSpec."""
        try:
            return first_block(built, self.genesis, self.all_constants)
        except InvalidGenesis as error:
            raise InvalidChainSpec(f"genesis.{error.path}", error.wrong) from error


def parse(data: Any) -> ChainSpec:
    """A specification from parsed JSON. Raises: InvalidChainSpec."""
    if not isinstance(data, dict):
        raise InvalidChainSpec("the file", "holds no JSON object")
    for name in data:
        if name not in FIELDS:
            raise InvalidChainSpec(name, f"there is no such field; fields are {', '.join(FIELDS)}")
    block_time = _field(data, "blockTimeMs", int, 12_000)
    if not 0 < block_time <= MOST_BLOCK_TIME_MS:
        raise InvalidChainSpec("blockTimeMs", f"must be from 1 to {MOST_BLOCK_TIME_MS}, found {block_time}")
    chain_type = _field(data, "chainType", str, "Live")
    if chain_type not in CHAIN_TYPES:
        raise InvalidChainSpec("chainType", f"must be one of {', '.join(CHAIN_TYPES)}, found {chain_type!r}")
    return ChainSpec(
        name=_field(data, "name", str),
        id=_field(data, "id", str),
        chain_type=chain_type,
        block_time_ms=block_time,
        genesis=_field(data, "genesis", dict),
        constants=_field(data, "constants", dict, {}),
        properties=_field(data, "properties", dict, TOKEN_PROPERTIES),
        continues=_continuation(_field(data, "continues", dict, {})),
    )


def load(chain: str) -> ChainSpec:
    """A preset by its name, or the specification in a file. Raises: InvalidChainSpec."""
    if chain in PRESETS:
        return PRESETS[chain]()
    try:
        text = Path(chain).read_text()
    except (OSError, UnicodeDecodeError) as error:
        presets = ", ".join(PRESETS)
        raise InvalidChainSpec(chain, f"neither a preset ({presets}) nor a readable file: {error}") from error
    try:
        return parse(json.loads(text))
    except json.JSONDecodeError as error:
        raise InvalidChainSpec(chain, f"not JSON: {error}") from error


def dev() -> ChainSpec:
    """A chain for trying things out: one authority, a block a second, funded development accounts."""
    return ChainSpec("Development", "dev", "Development", 1_000, localnet_genesis(), {}, TOKEN_PROPERTIES)


def localnet() -> ChainSpec:
    """As the localnet of the real chain: its accounts and balances, //Alice with the sudo key."""
    return ChainSpec("Bittensor", "bittensor", "Local", 12_000, localnet_genesis(), {}, TOKEN_PROPERTIES)


PRESETS: dict[str, Callable[[], ChainSpec]] = {"dev": dev, "localnet": localnet}


def _declared_constants() -> dict[str, Codec]:
    """`Pallet.Name` -> codec of all constants, read from the pallets: quicker than building a runtime."""
    codecs = Codecs()
    return {
        f"{pallet.name}.{name}": codec
        for pallet in PALLETS.values()
        for section in (pallet, *pallet.sections)
        for name, codec, _ in constants(section, codecs).values()
    }


def _field(data: dict[str, Any], name: str, kind: type, default: Any = None) -> Any:
    value = data.get(name, default)
    if value is None:
        raise InvalidChainSpec(name, "is missing")
    if type(value) is not kind:
        raise InvalidChainSpec(name, f"must be a {kind.__name__}, found {value!r}")
    return value


def _continuation(data: dict[str, Any]) -> Continuation | None:
    try:
        return Continuation.from_json(data) if data else None
    except ValueError as error:
        raise InvalidChainSpec("continues", str(error)) from error


def _checked(codec: Any, value: Any, path: str) -> Any:
    try:
        return from_json(codec, value, path)
    except InvalidValue as error:
        raise InvalidChainSpec(error.path, error.wrong) from error
