"""A subnet on a chain that four validators keep: its neurons use different nodes, and one node is killed.

Each neuron names its own node first and one other. Everything is a real process.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import bittensor as bt
import pytest

from ganglion.cli.up.cast import OWNER, Cast, Part, Role, parts_of
from ganglion.cli.up.commands import neuron_command
from ganglion.cli.up.settlement import Settler, Terms
from ganglion.cli.up.wallets import make_wallets, rich_wallet
from ganglion.subnets.registry import subnet
from replicas import Replicas, eventually, needs_cometbft

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("comet")]

VISION = "vision"
CAST = Cast(tuple(parts_of(subnet(VISION), ("svm", "logistic"), 2, seed=5)))
VALIDATORS, MINERS = CAST.of(VISION, Role.VALIDATOR), CAST.of(VISION, Role.MINER)
KILLED = 3
STANDING = (0, 1, 2)
NODES = {VALIDATORS[0].name: 0, VALIDATORS[1].name: KILLED, MINERS[0].name: 2, MINERS[1].name: KILLED}
"""The node that each neuron names first."""


class VisionSubnet:
    """Two validators and two miners, each on its node; their events are in the testnet's logs."""

    def __init__(self, network: Replicas) -> None:
        self._network = network
        self._directory = network.layout.directory
        self.hotkeys: dict[str, str] = {}
        self.netuid = 0

    async def set_up(self) -> None:
        """Found the subnet and start its neurons. Over when the validators have their stake."""
        names = (OWNER, *CAST.names)
        wallets = make_wallets(self._directory / "wallets", names)
        self.hotkeys = {part.name: wallets[part.name].hotkeypub.ss58_address for part in CAST.parts}
        async with bt.Client(self._network.node(1).url) as client:
            rich = rich_wallet(self._directory / "wallets")
            settler = Settler(client, rich, wallets, CAST, Terms(), say=lambda _done: None)
            await settler.fund()
            self.netuid = await settler.found(VISION)
            for part in CAST.parts:
                self._start(part)
            await settler.settle(VISION, self.netuid)
            for miner in MINERS:
                await asyncio.to_thread(eventually, "miners serve", partial(self.told, miner, "serving"))
            await settler.stake(VISION, self.netuid)

    def told(self, part: Part, event: str) -> list[dict[str, Any]]:
        """What a neuron told of this kind so far."""
        lines = self._network.log(part.name).read_text().splitlines()
        events = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [told for told in events if told["event"] == event]

    def works_on(self) -> None:
        """Wait until every validator has set weights twice, as once may be on its way already, and every
        miner has earned more than now.
        """
        weights = {part: len(self.told(part, "weights")) for part in VALIDATORS}
        earned = self.earned()
        for part, before in weights.items():
            eventually(
                f"{part.name} sets weights",
                lambda at=part, n=before: len(self.told(at, "weights")) >= n + 2,
            )
        eventually(
            "every miner is paid",
            lambda: all(now > then for now, then in zip(self.earned(), earned, strict=True)),
        )

    def earned(self) -> list[int]:
        """The alpha-rao that each miner's hotkey holds."""
        return asyncio.run(self._holdings())

    async def _holdings(self) -> list[int]:
        async with bt.Client(self._network.node(1).url) as client:
            graph = await client.subnets.metagraph(self.netuid, commitments=False)
        held = {neuron.hotkey: int(neuron.alpha_stake.rao) for neuron in graph.neurons}
        return [held[self.hotkeys[part.name]] for part in MINERS]

    def _start(self, part: Part) -> None:
        own = NODES[part.name]
        urls = f"{self._network.node(own).url},{self._network.node((own + 2) % 4).url}"
        self._network.run(part.name, *neuron_command(self._directory, part, self.netuid, urls, 0.5))


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    needs_cometbft()
    replicas = Replicas(tmp_path_factory.mktemp("testnet"), 4)
    replicas.start()
    replicas.reaches(2)
    yield replicas
    replicas.close()


@pytest.fixture(scope="module")
def vision(network: Replicas) -> VisionSubnet:
    made = VisionSubnet(network)
    asyncio.run(made.set_up())
    return made


def test_miners_are_paid_by_validators_on_other_nodes(network: Replicas, vision: VisionSubnet) -> None:
    vision.works_on()
    network.agree(min(network.head(number) for number in (*STANDING, KILLED)))


def test_neurons_go_on_while_their_node_is_gone(network: Replicas, vision: VisionSubnet) -> None:
    network.kill(KILLED)
    assert network.head(KILLED) == -1
    vision.works_on()
    assert all(len(vision.told(part, "ready")) == 1 for part in CAST.parts)
    network.agree(network.beyond(*STANDING), *STANDING)


def test_the_killed_node_catches_up_and_serves_the_neurons_of_another_which_is_killed(
    network: Replicas, vision: VisionSubnet
) -> None:
    network.start(KILLED)
    network.agree(network.beyond())
    before = network.history(1)
    network.kill(0)
    vision.works_on()
    network.start(0)
    network.beyond()
    network.is_sound(before)
