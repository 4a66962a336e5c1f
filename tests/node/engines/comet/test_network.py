"""Four validators as real processes: what kills one does not stop the others, and nobody ever disagrees."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from ganglion.crypto.keys import Keypair
from ganglion.frame.call import RuntimeCall
from ganglion.node import chain_spec
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.validator_set import ValidatorSet, consensus_address
from replicas import Replicas, eventually, needs_cometbft

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("comet")]

ALICE, BOB = Keypair("//Alice"), Keypair("//Bob")
TAO = 10**9


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    needs_cometbft()
    replicas = Replicas(tmp_path_factory.mktemp("testnet"), 4)
    replicas.start()
    replicas.reaches(2)
    yield replicas
    replicas.close()


@pytest.fixture(scope="module")
def signs(network: Replicas, signer: Any) -> Any:
    spec = chain_spec.load(str(network.layout.spec))
    runtime = spec.runtime()
    return type(signer)(runtime, spec.build_genesis(runtime).stored.hash)


def next_nonce(network: Replicas, number: int, who: Keypair) -> int:
    nonce: int = network.call(network.node(number).url, "system_accountNextIndex", who.address)
    return nonce


def submit(network: Replicas, number: int, raw: bytes) -> str:
    """Give a node a transaction; its hash."""
    found: str | None = network.call(network.node(number).url, "author_submitExtrinsic", f"0x{raw.hex()}")
    assert found is not None
    return found


def included(network: Replicas, number: int, who: Keypair, nonce: int) -> None:
    eventually(
        f"node {number} knows of transaction {nonce}",
        lambda: next_nonce(network, number, who) > nonce and not pending(network, number),
    )


def pending(network: Replicas, number: int) -> list[str]:
    found: list[str] = network.call(network.node(number).url, "author_pendingExtrinsics")
    return found


def test_a_write_to_any_node_is_on_all(network: Replicas, signs: Any) -> None:
    for number in range(4):
        nonce = next_nonce(network, number, ALICE)
        submit(network, number, signs.transfer(ALICE, nonce, BOB))
        for other in range(4):
            included(network, other, ALICE, nonce)
    network.agree(min(network.head(number) for number in range(4)))


def test_a_node_tells_of_its_peers(network: Replicas) -> None:
    url = network.node(1).url
    health = eventually("all are connected", lambda: with_three_peers(network.call(url, "system_health")))
    assert (health["isSyncing"], health["shouldHavePeers"]) == (False, True)
    assert network.call(url, "system_nodeRoles") == ["Authority"]
    peers = network.call(url, "system_peers")
    assert len({peer["peerId"] for peer in peers}) == 3
    assert all(peer["bestHash"] == network.hash_at(0, peer["bestNumber"]) for peer in peers)


def with_three_peers(health: Any) -> Any:
    return health if health["peers"] == 3 else None


def test_a_transaction_is_followed_from_a_node_to_its_block(network: Replicas, signs: Any) -> None:
    raw = signs.transfer(ALICE, next_nonce(network, 2, ALICE), BOB)
    heard = asyncio.run(what_becomes_of(raw, network.node(2).url))
    assert heard[0] == "ready"
    assert [next(iter(status)) for status in heard[1:]] == ["inBlock", "finalized"]
    assert heard[1]["inBlock"] == heard[2]["finalized"]


async def what_becomes_of(raw: bytes, url: str) -> list[Any]:
    """What a node tells of a transaction that it is given, until that is final."""
    heard: list[Any] = []
    params = [f"0x{raw.hex()}"]
    request = {"jsonrpc": "2.0", "id": 1, "method": "author_submitAndWatchExtrinsic", "params": params}
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_json(request)
        assert "result" in await socket.receive_json(timeout=20)
        while not heard or "finalized" not in heard[-1]:
            heard.append((await socket.receive_json(timeout=20))["params"]["result"])
    return heard


def test_a_killed_node_is_not_missed_and_catches_up(network: Replicas) -> None:
    network.kill(3)
    network.beyond(0, 1, 2)
    network.start(3)
    network.agree(network.beyond())


def test_a_killed_cometbft_is_started_again(network: Replicas) -> None:
    killed = network.comet_pid(2)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    eventually("another CometBFT runs", lambda: network.comet_pid(2) not in (None, killed))
    network.agree(network.beyond())


def test_two_of_four_decide_nothing_and_go_on_when_a_third_is_back(network: Replicas) -> None:
    network.kill(2)
    network.kill(3)
    at_most = max(network.head(0), network.head(1)) + 1
    network.start(2)
    network.reaches(at_most + 2, 0, 1, 2)
    network.start(3)
    network.agree(network.beyond())


def test_a_node_joins_by_state_sync_and_votes_when_root_admits_it(
    network: Replicas, signs: Any, tmp_path: Path
) -> None:
    network.reaches(11)
    layout, port = network.layout, network.spare_port
    joined = network.run(
        "joined", "ganglion", "node", "join", "--chain", str(layout.spec), "--data", str(tmp_path / "joined"),
        "--peer", f"http://127.0.0.1:{layout.nodes[0].comet_port}",
        "--peer", f"http://127.0.0.1:{layout.nodes[1].comet_port}",
        "--port", str(port), "--p2p-port", str(port + 1), "--comet-port", str(port + 2),
    )  # fmt: skip
    url = f"ws://127.0.0.1:{port}"
    eventually("the new node follows", lambda: _number(network, url) >= network.head(0) - 1 > 10)
    assert joined.poll() is None
    assert network.call(url, "system_nodeRoles") == ["Full"]
    nonce = next_nonce(network, 0, ALICE)
    assert network.call(url, "author_submitExtrinsic", f"0x{signs.transfer(ALICE, nonce, BOB).hex()}")
    included(network, 0, ALICE, nonce)
    said = next(line for line in network.log("joined").read_text().splitlines() if line.startswith("{"))
    key = bytes.fromhex(json.loads(said)["voting_key"][2:])
    account = Keypair("//Fifth").public_key
    admit = signs.runtime.call(ValidatorSet.admit, account, key, 1)
    by_root(network, signs, admit)
    address = consensus_address(key).hex()
    eventually("the new validator proposes", lambda: address in newest_digest(network))
    by_root(network, signs, signs.runtime.call(ValidatorSet.dismiss, account))
    network.agree(network.beyond())


def newest_digest(network: Replicas) -> str:
    """The digest of the newest block, in hex; a proposer's address stands in it."""
    header = network.call(network.node(0).url, "chain_getHeader")
    return "".join(header["digest"]["logs"])


def by_root(network: Replicas, signs: Any, call: RuntimeCall) -> None:
    nonce = next_nonce(network, 0, ALICE)
    submit(network, 0, signs.sign(ALICE, nonce, signs.runtime.call(Sudo.sudo, call)))
    included(network, 0, ALICE, nonce)


def _number(network: Replicas, url: str) -> int:
    header = network.call(url, "chain_getHeader")
    return -1 if header is None else int(header["number"], 16)
