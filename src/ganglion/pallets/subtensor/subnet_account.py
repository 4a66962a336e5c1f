"""The accounts that hold a subnet's TAO, and the one where burnt TAO lies.

They are derived from names, so nobody has their keys. Source: subtensor
pallets/subtensor/src/subnets/subnet.rs, polkadot-sdk substrate/frame/support (PalletId).
"""

from __future__ import annotations

from functools import cache

_SUBNET_PREFIX = b"modl" + b"subtensr"
_NETUID_END = len(_SUBNET_PREFIX) + 2
_ACCOUNT_SIZE = 32

BURN_ACCOUNT = (b"modl" + b"burntnsr").ljust(_ACCOUNT_SIZE, b"\0")
"""TAO sent here is out of reach for ever, but still counts as issued."""


@cache
def subnet_account(netuid: int) -> bytes:
    """The account of a subnet: it holds the pool's TAO, the root network's the TAO staked there."""
    return (_SUBNET_PREFIX + netuid.to_bytes(2, "little")).ljust(_ACCOUNT_SIZE, b"\0")


def netuid_of_account(account: bytes) -> int | None:
    """The subnet whose account this is, or None. Such accounts cannot be hotkeys."""
    if not account.startswith(_SUBNET_PREFIX) or any(account[_NETUID_END:]):
        return None
    return int.from_bytes(account[len(_SUBNET_PREFIX) : _NETUID_END], "little")
