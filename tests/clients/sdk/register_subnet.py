"""Register a subnet and start it.

register_subnet.py URL WALLETS OWNER
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def register_subnet(session: Session) -> dict[str, Any]:
    client, wallet = session.client, session.wallet(session.arguments[0])
    before = await client.subnets.all()
    cost = await client.subnets.subnet_registration_cost()

    registered = await client.execute(bt.RegisterSubnet(), wallet)
    netuid = registered.raise_for_failure().data["netuid"]
    schedule = await client.subnets.subnet_start_schedule(netuid)
    if schedule["current_block"] < schedule["earliest_start_block"]:
        await client.wait_for_block(schedule["earliest_start_block"], timeout=60)
    started = await client.execute(bt.StartCall(netuid=netuid), wallet)

    after = await client.subnets.all()
    return {
        "netuid": netuid,
        "owner": wallet.coldkeypub.ss58_address,
        "owner_hotkey": wallet.hotkeypub.ss58_address,
        "stored_owner": await client.query(bt.storage.SubtensorModule.SubnetOwner, [netuid]),
        "uid_of_owner": await client.neurons.uid(wallet.hotkeypub.ss58_address, netuid),
        "registered": outcome(registered),
        "started": outcome(started),
        "cost_rao": cost.rao,
        "next_cost_rao": (await client.subnets.subnet_registration_cost()).rao,
        "netuids_before": [info.netuid for info in before],
        "netuids_after": [info.netuid for info in after],
    }


run(register_subnet)
