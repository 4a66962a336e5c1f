"""Stake on the root network with a validator, wait for the dividends of root stake, and claim them.

Root first lets prices count at once, so that root stake earns, and keeps the chain from claiming by itself
by the highest threshold that there is. The threshold falls in the very block of the claim, which for that is
the sudo key's.

claim_root.py URL WALLETS NETUID VALIDATOR SUDO AMOUNT_TAO
"""

from typing import Any

import bittensor as bt
from quotes import sells_for
from session import Session, outcome, run

Stored = bt.storage.SubtensorModule
ONE = 1 << 32
MOST_THRESHOLD = 10_000_000


async def claim_root(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, validator, staker, amount = session.arguments
    netuid, validator, wallet = int(netuid), session.wallet(validator), session.wallet(staker)
    coldkey, hotkey = wallet.coldkeypub.ss58_address, validator.hotkeypub.ss58_address

    def threshold(rao: int) -> Any:
        return bt.calls.SubtensorModule.sudo_set_root_claim_threshold(netuid=netuid, new_value=rao)

    async def staked(block: int) -> int:
        return int((await client.staking.get(coldkey, hotkey, 0, block=block)).rao)

    async def owed(block: int) -> int:
        """The alpha-rao that the rate of all time comes to, less what was claimed or came before."""
        rates = dict(await client.query(Stored.RootClaimable, [hotkey], block=block) or [])
        claimed = await client.query(Stored.RootClaimed, [netuid, hotkey, coldkey], block=block)
        return (rates[netuid]["bits"] * await staked(block) >> 32) - int(claimed) if netuid in rates else 0

    await session.all_as_root(
        wallet,
        bt.calls.AdminUtils.sudo_set_subnet_moving_alpha(alpha={"bits": ONE}),
        bt.calls.AdminUtils.sudo_set_ema_price_halving_period(netuid=netuid, ema_halving=1),
        threshold(MOST_THRESHOLD),
    )
    registered = outcome(await client.execute(bt.RootRegister(), validator))
    again = outcome(await client.execute(bt.RootRegister(), validator))
    added = await client.execute(bt.AddStake(hotkey_ss58=hotkey, netuid=0, amount_tao=amount), wallet)
    added.raise_for_failure()
    while not await owed((await client.wait_for_epoch(netuid, timeout=30)).block):
        pass
    lowered = bt.calls.Sudo.sudo(call=await client.compose(threshold(0)))
    together = [lowered, bt.calls.SubtensorModule.claim_root(subnets=[0])]
    batch = bt.calls.Utility.batch_all(calls=[await client.compose(call) for call in together])
    claimed = outcome(await client.submit_call(batch, wallet))
    block = claimed["block"]
    waiting = await owed(block - 1)
    too_high = await client.submit_call(
        bt.calls.Sudo.sudo(call=await client.compose(threshold(MOST_THRESHOLD + 1))), wallet
    )
    return {
        "registered": registered,
        "root_hotkeys": [neuron.hotkey for neuron in await client.neurons.all(0)],
        "validator": hotkey,
        "again": again,
        "claimed": claimed,
        "owed_rao": [waiting, await owed(block)],
        "quote_rao": await sells_for(await client.at(block - 1), netuid, waiting),
        "staked_rao": [await staked(block - 1), await staked(block)],
        "nothing": [
            outcome(await client.execute(intent, wallet))
            for intent in (bt.ClaimRoot(), bt.ClaimRootWithHotkey(hotkey_ss58=hotkey))
        ],
        "too_high": outcome(too_high),
    }


run(claim_root)
