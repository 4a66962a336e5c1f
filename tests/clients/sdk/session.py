"""What the SDK programs share: arguments in, a connection that ends, one JSON object out.

PROGRAM URL WALLETS ARGUMENT...
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import bittensor as bt
from bittensor.result import ExtrinsicResult

TIMEOUT_S = 80
MARGIN_BLOCKS = 20
"""How many blocks may pass while a program changes hyperparameters."""


@dataclass(frozen=True, slots=True)
class Session:
    """A connected client, the wallets directory, and the program's own arguments."""

    client: bt.Client
    wallets: str
    arguments: list[str]

    def wallet(self, name: str) -> bt.Wallet:
        return bt.Wallet(name, "default", self.wallets)

    async def unfreeze(self, netuid: int) -> None:
        """Wait out the last blocks before an epoch, in which the subnet's hyperparameters are frozen."""
        window = await self.client.query(bt.storage.SubtensorModule.AdminFreezeWindow)
        if await self.client.epochs.blocks_until_next_epoch(netuid=netuid) <= window + MARGIN_BLOCKS:
            await self.client.wait_for_epoch(netuid, timeout=TIMEOUT_S)

    async def as_root(self, call: Any, sudo: bt.Wallet) -> ExtrinsicResult:
        """Have the sudo key dispatch `call` as root. Raises ChainError if either of the two fails."""
        inner = await self.client.compose(call)
        result = await self.client.submit_call(bt.calls.Sudo.sudo(call=inner), sudo)
        return result.raise_for_failure()

    async def all_as_root(self, sudo: bt.Wallet, *calls: Any) -> ExtrinsicResult:
        """As `as_root`, all calls in one extrinsic."""
        inner = [await self.client.compose(call) for call in calls]
        return await self.as_root(bt.calls.Utility.batch_all(calls=inner), sudo)

    async def free_rao(self, block: int, *coldkeys: str) -> list[int]:
        """The free TAO of accounts at the end of a block."""
        found = await self.client.balances.get_many(list(coldkeys), block=block)
        return [int(found[coldkey].rao) for coldkey in coldkeys]


def run(program: Callable[[Session], Awaitable[dict[str, Any]]]) -> None:
    """Connect, run `program`, disconnect, and write what it returns as one line of JSON."""
    url, wallets, *arguments = sys.argv[1:]

    async def connected() -> dict[str, Any]:
        async with bt.Client(url) as client:
            return await program(Session(client, wallets, arguments))

    result = asyncio.run(asyncio.wait_for(connected(), TIMEOUT_S))
    sys.stdout.write(json.dumps(result) + "\n")


def outcome(result: ExtrinsicResult) -> dict[str, Any]:
    """An extrinsic's result as JSON: amounts in rao, events as `Pallet.Event` with their attributes."""
    return {
        "success": result.success,
        "message": result.message,
        "error": result.error.name if result.error else None,
        "block": included_at(result),
        "fee_rao": result.fee.rao if result.fee is not None else None,
        "events": [(name(event), event["event"]["attributes"]) for event in result.events],
        "data": result.data,
    }


def included_at(result: ExtrinsicResult) -> int | None:
    """The number of the block that holds the extrinsic."""
    return int(result.extrinsic_id.split("-")[0]) if result.extrinsic_id else None


def name(event: dict[str, Any]) -> str:
    return f"{event['event']['module_id']}.{event['event']['event_id']}"
