"""How the network stands: what the chain says of every neuron, and what validators measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import bittensor as bt

from ganglion.cli.up.cast import Cast, Role
from ganglion.cli.up.settlement import Settlement

PALLET = "SubtensorModule"


@dataclass(frozen=True)
class NeuronStanding:
    """One neuron. `quality` is measured accuracy in [0, 1], None before a measurement; `incentive` and
    `dividends` in [0, 1]; `earned_alpha_rao` is what the hotkey gained since it was set up, `earned_rao` its
    worth in TAO at the present price.
    """

    name: str
    netuid: int
    uid: int
    role: Role
    kind: str
    quality: float | None
    incentive: float
    dividends: float
    earned_alpha_rao: int
    earned_rao: int


@dataclass(frozen=True)
class Standing:
    """The network at one block. Amounts in rao; `neurons` in uid order."""

    block: int
    issuance: int
    block_reward: int
    neurons: tuple[NeuronStanding, ...]

    @property
    def is_miner_paid(self) -> bool:
        """Whether a miner has earned anything."""
        return any(neuron.earned_rao > 0 for neuron in self.neurons if neuron.role is Role.MINER)

    @property
    def ranking(self) -> tuple[NeuronStanding, ...]:
        """Neurons by what they earned, most first; validators after miners."""
        return tuple(sorted(self.neurons, key=lambda n: (n.role is not Role.MINER, -n.earned_rao, n.uid)))


@dataclass
class Observer:
    """Reads the chain through the SDK, and collects what validators report."""

    client: bt.Client
    cast: Cast
    hotkeys: dict[str, str]
    """hotkey -> name of the part"""
    settlement: Settlement
    _accuracy: dict[str, float] = field(default_factory=dict)

    def note(self, event: dict[str, Any]) -> None:
        """Take a validator's report of a round; other events are passed over."""
        if event.get("event") == "round":
            for miner in event["miners"]:
                self._accuracy[miner["hotkey"]] = float(miner["quality"])

    async def look(self) -> Standing:
        """The network at the newest block."""
        netuid = self.settlement.netuid
        snapshot = await self.client.subnets.metagraph(netuid, commitments=False)
        if snapshot is None:
            raise LookupError(f"subnet {netuid} is gone")
        price = await self._price(netuid)
        issuance = await self.client.query((PALLET, "TotalIssuance"), [])
        reward = await self.client.query((PALLET, "BlockEmission"), [])
        parts = {part.name: part for part in self.cast.parts}
        neurons = []
        for neuron in snapshot.neurons:
            name = self.hotkeys.get(neuron.hotkey)
            if name is None or name not in parts:
                continue
            earned = max(0, int(neuron.alpha_stake.rao) - self.settlement.staked.get(neuron.hotkey, 0))
            neurons.append(
                NeuronStanding(
                    name=name,
                    netuid=netuid,
                    uid=neuron.uid,
                    role=parts[name].role,
                    kind=parts[name].kind,
                    quality=self._accuracy.get(neuron.hotkey),
                    incentive=neuron.incentive,
                    dividends=neuron.dividends,
                    earned_alpha_rao=earned,
                    earned_rao=int(earned * price),
                )
            )
        return Standing(snapshot.block, int(issuance), int(reward), tuple(neurons))

    async def _price(self, netuid: int) -> float:
        """TAO for one alpha."""
        prices = await self.client.prices.alpha_prices()
        return prices.get(netuid, 0.0)
