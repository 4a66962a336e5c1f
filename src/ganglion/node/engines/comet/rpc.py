"""What CometBFT knows of other nodes, from its own RPC."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import aiohttp

from ganglion.node.engines.engine import Peer, Surroundings

PATIENCE_S = 2.0
LOST = Surroundings((), is_syncing=True, is_voting=False)
"""Without CometBFT a node follows nothing."""


class CometRpc:
    """Asks the CometBFT of a home directory."""

    def __init__(self, home: Path) -> None:
        self._config = home / "config" / "config.toml"

    async def surroundings(self) -> Surroundings:
        """Peers, and whether this node is up to date and votes; `LOST` if CometBFT does not answer."""
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE_S)) as session:
                consensus = await self._ask(session, "dump_consensus_state")
                status = await self._ask(session, "status")
            return Surroundings(
                tuple(_peer(told) for told in consensus["peers"]),
                is_syncing=bool(status["sync_info"]["catching_up"]),
                is_voting=int(status["validator_info"]["voting_power"]) > 0,
            )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
            return LOST

    async def _ask(self, session: aiohttp.ClientSession, method: str) -> Any:
        config = tomllib.loads(self._config.read_text())
        address = config["rpc"]["laddr"].removeprefix("tcp://")
        async with session.get(f"http://{address}/{method}") as answer:
            return (await answer.json(content_type=None))["result"]


def _peer(told: Any) -> Peer:
    """CometBFT tells the height that a peer decides on now."""
    node_id = str(told["node_address"]).partition("@")[0]
    height = int(told["peer_state"]["round_state"]["height"])
    return Peer(node_id, max(0, height - 1))
