"""Setting up the subnets: ordinary signed extrinsics, through the official SDK.

Fund the coldkeys; then for each subnet: register it, set what a fast demonstration needs, start it, register
the neurons; when the miners have published themselves, stake on the validators. Each subnet's lock costs
twice the last one's, and only sudo can lift the pause of a day that lies between two subnets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import bittensor as bt
from bittensor.result import ExtrinsicResult

from ganglion.cli.up.cast import MARKET, OWNER, Cast, Role

RAO = 10**9


class SetupFailed(RuntimeError):
    """An extrinsic of the set-up was refused. Carries the step and the chain's words."""

    def __init__(self, step: str, message: str) -> None:
        super().__init__(f"{step}: {message}")
        self.step = step


@dataclass(frozen=True)
class Terms:
    """The subnets' terms. `tempo` in blocks, amounts in rao: each coldkey's `purse`, and the `stake` on each
    validator and, less, on the market in each subnet.
    """

    tempo: int = 8
    purse: int = 2_000 * RAO
    stake: int = 100 * RAO
    market_stake: int = 30 * RAO


@dataclass(frozen=True)
class Settlement:
    """A subnet that was set up, and the alpha-rao that each neuron's hotkey held before it earned any."""

    subnet: str
    netuid: int
    staked: dict[str, int]


class Settler:
    """Sets up subnets with the wallets of a cast. `rich` pays and holds the sudo key."""

    def __init__(
        self,
        client: bt.Client,
        rich: bt.Wallet,
        wallets: dict[str, bt.Wallet],
        cast: Cast,
        terms: Terms,
        *,
        say: Callable[[str], None],
    ) -> None:
        self._client = client
        self._rich = rich
        self._wallets = wallets
        self._cast = cast
        self._terms = terms
        self._say = say

    async def fund(self) -> None:
        """Give every coldkey what it needs, and let subnets be registered quickly. Raises: SetupFailed."""
        cost = await self._client.subnets.subnet_registration_cost()
        locks = cost.rao << len(self._cast.subnets)
        purses = dict.fromkeys(self._wallets, self._terms.purse) | {OWNER: locks + self._terms.purse}
        transfers = [
            bt.calls.Balances.transfer_keep_alive(
                dest=self._wallets[name].coldkeypub.ss58_address, value=purse
            )
            for name, purse in purses.items()
        ]
        haste = [
            bt.calls.AdminUtils.sudo_set_admin_freeze_window(window=0),
            bt.calls.AdminUtils.sudo_set_network_rate_limit(rate_limit=0),
        ]
        sudo = bt.calls.Sudo.sudo(call=await self._compose(await self._batch(haste)))
        await self._send("fund the coldkeys", await self._batch([*transfers, sudo]), self._rich)

    async def found(self, subnet: str) -> int:
        """Register a subnet; its netuid. Raises: SetupFailed."""
        step = f"register the subnet {subnet}"
        call = bt.calls.SubtensorModule.register_network(hotkey=self.hotkey_of(OWNER))
        result = await self._submit(step, call, OWNER)
        for event in result.events:
            if event["event"]["event_id"] == "NetworkAdded":
                return int(_first(event["event"]["attributes"]))
        raise SetupFailed(step, "the chain told of no new network")

    async def settle(self, subnet: str, netuid: int) -> None:
        """Set the terms, start the subnet, register its neurons and the market. Raises: SetupFailed."""
        names = self._members(subnet)
        inner = await self._compose(await self._batch(self._settings(subnet, netuid, len(names))))
        await self._send(f"set the terms of {subnet}", bt.calls.Sudo.sudo(call=inner), self._rich)
        await self._submit(f"start {subnet}", bt.calls.SubtensorModule.start_call(netuid=netuid), OWNER)
        await asyncio.gather(*(self._register(netuid, name) for name in names))

    async def stake(self, subnet: str, netuid: int) -> Settlement:
        """Stake on the validators, which earns them their permits, and on the market, which miners admit for
        it. Raises: SetupFailed.
        """
        stakes = {part.name: self._terms.stake for part in self._cast.of(subnet, Role.VALIDATOR)}
        if self._cast.has_market:
            stakes[MARKET] = self._terms.market_stake
        await asyncio.gather(*(self._stake(netuid, name, amount) for name, amount in stakes.items()))
        return Settlement(subnet, netuid, await self._holdings(netuid))

    def hotkey_of(self, name: str) -> str:
        """The hotkey of a wallet, as an ss58 address."""
        return str(self._wallets[name].hotkeypub.ss58_address)

    def _members(self, subnet: str) -> list[str]:
        names = [part.name for part in self._cast.of(subnet)]
        return [*names, MARKET] if self._cast.has_market else names

    def _settings(self, subnet: str, netuid: int, members: int) -> list[Any]:
        admin = bt.calls.AdminUtils
        return [
            admin.sudo_set_tempo(netuid=netuid, tempo=self._terms.tempo),
            admin.sudo_set_commit_reveal_weights_enabled(netuid=netuid, enabled=False),
            admin.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0),
            admin.sudo_set_serving_rate_limit(netuid=netuid, serving_rate_limit=0),
            admin.sudo_set_max_registrations_per_block(netuid=netuid, max_registrations_per_block=members),
            admin.sudo_set_target_registrations_per_interval(
                netuid=netuid, target_registrations_per_interval=members
            ),
            # Permits for the validators alone: miners answer to whoever has one, and who has one without
            # setting weights takes part in the consensus by saying nothing.
            admin.sudo_set_max_allowed_validators(
                netuid=netuid, max_allowed_validators=len(self._cast.of(subnet, Role.VALIDATOR))
            ),
            admin.sudo_set_subnet_emission_enabled(netuid=netuid, enabled=True),
        ]

    async def _register(self, netuid: int, name: str) -> None:
        hotkey = self.hotkey_of(name)
        call = bt.calls.SubtensorModule.burned_register(netuid=netuid, hotkey=hotkey)
        await self._submit(f"register {name} on {netuid}", call, name)

    async def _stake(self, netuid: int, name: str, amount: int) -> None:
        hotkey = self.hotkey_of(name)
        call = bt.calls.SubtensorModule.add_stake(hotkey=hotkey, netuid=netuid, amount_staked=amount)
        await self._submit(f"stake on {name} on {netuid}", call, name)

    async def _holdings(self, netuid: int) -> dict[str, int]:
        graph = await self._client.subnets.metagraph(netuid, commitments=False)
        return {neuron.hotkey: int(neuron.alpha_stake.rao) for neuron in graph.neurons} if graph else {}

    async def _batch(self, calls: Sequence[Any]) -> Any:
        return bt.calls.Utility.batch_all(calls=[await self._compose(call) for call in calls])

    async def _compose(self, call: Any) -> Any:
        return await self._client.compose(call)  # type: ignore[no-untyped-call]

    async def _submit(self, step: str, call: Any, name: str) -> ExtrinsicResult:
        return await self._send(step, call, self._wallets[name])

    async def _send(self, step: str, call: Any, wallet: bt.Wallet) -> ExtrinsicResult:
        try:
            result = await self._client.submit_call(call, wallet)
        except bt.BittensorError as error:
            raise SetupFailed(step, str(error)) from error
        if not result.success:
            raise SetupFailed(step, result.message)
        self._say(f"{step}: done")
        return result


def _first(attributes: Any) -> Any:
    return next(iter(attributes.values())) if isinstance(attributes, dict) else attributes[0]
