"""A node of its own for the economy: subnets that trade, root dividends, short crowdloans.

Subnets 1 and 2 are Alice's and Bob's; no epoch falls into the tests. Subnet 3 is Charlie's and has an epoch
every ten blocks. Nothing is injected into their pools once root has switched that off, so that a quote holds
until somebody trades.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.node.chain_spec import ChainSpec, localnet

TAO = 10**9
NEVER = 50_000
CONSTANTS = {
    "Crowdloan.MinimumBlockDuration": 1,
    "SubtensorModule.LeaseDividendsDistributionInterval": 1,
}


def genesis_subnet(netuid: int, owner: str, tao: int, alpha: int, tempo: int = NEVER) -> dict[str, Any]:
    return {
        "netuid": netuid,
        "owner": Keypair(f"//{owner}").address,
        "hotkey": Keypair(f"//{owner}//default").address,
        "tao_in": tao * TAO,
        "alpha_in": alpha * TAO,
        "alpha_out": 1_000 * TAO,
        "tempo": tempo,
        "is_started": True,
    }


def economy_spec() -> ChainSpec:
    spec = localnet()
    subnets = [
        genesis_subnet(1, "Alice", 10_000, 20_000),
        genesis_subnet(2, "Bob", 30_000, 10_000),
        genesis_subnet(3, "Charlie", 5_000, 1_000, tempo=10),
    ]
    changed = {"SubtensorModule": {**spec.genesis["SubtensorModule"], "subnets": subnets}}
    return replace(spec, genesis={**spec.genesis, **changed}, constants=CONSTANTS)


@pytest.fixture(scope="session")
def economy(start_node: Any, sdk_on: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Runs a program of `sdk/` against the economy's node: `economy("takes.py", "alice")`."""
    path: Path = tmp_path_factory.mktemp("economy") / "chain.json"
    path.write_text(json.dumps(economy_spec().to_json()))
    return sdk_on(start_node(path))


@pytest.fixture(scope="session")
def still(economy: Any) -> dict[str, Any]:
    """What switching the emission into all pools off looked like."""
    switched: dict[str, Any] = economy("set_emission.py", "alice", "eve", "off", 1, 2, 3)
    return switched
