"""Read storage items, whole maps, constants, a runtime API and blocks.

read_chain.py URL ADDRESS
"""

from typing import Any

from async_substrate_interface.async_substrate import AsyncSubstrateInterface
from session import run


def plain(value: Any) -> Any:
    return getattr(value, "value", value)


async def read_chain(substrate: AsyncSubstrateInterface, address: str) -> dict[str, Any]:
    account = await substrate.query("System", "Account", [address])
    accounts = await substrate.query_map("System", "Account", page_size=2)
    networks = await substrate.query_map("SubtensorModule", "NetworksAdded", fully_exhaust=True)
    price = await substrate.runtime_call("SwapRuntimeApi", "current_alpha_price", [0])
    prefix = await substrate.get_constant("System", "SS58Prefix")
    first = await substrate.get_block(block_number=1)
    return {
        "chain": (await substrate.rpc_request("system_chain", []))["result"],
        "token": await substrate.token_symbol,
        "free_rao": plain(account)["data"]["free"],
        "accounts": [plain(key) async for key, _ in accounts],
        "networks": {plain(key): plain(value) async for key, value in networks},
        "price_of_root": plain(price),
        "ss58_prefix": plain(prefix),
        "first_block": first["header"]["number"],
        "first_block_calls": [
            (plain(extrinsic)["call"]["call_module"], plain(extrinsic)["call"]["call_function"])
            for extrinsic in first["extrinsics"]
        ],
        "block": await substrate.get_block_number(await substrate.get_chain_head()),
    }


run(read_chain)
