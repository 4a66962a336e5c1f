"""Quote a transfer, sign it for some blocks only, submit it and read the receipt once it is final.

transfer.py URL SENDER_URI DESTINATION VALUE_RAO
"""

from typing import Any

from async_substrate_interface.async_substrate import AsyncSubstrateInterface
from bittensor_wallet import Keypair
from session import run


async def transfer(
    substrate: AsyncSubstrateInterface, sender: str, destination: str, value: str
) -> dict[str, Any]:
    keypair = Keypair.create_from_uri(sender)
    call = await substrate.compose_call(
        "Balances", "transfer_keep_alive", {"dest": destination, "value": int(value)}
    )
    quote = await substrate.get_payment_info(call, keypair)
    nonce = await substrate.get_account_nonce(keypair.ss58_address)
    extrinsic = await substrate.create_signed_extrinsic(call, keypair, era={"period": 64})
    receipt = await substrate.submit_extrinsic(extrinsic, wait_for_finalization=True)
    events = [event["event"] for event in await receipt.triggered_events]
    return {
        "success": await receipt.is_success,
        "error": await receipt.error_message,
        "quoted_fee_rao": quote["partial_fee"],
        "fee_rao": await receipt.total_fee_amount,
        "events": [f"{event['module_id']}.{event['event_id']}" for event in events],
        "nonce_before": nonce,
        "nonce_after": await substrate.get_account_nonce(keypair.ss58_address),
        "block_hash": receipt.block_hash,
    }


run(transfer)
