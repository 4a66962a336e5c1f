"""Let two quick epochs run on a subnet whose validator has set weights, and see who is paid.

earn.py URL WALLETS NETUID SUDO
"""

from typing import Any

import bittensor as bt
from session import Session, run

TEMPO = 10


async def earn(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, sudo = int(session.arguments[0]), session.wallet(session.arguments[1])
    await session.unfreeze(netuid)
    await session.as_root(bt.calls.AdminUtils.sudo_set_tempo(netuid=netuid, tempo=TEMPO), sudo)
    epochs = [await client.wait_for_epoch(netuid, timeout=30) for _ in range(2)]
    graph = await client.subnets.metagraph(netuid)
    return {
        "tempo": graph.tempo,
        "epochs": [epoch.block for epoch in epochs],
        "neurons": {
            neuron.uid: {
                "validator_permit": neuron.validator_permit,
                "incentive": neuron.incentive,
                "dividends": neuron.dividends,
                "emission_rao": neuron.emission.rao,
                "alpha_stake_rao": neuron.alpha_stake.rao,
            }
            for neuron in graph.neurons
        },
    }


run(earn)
