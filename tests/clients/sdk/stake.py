"""Stake TAO on a hotkey, take half of it back, and watch the metagraph change.

stake.py URL WALLETS NETUID STAKER VALIDATOR AMOUNT_TAO
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def stake(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, staker, validator, amount = session.arguments
    wallet, netuid = session.wallet(staker), int(netuid)
    coldkey, hotkey = wallet.coldkeypub.ss58_address, session.wallet(validator).hotkeypub.ss58_address

    async def held() -> tuple[int, int]:
        position = await client.staking.get(coldkey, hotkey, netuid)
        graph = await client.subnets.metagraph(netuid)
        return position.rao, sum(n.alpha_stake.rao for n in graph.neurons if n.hotkey == hotkey)

    before = await held()
    added = await client.execute(bt.AddStake(hotkey_ss58=hotkey, netuid=netuid, amount_tao=amount), wallet)
    added.raise_for_failure()
    after_adding = await held()
    half = client.balance(after_adding[0] // 2, netuid)
    removed = await client.execute(
        bt.RemoveStake(hotkey_ss58=hotkey, netuid=netuid, amount_alpha=half), wallet
    )
    positions = await client.staking.positions(coldkey)
    return {
        "added": outcome(added),
        "removed": outcome(removed),
        "before_rao": before,
        "after_adding_rao": after_adding,
        "after_removing_rao": await held(),
        "positions": [(position.hotkey, position.netuid) for position in positions],
        "hotkey": hotkey,
    }


run(stake)
