"""Set weights in the clear as the subnet's owner, who first switches commit-reveal off.

Root lifts the rate limit.

set_weights.py URL WALLETS NETUID OWNER UID SUDO
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def set_weights(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, owner, uid, sudo = session.arguments
    wallet, netuid, uid = session.wallet(owner), int(netuid), int(uid)
    own_uid = await client.neurons.uid(wallet.hotkeypub.ss58_address, netuid)
    await session.unfreeze(netuid)
    switched = await client.submit_call(
        bt.calls.AdminUtils.sudo_set_commit_reveal_weights_enabled(netuid=netuid, enabled=False), wallet
    )
    switched.raise_for_failure()
    unlimited = bt.calls.AdminUtils.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0)
    await session.as_root(unlimited, session.wallet(sudo))

    before = await client.subnets.metagraph(netuid)
    result = await client.execute(bt.SetWeights(netuid=netuid, weights={uid: 1.0}), wallet)
    after = await client.subnets.metagraph(netuid)
    return {
        "own_uid": own_uid,
        "result": outcome(result),
        "weights": await client.weights.weights(netuid=netuid),
        "last_update_before": before.neurons[own_uid].last_update,
        "last_update_after": after.neurons[own_uid].last_update,
    }


run(set_weights)
