"""Fill a small subnet and register one neuron more: who goes, and what is left of it.

Root and the owner first let the subnet be small, its neurons lose their immunity and a uid cost its minimum.

prune.py URL WALLETS NETUID OWNER SUDO FIRST SECOND NEWCOMER
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run

Stored = bt.storage.SubtensorModule
ROOM = 3
PRICE_RAO = 100_000_000


async def prune(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, owner, sudo, *names = session.arguments
    netuid, first, second, newcomer = int(netuid), *(session.wallet(name) for name in names)
    hotkeys = [wallet.hotkeypub.ss58_address for wallet in (first, second, newcomer)]

    async def own(name: str, value: int) -> None:
        intent = bt.SetHyperparameter(netuid=netuid, name=name, value=value)
        (await client.execute(intent, session.wallet(owner))).raise_for_failure()

    async def register(wallet: bt.Wallet) -> dict[str, Any]:
        call = bt.calls.SubtensorModule.burned_register(netuid=netuid, hotkey=wallet.hotkeypub.ss58_address)
        result = outcome(await client.submit_call(call, wallet))
        block, coldkey = result["block"], wallet.coldkeypub.ss58_address
        (before,), (after,) = (
            await session.free_rao(block - 1, coldkey),
            await session.free_rao(block, coldkey),
        )
        price = await client.subnets.burn(netuid, block=block - 1)
        return {**result, "paid_rao": before - after, "quoted_rao": price.rao}

    async def seen() -> dict[str, Any]:
        graph = await client.subnets.metagraph(netuid)
        return {
            "neurons": {neuron.hotkey: [neuron.uid, neuron.axon] for neuron in graph.neurons},
            "uids": [await client.neurons.uid(hotkey, netuid) for hotkey in hotkeys],
            "memberships": [
                await client.query(Stored.IsNetworkMember, [hotkey, netuid]) for hotkey in hotkeys
            ],
            "axons": [bool(await client.query(Stored.Axons, [netuid, hotkey])) for hotkey in hotkeys],
            "registered_at": await client.query(Stored.BlockAtRegistration, [netuid, 1]),
        }

    await own("min_burn", PRICE_RAO)
    await own("immunity_period", 0)
    registered = [await register(first)]
    served = await client.execute(bt.ServeAxon(netuid=netuid, ip="192.0.2.9", port=8091), first)
    served.raise_for_failure()
    await session.all_as_root(
        session.wallet(sudo),
        bt.calls.AdminUtils.sudo_set_min_allowed_uids(netuid=netuid, min_allowed_uids=1),
        bt.calls.AdminUtils.sudo_set_min_non_immune_uids(netuid=netuid, min=0),
    )
    await own("max_allowed_uids", ROOM)
    registered.append(await register(second))
    again = await register(second)
    full = await seen()
    registered.append(await register(newcomer))
    return {
        "hotkeys": hotkeys,
        "price_rao": PRICE_RAO,
        "registered": registered,
        "again": again,
        "full": full,
        "pruned": await seen(),
    }


run(prune)
