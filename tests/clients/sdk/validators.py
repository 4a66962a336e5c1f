"""Admit a validator and dismiss it again, by calls that the SDK knows from the chain's metadata only.

A stranger tries first. The validators that run get so much power that the new one is not missed.

validators.py URL WALLETS SUDO STRANGER
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run

KEY = "0x" + 32 * "5e"


async def validators(session: Session) -> dict[str, Any]:
    client = session.client
    sudo, stranger = map(session.wallet, session.arguments)
    account = stranger.coldkeypub.ss58_address

    def call(function: str, **params: Any) -> Any:
        return bt.calls.Call("ValidatorSet", function, params)

    async def voting() -> dict[str, Any]:
        pairs = await client.query_map(("ValidatorSet", "Validators"))
        return {str(who): validator for who, validator in pairs}

    before = await voting()
    admit = call("admit", account=account, key=KEY, power=1)
    refused = outcome(await client.submit_call(admit, stranger))
    for who in before:
        await session.as_root(call("set_power", account=who, power=10), sudo)
    admitted = outcome(await session.as_root(admit, sudo))
    after = await voting()
    dismissed = outcome(await session.as_root(call("dismiss", account=account), sudo))
    return {
        "account": account,
        "key": KEY,
        "before": before,
        "refused": refused,
        "admitted": admitted,
        "after": after,
        "dismissed": dismissed,
        "finally": await voting(),
    }


run(validators)
