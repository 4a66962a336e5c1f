"""Lend stake weight to a child, see whose weight it then is, and set what a child keeps.

Root lets changes of children take effect at the next epoch.

children.py URL WALLETS NETUID PARENT CHILD SUDO
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run

Stored = bt.storage.SubtensorModule
PART = 0.25
TAKE = 0.1


async def children(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, *names = session.arguments
    netuid, (parent, child, sudo) = int(netuid), map(session.wallet, names)
    lender, borrower = parent.hotkeypub.ss58_address, child.hotkeypub.ss58_address

    async def weight(hotkey: str, block: int) -> int:
        graph = await client.subnets.metagraph(netuid, block=block)
        return next((neuron.total_stake.rao for neuron in graph.neurons if neuron.hotkey == hotkey), 0)

    def lend(*links: tuple[float, str]) -> bt.Intent:
        return bt.SetChildren(netuid=netuid, children=[list(link) for link in links])

    await session.as_root(bt.calls.SubtensorModule.set_pending_childkey_cooldown(cooldown=0), sudo)
    register = bt.calls.SubtensorModule.burned_register(netuid=netuid, hotkey=borrower)
    (await client.submit_call(register, child)).raise_for_failure()
    to_itself = outcome(await client.execute(lend((PART, lender)), parent))
    lent = outcome(await client.execute(lend((PART, borrower)), parent))
    waiting = await client.delegation.pending_children(lender, netuid)
    epoch = await client.wait_for_epoch(netuid, timeout=30)
    if not (linked := await client.delegation.children(lender, netuid)):
        epoch = await client.wait_for_epoch(netuid, timeout=30)
        linked = await client.delegation.children(lender, netuid)
    kept = outcome(await client.execute(bt.SetChildkeyTake(netuid=netuid, take=TAKE), child))
    greedy = outcome(await client.execute(bt.SetChildkeyTake(netuid=netuid, take=0.5), child))
    return {
        "parent": lender,
        "child": borrower,
        "part": PART,
        "to_itself": to_itself,
        "lent": lent,
        "waiting": waiting["children"],
        "children": linked,
        "parents": await client.delegation.parents(borrower, netuid),
        "weights_before_rao": [await weight(hotkey, epoch.block - 1) for hotkey in (lender, borrower)],
        "weights_after_rao": [await weight(hotkey, epoch.block) for hotkey in (lender, borrower)],
        "too_soon": outcome(await client.execute(lend(), parent)),
        "kept": kept,
        "take": await client.query(Stored.ChildkeyTake, [borrower, netuid]),
        "greedy": greedy,
    }


run(children)
