"""Register a hotkey by burning TAO, publish its axon, and watch the metagraph change.

register_neuron.py URL WALLETS NETUID NAME IP PORT
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def register_neuron(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, name, ip, port = session.arguments
    wallet, netuid = session.wallet(name), int(netuid)
    hotkey = wallet.hotkeypub.ss58_address
    before = await client.subnets.metagraph(netuid)
    burn = await client.subnets.burn(netuid)

    registered = await client.execute(bt.BurnedRegister(netuid=netuid), wallet)
    registered.raise_for_failure()
    served = await client.execute(bt.ServeAxon(netuid=netuid, ip=ip, port=int(port)), wallet)

    after = await client.subnets.metagraph(netuid)
    return {
        "hotkey": hotkey,
        "coldkey": wallet.coldkeypub.ss58_address,
        "burn_rao": burn.rao,
        "registered": outcome(registered),
        "served": outcome(served),
        "uid": await client.neurons.uid(hotkey, netuid),
        "owner": await client.neurons.hotkey_owner(hotkey),
        "hotkeys_before": [neuron.hotkey for neuron in before.neurons],
        "neurons": [(neuron.uid, neuron.hotkey, neuron.coldkey, neuron.axon) for neuron in after.neurons],
        "lite": [(neuron.uid, neuron.hotkey) for neuron in await client.neurons.all(netuid)],
    }


run(register_neuron)
