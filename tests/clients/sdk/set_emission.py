"""Switch the emission of TAO into subnets' pools on or off, as root.

set_emission.py URL WALLETS SUDO STRANGER on|off NETUID...
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def set_emission(session: Session) -> dict[str, Any]:
    client = session.client
    sudo, stranger, state, *netuids = session.arguments
    intent = bt.SetSubnetEmissionEnabled(netuids=[int(netuid) for netuid in netuids], enabled=state == "on")
    refused = outcome(await client.execute(intent, session.wallet(stranger)))
    switched = outcome(await client.execute(intent, session.wallet(sudo)))
    block = switched["block"]
    await client.wait_for_block(block + 2, timeout=20)

    async def reserves(block: int) -> list[tuple[int, int]]:
        items = (bt.storage.SubtensorModule.SubnetTAO, bt.storage.SubtensorModule.SubnetAlphaIn)
        return [tuple([await client.query(i, [n], block=block) for i in items]) for n in intent.netuids]

    return {
        "stranger": refused,
        "switched": switched,
        "enabled": [await client.read("subnet_emission_enabled", netuid=n) for n in intent.netuids],
        "reserves_rao": [await reserves(block), await reserves(block + 2)],
    }


run(set_emission)
