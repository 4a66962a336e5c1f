"""Lock a part of one's stake for a hotkey, be kept from unstaking it, and point the lock elsewhere.

lock_stake.py URL WALLETS NETUID STAKER HOTKEY OTHER_HOTKEY RECEIVER AMOUNT_TAO
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run

PART_RAO = 3_141_592_653


async def lock_stake(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, staker, first, second, receiver, amount = session.arguments
    netuid, wallet, receiver = int(netuid), session.wallet(staker), session.wallet(receiver)
    coldkey, other = wallet.coldkeypub.ss58_address, receiver.coldkeypub.ss58_address
    hotkey, elsewhere = (session.wallet(name).hotkeypub.ss58_address for name in (first, second))
    part = client.balance(PART_RAO, netuid)

    async def done(intent: bt.Intent) -> dict[str, Any]:
        result = outcome(await client.execute(intent, wallet))
        available = await client.staking.stake_availability(coldkey, netuid)
        lock = await client.locks.coldkey_lock(coldkey, netuid)
        return {
            **result,
            "available_rao": {name: available[name].rao for name in ("total", "locked", "available")},
            "lock": lock and {**lock, "locked_alpha": lock["locked_alpha"].rao},
        }

    def transfer() -> bt.Intent:
        return bt.TransferStake(
            dest_coldkey_ss58=other,
            hotkey_ss58=hotkey,
            origin_netuid=netuid,
            dest_netuid=netuid,
            amount_alpha="all",
        )

    def lock(at: str) -> bt.Intent:
        return bt.LockStake(netuid=netuid, amount_alpha=part, hotkey_ss58=at)

    staked = await client.execute(bt.AddStake(hotkey_ss58=hotkey, netuid=netuid, amount_tao=amount), wallet)
    staked.raise_for_failure()
    perpetual = await done(bt.SetPerpetualLock(netuid=netuid, enabled=True))
    locked = await done(lock(hotkey))
    return {
        "hotkeys": [hotkey, elsewhere],
        "part_rao": PART_RAO,
        "perpetual": perpetual,
        "locked": locked,
        "elsewhere": await done(lock(elsewhere)),
        "all": await done(bt.RemoveStake(hotkey_ss58=hotkey, netuid=netuid, amount_alpha="all")),
        "given": await done(transfer()),
        "moved": await done(bt.MoveLock(netuid=netuid, destination_hotkey_ss58=elsewhere)),
        "of_hotkeys": [
            [record["coldkey"] for record in await client.locks.locks_for_hotkey(at, netuid)]
            for at in (hotkey, elsewhere)
        ],
        "rest": await done(
            bt.RemoveStake(
                hotkey_ss58=hotkey,
                netuid=netuid,
                amount_alpha=client.balance(locked["available_rao"]["available"], netuid),
                rate_tolerance=0.5,
            )
        ),
    }


run(lock_stake)
