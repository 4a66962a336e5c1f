"""Genesis presets: who owns what in the first block of a development chain.

Source of the local network's figures: subtensor node/src/chain_spec/localnet.rs.
"""

from __future__ import annotations

from typing import Any

from ganglion.crypto.beacon import BeaconKey
from ganglion.crypto.keys import Keypair
from ganglion.frame.primitives import RAO_PER_TAO

RICH = 1_000_000 * RAO_PER_TAO
MODEST = 2_000 * RAO_PER_TAO

LOCAL_BEACON = "//Beacon"
"""The secret of the presets' own beacon: known to everybody, so nothing sealed to it is secret."""

LOCALNET_ENDOWMENTS = {
    "//Alice": RICH,
    "//Bob": RICH,
    "//Charlie": RICH,
    "//Dave": MODEST,
    "//Eve": MODEST,
    "//Ferdie": MODEST,
    "//One": MODEST,
    "//Two": MODEST,
    "//Three": MODEST,
}


def localnet_genesis() -> dict[str, Any]:
    """The genesis of the presets `dev` and `localnet`: Alice has the sudo key, One makes the blocks."""
    endowments = {Keypair(uri).address: amount for uri, amount in LOCALNET_ENDOWMENTS.items()}
    return {
        "Balances": {
            "endowments": [{"account": account, "amount": amount} for account, amount in endowments.items()]
        },
        "Aura": {"authorities": [Keypair("//One").address]},
        "Sudo": {"key": Keypair("//Alice").address},
        "Drand": {"public_key": f"0x{BeaconKey(LOCAL_BEACON).public_key.hex()}"},
        "SubtensorModule": {
            "root_owner": Keypair("//Alice").address,
            "root_owner_hotkey": Keypair("//Alice_hk").address,
            "subnets": [{"netuid": 1}],
        },
    }
