"""Run every typed read that the SDK knows, each with an argument of the kind that it asks for.

read_everything.py URL WALLETS NETUID NAME
"""

import asyncio
from typing import Any

from session import Session, run

READ_TIMEOUT_S = 20


async def read_everything(session: Session) -> dict[str, Any]:
    netuid, wallet = int(session.arguments[0]), session.wallet(session.arguments[1])
    coldkey, hotkey = wallet.coldkeypub.ss58_address, wallet.hotkeypub.ss58_address
    arguments = {
        "netuid": netuid,
        "netuids": [netuid],
        "uid": 0,
        "mechid": 0,
        "lite": False,
        "block": 1,
        "coldkey_ss58": coldkey,
        "coldkey_ss58s": [coldkey],
        "hotkey_ss58": hotkey,
        "hotkey_ss58s": [hotkey],
        "account_ss58": coldkey,
        "amount_tao": 1.0,
        "amount_alpha": 1.0,
        "call_hash": "0x" + 32 * "5a",
        "crowdloan_id": 0,
        "lease_id": 0,
    }
    answered, failed = [], {}
    for read in session.client.reads():
        given = {name: arguments[name] for name in read["params"] if name in arguments}
        try:
            await asyncio.wait_for(session.client.read(read["name"], **given), READ_TIMEOUT_S)
        except Exception as error:  # noqa: BLE001  whatever goes wrong is what the test wants to see
            failed[read["name"]] = f"{type(error).__name__}: {error}"
        else:
            answered.append(read["name"])
    return {"answered": answered, "failed": failed}


run(read_everything)
