"""An epoch of a live node as a case file.

An epoch reads the state that its block's parent left, as changed by what the block does before: the reward
goes to the subnets, commits are revealed, other epochs pay out. So that block is opened here, on the
parent's state, by our own runtime, up to the moment of the wanted epoch.
"""

from __future__ import annotations

from typing import Any

from ganglion.cli.live_state import LiveState
from ganglion.cli.node_client import NodeClient
from ganglion.frame.block import Digest
from ganglion.frame.world import World
from ganglion.pallets.subtensor.coinbase import Coinbase
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.system import System
from ganglion.runtime import runtime
from ganglion.state.overlay import Overlay
from ganglion.yuma.case_writer import case_of


class NoSuchEpoch(Exception):
    """The chain ran no such epoch. Carries `netuid` and the number of the `block` that was looked at."""

    def __init__(self, netuid: int, block: int | None, reason: str) -> None:
        super().__init__(f"subnet {netuid}, block {'head' if block is None else block}: {reason}")
        self.netuid = netuid
        self.block = block


def export_epoch(url: str, netuid: int, block: int | None) -> dict[str, Any]:
    """The newest epoch of a subnet at or before a block (None: the head), as a case.

    Raises: NodeClientError, NoSuchEpoch, ScaleError if the node's state has another layout.
    """
    with NodeClient(url) as node:
        number = _last_epoch(node, netuid, block)
        world = _open_block(node, number)
        for due, pots in world[Coinbase].open_epochs().items():
            if due == netuid:
                return _case(world[Epoch], netuid, number, pots.budget)
            world[Payout].run_epoch(due, pots)
    raise NoSuchEpoch(
        netuid, number, "the node ran an epoch here, but by the rules of this version none is due"
    )


def _last_epoch(node: NodeClient, netuid: int, block: int | None) -> int:
    block_hash = node.call("chain_getBlockHash", *([] if block is None else [block]))
    if block_hash is None:
        raise NoSuchEpoch(netuid, block, "there is no such block")
    number = _world(node, block_hash)[Epoch].last_mechanism_step_block[netuid]
    if number == 0:
        raise NoSuchEpoch(netuid, block, "no epoch was run until then")
    return number


def _open_block(node: NodeClient, number: int) -> World:
    """The world of a block just before its emission and epochs."""
    parent = node.call("chain_getBlockHash", number - 1)
    world = _world(node, parent)
    world[System].open_block(number, bytes.fromhex(parent.removeprefix("0x")), Digest(()))
    for section in world.sections:
        if isinstance(section, Coinbase):
            break
        section.on_initialize()
    return world


def _world(node: NodeClient, block_hash: str) -> World:
    return runtime().on(Overlay(LiveState(node, block_hash)))


def _case(epoch: Epoch, netuid: int, number: int, emission: int) -> dict[str, Any]:
    about = f"The epoch of subnet {netuid} in block {number}, as exported from a node."
    inputs, split = epoch.inputs(netuid), epoch.emission_split(netuid)
    return case_of(f"subnet_{netuid}_block_{number}", about, inputs, emission, split)
