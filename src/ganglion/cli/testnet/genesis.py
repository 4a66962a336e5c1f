"""Keys and genesis of a new testnet, written to its directory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from ganglion.cli.testnet.layout import Layout, NodePlan
from ganglion.crypto.keys import Keypair
from ganglion.node.chain_spec import ChainSpec
from ganglion.node.engines.comet.home import CometGenesis, CometSettings, write_home
from ganglion.node.engines.comet.keys import SEED_SIZE, CometKey

ACCOUNT = "account.json"
"""File in a node's directory with the key of the account that earns its blocks' fees."""


def write_testnet(layout: Layout, chain: ChainSpec, random_bytes: Callable[[int], bytes], now_s: int) -> str:
    """Write everything that `layout` names; the chain's id.

    The specification is that of `chain` with new validators, at the layout's block time.
    Raises: InvalidChainSpec, OSError.
    """
    voting = [CometKey(random_bytes(SEED_SIZE)) for _ in layout.nodes]
    naming = [CometKey(random_bytes(SEED_SIZE)) for _ in layout.nodes]
    accounts = [f"0x{random_bytes(SEED_SIZE).hex()}" for _ in layout.nodes]
    spec = _with_validators(chain.at_block_time(layout.block_time_s), accounts, voting)
    beginning = spec.beginning(spec.build_genesis(spec.runtime()))
    genesis = CometGenesis(f"ganglion-{beginning.hash.hex()[:12]}", now_s, beginning)
    layout.directory.mkdir(parents=True, exist_ok=True)
    layout.spec.write_text(json.dumps(spec.to_json(), indent=2) + "\n")
    layout.shield_secret.touch(mode=0o600)
    layout.shield_secret.write_text(random_bytes(SEED_SIZE).hex() + "\n")
    peers = tuple(_peer(node, key) for node, key in zip(layout.nodes, naming, strict=True))
    for at, node in enumerate(layout.nodes):
        home = layout.data(node) / "comet"
        others = peers[:at] + peers[at + 1 :]
        write_home(home, _settings(layout, node, others), genesis, voting[at], naming[at])
        account = layout.data(node) / ACCOUNT
        account.touch(mode=0o600)
        account.write_text(
            json.dumps({"secret": accounts[at], "address": Keypair(accounts[at]).address}) + "\n"
        )
    layout.write()
    return genesis.chain_id


def _with_validators(spec: ChainSpec, accounts: list[str], voting: list[CometKey]) -> ChainSpec:
    validators = [
        {"account": Keypair(secret).address, "key": f"0x{key.public_key.hex()}", "power": 1}
        for secret, key in zip(accounts, voting, strict=True)
    ]
    if spec.continues is not None:
        handed = spec.continues.handed_to(spec.runtime(), {"validators": validators})
        return replace(spec, continues=handed)
    return replace(spec, genesis={**spec.genesis, "ValidatorSet": {"validators": validators}})


def _settings(layout: Layout, node: NodePlan, peers: tuple[str, ...]) -> CometSettings:
    return CometSettings(
        moniker=node.name,
        block_time_s=layout.block_time_s,
        p2p=f"{node.host}:{node.p2p_port}",
        rpc=f"{node.host}:{node.comet_port}",
        peers=peers,
        external_address=f"{node.host}:{node.p2p_port}",
    )


def _peer(node: NodePlan, key: CometKey) -> str:
    return f"{key.node_id}@{node.host}:{node.p2p_port}"
