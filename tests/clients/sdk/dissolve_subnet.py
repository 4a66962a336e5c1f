"""Register a subnet for its quoted price, stake there, and see who is paid when root dissolves it.

Root keeps the price from sinking by the block, and lets subnets be registered without a pause at first.

dissolve_subnet.py URL WALLETS SUDO OWNER STAKER...
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run

Stored = bt.storage.SubtensorModule
DAY = 7_200
NEVER = 2**63
AMOUNTS_TAO = ("12.345678901", "4.567890123")


async def dissolve_subnet(session: Session) -> dict[str, Any]:
    client = session.client
    sudo, owner, *stakers = (session.wallet(name) for name in session.arguments)
    coldkeys = [wallet.coldkeypub.ss58_address for wallet in (owner, *stakers)]
    hotkey = owner.hotkeypub.ss58_address
    admin = bt.calls.AdminUtils

    await session.all_as_root(
        sudo,
        admin.sudo_set_network_rate_limit(rate_limit=0),
        admin.sudo_set_lock_reduction_interval(interval=NEVER),
    )
    registered = outcome(await client.execute(bt.RegisterSubnet(), owner))
    block, netuid = registered["block"], registered["data"]["netuid"]
    quoted = await client.subnets.subnet_registration_cost(block=block - 1)
    launch = {
        **registered,
        "netuid": netuid,
        "quoted_rao": quoted.rao,
        "before_rao": (await session.free_rao(block - 1, coldkeys[0]))[0],
        "after_rao": (await session.free_rao(block, coldkeys[0]))[0],
        "locked_rao": await client.query(Stored.SubnetLocked, [netuid], block=block),
        "next_quoted_rao": (await client.subnets.subnet_registration_cost(block=block)).rao,
    }
    await session.as_root(admin.sudo_set_network_rate_limit(rate_limit=DAY), sudo)
    again = outcome(await client.execute(bt.RegisterSubnet(), owner))

    (await client.execute(bt.StartCall(netuid=netuid), owner)).raise_for_failure()
    for wallet, amount in zip(stakers, AMOUNTS_TAO, strict=True):
        staked = await client.execute(
            bt.AddStake(hotkey_ss58=hotkey, netuid=netuid, amount_tao=amount), wallet
        )
        staked.raise_for_failure()
    stranger = outcome(
        await client.submit_call(bt.calls.SubtensorModule.root_dissolve_network(netuid), owner)
    )
    dissolved = outcome(await session.as_root(bt.calls.SubtensorModule.root_dissolve_network(netuid), sudo))
    block = dissolved["block"]

    async def of_subnet(item: Any, block: int) -> int:
        return int(await client.query(item, [netuid], block=block) or 0)

    return {
        "coldkeys": coldkeys,
        "launch": launch,
        "again": again,
        "stranger": stranger,
        "dissolved": {
            **dissolved,
            "pot_rao": await of_subnet(Stored.SubnetTAO, block - 1),
            "pool_rao": await of_subnet(Stored.SubnetAlphaIn, block - 1),
            "protocol_rao": await of_subnet(Stored.SubnetProtocolAlpha, block - 1),
            "staked_rao": [
                (await client.staking.get(coldkey, hotkey, netuid, block=block - 1)).rao
                for coldkey in coldkeys
            ],
            "before_rao": await session.free_rao(block - 1, *coldkeys),
            "after_rao": await session.free_rao(block, *coldkeys),
        },
        "left": {
            "netuids": [info.netuid for info in await client.subnets.all()],
            "positions": [
                [position.netuid for position in await client.staking.positions(coldkey)]
                for coldkey in coldkeys
            ],
            "uid": await client.neurons.uid(hotkey, netuid),
            "reserve_rao": await of_subnet(Stored.SubnetTAO, block),
        },
        "gone": outcome(await client.execute(bt.StartCall(netuid=netuid), owner)),
    }


run(dissolve_subnet)
