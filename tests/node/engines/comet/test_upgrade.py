"""A chain that one node made alone goes on with many validators, and nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ganglion.cli.main import app
from ganglion.crypto.keys import Keypair
from ganglion.node import chain_spec
from ganglion.node.chain import Chain
from ganglion.state.lmdb_store import LmdbStore
from replicas import Replicas, eventually, needs_cometbft

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("comet")]

ALICE, BOB = Keypair("//Alice"), Keypair("//Bob")
TAO = 10**9
BLOCK_TIME_S = 0.5


@pytest.fixture
def kept(tmp_path: Path, authority: Keypair) -> Any:
    """The head of a chain that a node made alone; its data are in `solo`."""
    spec = chain_spec.localnet().at_block_time(BLOCK_TIME_S)
    runtime = spec.runtime()
    genesis = spec.build_genesis(runtime)
    store = LmdbStore(tmp_path / "solo")
    chain = Chain.open(runtime, genesis, store)
    for number in range(1, 6):
        chain.produce((), 1_700_000_000_000 + number * 500, authority)
    head = chain.head
    chain.close()
    store.close()
    return head


def test_a_solo_chain_goes_on_under_two_validators(tmp_path: Path, kept: Any, signer: Any) -> None:
    needs_cometbft()
    command = ["chain-spec", "localnet", "--block-time", str(BLOCK_TIME_S), "--data", str(tmp_path / "solo")]
    printed = CliRunner().invoke(app, command)
    assert printed.exit_code == 0, printed.stderr
    spec = chain_spec.parse(json.loads(printed.stdout))
    network = Replicas(tmp_path / "testnet", 2, block_time_s=BLOCK_TIME_S, chain=spec)
    signs = type(signer)(spec.runtime(), spec.build_genesis(spec.runtime()).stored.hash)
    try:
        network.start()
        network.reaches(kept.number + 3)
        network.agree(kept.number + 3)
        url = network.node(0).url
        handover = network.call(url, "chain_getHeader", network.hash_at(0, kept.number + 1))
        assert handover["parentHash"] == f"0x{kept.hash.hex()}"
        raw = signs.transfer(ALICE, 0, BOB, TAO)
        assert network.call(url, "author_submitExtrinsic", f"0x{raw.hex()}") is not None
        eventually(
            "another node knows of the transfer",
            lambda: network.call(network.node(1).url, "system_accountNextIndex", ALICE.address) == 1,
        )
        network.kill(1)
        network.start(1)
        height = network.head(0) + 2
        network.reaches(height)
        network.agree(height)
    finally:
        network.close()
