"""Transfer TAO, then try to transfer more than there is.

transfer.py URL WALLETS SENDER RECEIVER AMOUNT_TAO
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run


async def transfer(session: Session) -> dict[str, Any]:
    client, (sender, receiver, amount) = session.client, session.arguments
    wallet = session.wallet(sender)
    addresses = [wallet.coldkeypub.ss58_address, session.wallet(receiver).coldkeypub.ss58_address]
    intent = bt.Transfer(dest_ss58=addresses[1], amount_tao=amount)
    plan = await client.plan(intent, wallet)

    accepted = outcome(await client.execute(intent, wallet))
    too_much = bt.Transfer(dest_ss58=addresses[1], amount_tao="20000000")
    refused = outcome(await client.execute(too_much, wallet, wait_for_finalization=False))

    async def balances(block: int) -> list[int]:
        found = await client.balances.get_many(addresses, block=block)
        return [found[address].rao for address in addresses]

    return {
        "addresses": addresses,
        "quoted_fee_rao": plan.fee.rao,
        "accepted": accepted,
        "before_rao": await balances(accepted["block"] - 1),
        "after_rao": await balances(accepted["block"]),
        "refused": refused,
        "after_refusal_rao": await balances(refused["block"]),
    }


run(transfer)
