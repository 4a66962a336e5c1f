"""Commit weights that the SDK seals to the public beacon; find the commit waiting, and later gone.

On a chain with a beacon of its own nobody can open them: what is not open by the end of its epoch is lost.

commit_timelocked.py URL WALLETS NETUID VALIDATOR SUDO
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def commit_timelocked(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, validator, sudo = session.arguments
    wallet, netuid = session.wallet(validator), int(netuid)
    hotkey = wallet.hotkeypub.ss58_address
    own_uid = await client.neurons.uid(hotkey, netuid)
    unlimited = bt.calls.AdminUtils.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0)
    await session.as_root(unlimited, session.wallet(sudo))

    async def waiting() -> list[list[Any]]:
        commits = await client.weights.timelocked_weight_commits(netuid=netuid)
        return [
            [commit["hotkey"], commit["commit_block"], commit["reveal_round"]]
            for queue in commits.values()
            for commit in queue
        ]

    def commit(**terms: Any) -> bt.Intent:
        return bt.CommitWeights(netuid=netuid, weights={own_uid: 1.0}, **terms)

    epoch = await client.wait_for_epoch(netuid, timeout=30)
    committed, found = outcome(await client.execute(commit(), wallet)), await waiting()
    old_form = outcome(await client.execute(commit(commit_reveal_version=3), wallet))
    while await waiting():
        await client.wait_for_block()
    return {
        "hotkey": hotkey,
        "committed": committed,
        "waiting": found,
        "old_form": old_form,
        "last_epochs": [epoch.block, await client.query(bt.storage.SubtensorModule.LastEpochBlock, [netuid])],
        "weights": await client.weights.weights(netuid=netuid),
    }


run(commit_timelocked)
