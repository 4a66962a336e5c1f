"""Stake TAO on a hotkey and unstake a part again, with the quotes of the blocks before; be refused;
sell the rest, and buy once more by an encrypted transaction.

buy_and_sell.py URL WALLETS NETUID STAKER VALIDATOR AMOUNT_TAO PART_ALPHA
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def buy_and_sell(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, staker, validator, amount, part = session.arguments
    wallet, netuid = session.wallet(staker), int(netuid)
    coldkey, hotkey = wallet.coldkeypub.ss58_address, session.wallet(validator).hotkeypub.ss58_address

    async def held(block: int) -> list[int]:
        free = await client.balances.get(coldkey, block=block)
        staked = await client.staking.get(coldkey, hotkey, netuid, block=block)
        return [free.rao, staked.rao]

    async def done(intent: bt.Intent, *, encrypted: bool = False) -> dict[str, Any]:
        send = client.submit_shielded if encrypted else client.execute
        result = outcome(await send(intent, wallet))
        block = result["block"]
        return {**result, "before_rao": await held(block - 1), "after_rao": await held(block)}

    async def bought(tao: str, **terms: Any) -> dict[str, Any]:
        result = await done(buy(tao), **terms)
        quote = await client.prices.quote_stake(netuid, tao, block=result["block"] - 1)
        return {**result, "quote": quoted(quote)}

    async def sold(alpha: str) -> dict[str, Any]:
        result = await done(sell(alpha))
        quote = await client.prices.quote_unstake(netuid, alpha, block=result["block"] - 1)
        return {**result, "quote": quoted(quote)}

    def buy(tao: str, at: str = hotkey, **terms: Any) -> bt.Intent:
        return bt.AddStake(hotkey_ss58=at, netuid=netuid, amount_tao=tao, **terms)

    def sell(alpha: str, **terms: Any) -> bt.Intent:
        part = bt.Balance.from_alpha(alpha, netuid)
        return bt.RemoveStake(hotkey_ss58=hotkey, netuid=netuid, amount_alpha=part, **terms)

    first, second = await bought(amount), await sold(part)
    return {
        "hotkey": hotkey,
        "bought": first,
        "sold": second,
        "refused": {
            "dust": await done(buy("0.001")),
            "no such hotkey": await done(buy("1", at=coldkey)),
            "too dear": await done(buy("500", rate_tolerance=0.001)),
            "dust sold": await done(sell("0.000001")),
            "too cheap": await done(sell(part, rate_tolerance=0.0)),
        },
        "sold_all": await sold(f"{second['after_rao'][1]}e-9"),
        "bought_encrypted": await bought(amount, encrypted=True),
    }


def quoted(quote: Any) -> dict[str, int]:
    return {name: getattr(quote, name).rao for name in ("tao", "alpha", "tao_fee", "alpha_fee")}


run(buy_and_sell)
