"""What the nodes of a running chain tell one that joins, through CometBFT's RPC."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from ganglion.node.engines.comet.home import StateSync
from ganglion.node.engines.comet.query import SNAPSHOTS

PATIENCE_S = 20.0


class PeerUnusable(Exception):
    """A peer does not answer, contradicts another, or is of another chain. Carries its `url`."""

    def __init__(self, url: str, why: object) -> None:
        super().__init__(f"{url}: {why}")
        self.url = url


@dataclass(frozen=True, slots=True)
class Found:
    """The chain as its peers have it. Without a snapshot there is no `state_sync`: blocks are fetched."""

    genesis: dict[str, Any]
    peers: tuple[str, ...]
    state_sync: StateSync | None


async def survey(urls: Sequence[str], beginning: bytes, trust: str | None) -> Found:
    """Ask the peers for the genesis, their addresses and a block to trust. Raises: PeerUnusable."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE_S)) as session:
        genesis = await _genesis(session, urls[0], beginning)
        peers = [await _address(session, url) for url in urls]
        height = await _snapshot(session, urls[0])
        if height is None:
            return Found(genesis, tuple(peers), None)
        trusted = _parsed(trust, urls[0]) if trust else await _agreed(session, urls, height)
    servers = urls if len(urls) > 1 else (urls[0], urls[0])  # CometBFT wants a witness beside the primary
    return Found(genesis, tuple(peers), StateSync(tuple(servers), *trusted))


async def _genesis(session: aiohttp.ClientSession, url: str, beginning: bytes) -> dict[str, Any]:
    genesis: dict[str, Any] = (await _ask(session, url, "genesis"))["genesis"]
    if genesis.get("app_state") != f"0x{beginning.hex()}":
        raise PeerUnusable(url, "it belongs to another chain than the specification")
    return genesis


async def _address(session: aiohttp.ClientSession, url: str) -> str:
    info = (await _ask(session, url, "status"))["node_info"]
    return f"{info['id']}@{info['listen_addr'].removeprefix('tcp://')}"


async def _snapshot(session: aiohttp.ClientSession, url: str) -> int | None:
    response = (await _ask(session, url, "abci_query", path=f'"{SNAPSHOTS}"'))["response"]
    newest = int(base64.b64decode(response.get("value") or "") or b"0")
    return newest or None


async def _agreed(session: aiohttp.ClientSession, urls: Sequence[str], height: int) -> tuple[int, str]:
    hashes = {url: await _hash(session, url, height) for url in urls}
    first = hashes[urls[0]]
    for url, found in hashes.items():
        if found != first:
            raise PeerUnusable(url, f"its block {height} is not that of {urls[0]}")
    return height, first


async def _hash(session: aiohttp.ClientSession, url: str, height: int) -> str:
    commit = await _ask(session, url, "commit", height=str(height))
    return str(commit["signed_header"]["commit"]["block_id"]["hash"])


async def _ask(session: aiohttp.ClientSession, url: str, method: str, **params: str) -> Any:
    try:
        async with session.get(f"{url.rstrip('/')}/{method}", params=params) as answer:
            content = await answer.json(content_type=None)
        return content["result"]
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
        raise PeerUnusable(url, f"{method}: {error or 'no answer'}") from error


def _parsed(trust: str, url: str) -> tuple[int, str]:
    height, _, block_hash = trust.partition(":")
    if not height.isdecimal() or not block_hash:
        raise PeerUnusable(url, f"--trust must be HEIGHT:HASH, found {trust!r}")
    return int(height), block_hash
