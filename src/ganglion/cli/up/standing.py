"""How the network stands: what the chain says of every neuron, and what validators measured."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import bittensor as bt

from ganglion.cli.up.cast import Cast, Part, Role
from ganglion.cli.up.settlement import Settlement

PALLET = "SubtensorModule"


@dataclass(frozen=True)
class NeuronStanding:
    """One neuron. `quality` is the mean of what validators measured of its answers, in [0, 1], None before a
    measurement; `incentive` and `dividends` in [0, 1]; `earned_alpha_rao` is what the hotkey gained since it
    was set up, `earned_rao` its worth in TAO at the present price.
    """

    part: Part
    netuid: int
    uid: int
    quality: float | None
    incentive: float
    dividends: float
    earned_alpha_rao: int
    earned_rao: int


@dataclass(frozen=True)
class Standing:
    """The network at one block. Amounts in rao; `neurons` by netuid and uid."""

    block: int
    issuance: int
    block_reward: int
    neurons: tuple[NeuronStanding, ...]

    @property
    def paid(self) -> frozenset[str]:
        """The subnets of which a miner has earned anything."""
        return frozenset(
            neuron.part.subnet
            for neuron in self.neurons
            if neuron.earned_rao > 0 and neuron.part.role is Role.MINER
        )


@dataclass
class Observer:
    """Reads the chain through the SDK, and collects what validators report."""

    client: bt.Client
    cast: Cast
    hotkeys: dict[str, str]
    """hotkey -> name of the part"""
    settlements: list[Settlement] = field(default_factory=list)
    """Subnets which are at work."""
    _qualities: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, event: dict[str, Any]) -> None:
        """Take a validator's report of a round; other events are passed over."""
        if event.get("event") == "round":
            for miner in event["miners"]:
                if miner["outcome"] == "ok":
                    self._qualities[miner["hotkey"]].append(float(miner["quality"]))

    async def look(self) -> Standing:
        """The network at the newest block."""
        block = await self.client.block()
        prices = await self.client.prices.alpha_prices()
        issuance = await self.client.query((PALLET, "TotalIssuance"), [])
        reward = await self.client.query((PALLET, "BlockEmission"), [])
        neurons = [
            neuron
            for settlement in self.settlements
            for neuron in await self._neurons(settlement, prices.get(settlement.netuid, 0.0))
        ]
        return Standing(block, int(issuance), int(reward), tuple(neurons))

    async def _neurons(self, settlement: Settlement, price: float) -> list[NeuronStanding]:
        """Those of one subnet, where one alpha is worth `price` TAO."""
        snapshot = await self.client.subnets.metagraph(settlement.netuid, commitments=False)
        if snapshot is None:
            raise LookupError(f"subnet {settlement.netuid} is gone")
        parts = {part.name: part for part in self.cast.parts}
        neurons = []
        for neuron in snapshot.neurons:
            part = parts.get(self.hotkeys.get(neuron.hotkey, ""))
            if part is None:
                continue
            earned = max(0, int(neuron.alpha_stake.rao) - settlement.staked.get(neuron.hotkey, 0))
            measured = self._qualities.get(neuron.hotkey)
            neurons.append(
                NeuronStanding(
                    part=part,
                    netuid=settlement.netuid,
                    uid=neuron.uid,
                    quality=statistics.fmean(measured) if measured else None,
                    incentive=neuron.incentive,
                    dividends=neuron.dividends,
                    earned_alpha_rao=earned,
                    earned_rao=int(earned * price),
                )
            )
        return neurons
