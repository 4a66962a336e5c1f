"""Lower and raise what a delegate keeps of its nominators' dividends.

takes.py URL WALLETS DELEGATE STRANGER SUDO
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def takes(session: Session) -> dict[str, Any]:
    client = session.client
    delegate, stranger, sudo = map(session.wallet, session.arguments)
    hotkey = delegate.hotkeypub.ss58_address

    async def to(take: float, wallet: bt.Wallet = delegate) -> dict[str, Any]:
        intent = bt.SetTake(take=take, hotkey_ss58=hotkey)
        result = outcome(await client.execute(intent, wallet))
        return {**result, "take": await client.delegation.delegate_take(hotkey)}

    before = await client.delegation.delegate_take(hotkey)
    lowered = await to(0.09)
    again = await to(0.12)
    unlimited = bt.calls.AdminUtils.sudo_set_tx_delegate_take_rate_limit(tx_rate_limit=0)
    await session.as_root(unlimited, sudo)
    return {
        "before": before,
        "lowered": lowered,
        "raised_too_soon": again,
        "raised": await to(0.12),
        "too_high": await to(0.5),
        "stranger": await to(0.01, stranger),
    }


run(takes)
