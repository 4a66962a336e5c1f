"""Setting up the subnet: ordinary signed extrinsics, through the official SDK.

Fund the coldkeys, register the subnet, set what a fast demonstration needs, start it, register the neurons;
when the miners have published themselves, stake on the validators.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import bittensor as bt
from bittensor.result import ExtrinsicResult

from ganglion.cli.up.cast import OWNER, Cast

RAO = 10**9


class SetupFailed(RuntimeError):
    """An extrinsic of the set-up was refused. Carries the step and the chain's words."""

    def __init__(self, step: str, message: str) -> None:
        super().__init__(f"{step}: {message}")
        self.step = step


@dataclass(frozen=True)
class Terms:
    """The subnet's terms. `tempo` in blocks, amounts in rao."""

    tempo: int = 8
    purse: int = 2_000 * RAO
    stake: int = 100 * RAO


@dataclass(frozen=True)
class Settlement:
    """What was set up: the subnet, and the alpha-rao that each neuron's hotkey held before it earned any."""

    netuid: int
    staked: dict[str, int]


class Settler:
    """Sets up one subnet with the wallets of a cast. `rich` pays and holds the sudo key."""

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

    async def found(self) -> int:
        """Fund the coldkeys and register the subnet; its netuid. Raises: SetupFailed."""
        await self._fund()
        return await self._register_subnet()

    async def settle(self, netuid: int) -> None:
        """Set the terms, start the subnet, register the neurons. Raises: SetupFailed."""
        await self._set_terms(netuid)
        await self._submit("start the subnet", bt.calls.SubtensorModule.start_call(netuid=netuid), OWNER)
        await asyncio.gather(*(self._register(netuid, part.name) for part in self._cast.parts))

    async def stake(self, netuid: int) -> Settlement:
        """Stake on the validators, which earns them their permits. Raises: SetupFailed."""
        await asyncio.gather(*(self._stake(netuid, part.name) for part in self._cast.validators))
        return Settlement(netuid, await self._holdings(netuid))

    async def _fund(self) -> None:
        cost = await self._client.subnets.subnet_registration_cost()
        purses = dict.fromkeys(self._wallets, self._terms.purse) | {OWNER: 2 * cost.rao + self._terms.purse}
        transfers = [
            bt.calls.Balances.transfer_keep_alive(
                dest=self._wallets[name].coldkeypub.ss58_address, value=purse
            )
            for name, purse in purses.items()
        ]
        await self._submit_as_rich("fund the coldkeys", await self._batch(transfers))

    async def _register_subnet(self) -> int:
        hotkey = self._wallets[OWNER].hotkeypub.ss58_address
        call = bt.calls.SubtensorModule.register_network(hotkey=hotkey)
        result = await self._submit("register the subnet", call, OWNER)
        for event in result.events:
            if event["event"]["event_id"] == "NetworkAdded":
                return int(_first(event["event"]["attributes"]))
        raise SetupFailed("register the subnet", "the chain told of no new network")

    async def _set_terms(self, netuid: int) -> None:
        admin = bt.calls.AdminUtils
        settings = [
            admin.sudo_set_admin_freeze_window(window=0),
            admin.sudo_set_tempo(netuid=netuid, tempo=self._terms.tempo),
            admin.sudo_set_commit_reveal_weights_enabled(netuid=netuid, enabled=False),
            admin.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0),
            admin.sudo_set_serving_rate_limit(netuid=netuid, serving_rate_limit=0),
            admin.sudo_set_max_registrations_per_block(
                netuid=netuid, max_registrations_per_block=len(self._cast.parts)
            ),
            admin.sudo_set_target_registrations_per_interval(
                netuid=netuid, target_registrations_per_interval=len(self._cast.parts)
            ),
            # Few permits: miners answer to whoever has one.
            admin.sudo_set_max_allowed_validators(
                netuid=netuid, max_allowed_validators=len(tuple(self._cast.validators)) + 1
            ),
            admin.sudo_set_subnet_emission_enabled(netuid=netuid, enabled=True),
        ]
        inner = await self._compose(await self._batch(settings))
        await self._submit_as_rich("set the subnet's terms", bt.calls.Sudo.sudo(call=inner))

    async def _register(self, netuid: int, name: str) -> None:
        hotkey = self._wallets[name].hotkeypub.ss58_address
        call = bt.calls.SubtensorModule.burned_register(netuid=netuid, hotkey=hotkey)
        await self._submit(f"register {name}", call, name)

    async def _stake(self, netuid: int, name: str) -> None:
        hotkey = self._wallets[name].hotkeypub.ss58_address
        call = bt.calls.SubtensorModule.add_stake(
            hotkey=hotkey, netuid=netuid, amount_staked=self._terms.stake
        )
        await self._submit(f"stake on {name}", call, name)

    async def _holdings(self, netuid: int) -> dict[str, int]:
        graph = await self._client.subnets.metagraph(netuid, commitments=False)
        return {neuron.hotkey: int(neuron.alpha_stake.rao) for neuron in graph.neurons} if graph else {}

    async def _batch(self, calls: Sequence[Any]) -> Any:
        return bt.calls.Utility.batch_all(calls=[await self._compose(call) for call in calls])

    async def _compose(self, call: Any) -> Any:
        return await self._client.compose(call)  # type: ignore[no-untyped-call]

    async def _submit_as_rich(self, step: str, call: Any) -> ExtrinsicResult:
        return await self._send(step, call, self._rich)

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
