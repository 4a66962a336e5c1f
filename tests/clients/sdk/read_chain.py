"""Read what every tool reads first: the block, the version, balances.

read_chain.py URL WALLETS
"""

from typing import Any

from session import Session, run


async def read_chain(session: Session) -> dict[str, Any]:
    client = session.client
    alice, bob = (session.wallet(name).coldkeypub.ss58_address for name in ("alice", "bob"))
    many = await client.balances.get_many([alice, bob])
    next_block = await client.wait_for_block(timeout=20)
    first = await client.block_info(1)
    return {
        "block": await client.block(),
        "next_block": next_block.number,
        "spec_version": await client.spec_version(),
        "block_time_s": await client.block_time(),
        "alice_rao": (await client.balances.get(alice)).rao,
        "both_rao": [many[alice].rao, many[bob].rao],
        "existential_deposit_rao": (await client.balances.existential_deposit()).rao,
        "first_block_calls": [
            (extrinsic["call"]["call_module"], extrinsic["call"]["call_function"])
            for extrinsic in first.extrinsics
        ],
        "symbols": client.token_symbols,
    }


run(read_chain)
