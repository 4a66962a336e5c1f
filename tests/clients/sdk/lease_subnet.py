"""A crowdloan pays for a subnet, whose lease is the creator's; the contributor is paid until it ends.

Root lets subnets be registered without a pause and at a price that stays, and gives the leased one an epoch
every ten blocks.

lease_subnet.py URL WALLETS SUDO CREATOR CONTRIBUTOR
"""

from typing import Any

import bittensor as bt
from session import Session, outcome, run

Stored = bt.storage.SubtensorModule
admin = bt.calls.AdminUtils
NEVER = 2**63
TEMPO = 10
DEPOSIT_TAO, SURPLUS_RAO = 400, 7_000_000_001
SHARE_PERCENT = 40
LEASE_BLOCKS = 36


async def lease_subnet(session: Session) -> dict[str, Any]:
    client = session.client
    sudo, creator, contributor = (session.wallet(name) for name in session.arguments)
    coldkeys = [wallet.coldkeypub.ss58_address for wallet in (creator, contributor)]

    async def done(intent: bt.Intent, wallet: bt.Wallet, **terms: Any) -> dict[str, Any]:
        result = outcome(await client.execute(intent, wallet, **terms))
        free = [await session.free_rao(result["block"] - before, *coldkeys) for before in (1, 0)]
        return {**result, "before_rao": free[0], "after_rao": free[1]}

    await session.all_as_root(
        sudo,
        admin.sudo_set_network_rate_limit(rate_limit=0),
        admin.sudo_set_lock_reduction_interval(interval=NEVER),
        admin.sudo_set_admin_freeze_window(window=0),
    )
    end = await client.block() + LEASE_BLOCKS
    terms = {"emissions_share": SHARE_PERCENT, "end_block": end}
    alone = await done(bt.RegisterLeasedNetwork(**terms), creator)
    price = await client.subnets.subnet_registration_cost()
    cap = bt.Balance.from_rao(price.rao + SURPLUS_RAO)
    intent = bt.CreateCrowdloan(
        deposit_tao=DEPOSIT_TAO,
        min_contribution_tao=1,
        cap_tao=cap,
        end=end,
        call={"op": "register_leased_network", **terms},
    )
    opened = await done(intent, creator)
    loan_id = (await client.leasing.crowdloans())[-1]["id"]
    unready = await done(bt.FinalizeCrowdloan(crowdloan_id=loan_id), creator)
    given = await done(bt.ContributeCrowdloan(crowdloan_id=loan_id, amount_tao=100_000), contributor)
    raised = await client.leasing.crowdloan(loan_id)
    finalized = await done(bt.FinalizeCrowdloan(crowdloan_id=loan_id), creator)
    (lease,) = await client.leasing.leases()
    lease_id, netuid, owner = lease["lease_id"], lease["netuid"], lease["coldkey"]

    await session.as_root(admin.sudo_set_tempo(netuid=netuid, tempo=TEMPO), sudo)
    started = await done(bt.StartCall(netuid=netuid), creator, proxy_for=owner)
    await client.wait_for_epoch(netuid, timeout=30)
    epoch = await client.wait_for_epoch(netuid, timeout=30)

    dividends = {
        event["attributes"]["contributor"]: event["attributes"]["alpha"]
        for event in await client.query(bt.storage.System.Events, block=epoch.block)
        if event["event_id"] == "SubnetLeaseDividendsDistributed"
    }
    share = await client.query(Stored.SubnetLeaseShares, [lease_id, coldkeys[1]])
    _, proxy_deposit = await client.query(bt.storage.Proxy.Proxies, [owner])
    early = await done(bt.TerminateLease(lease_id=lease_id), creator)
    await client.wait_for_block(end, timeout=30)
    stranger = await done(bt.TerminateLease(lease_id=lease_id), contributor)
    ended = await done(bt.TerminateLease(lease_id=lease_id), creator)
    return {
        "coldkeys": coldkeys,
        "hotkey": creator.hotkeypub.ss58_address,
        "alone": alone,
        "price_rao": price.rao,
        "cap_rao": cap.rao,
        "opened": opened,
        "unready": unready,
        "given": given,
        "raised_rao": raised["raised"].rao,
        "finalized": finalized,
        "lease": {**lease, "cost": lease["cost"].rao},
        "share": share["bits"],
        "started": started,
        "proxy_deposit_rao": proxy_deposit,
        "tempo": TEMPO,
        "pending_rao": await client.query(Stored.PendingOwnerCut, [netuid], block=epoch.block - 1),
        "dividends_rao": dividends,
        "early": early,
        "stranger": stranger,
        "ended": ended,
        "left": await client.leasing.leases(),
        "owners": [
            await client.query(item, [netuid]) for item in (Stored.SubnetOwner, Stored.SubnetOwnerHotkey)
        ],
    }


run(lease_subnet)
