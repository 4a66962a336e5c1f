"""SS58: the text form of an account, with a checksum and the number of the network it is meant for.

Source: the SS58 registry and polkadot-sdk substrate/primitives/core/src/crypto.rs.
The codec is bittensor-core's.
"""

import bittensor_core

SS58_FORMAT = 42
"""Address format of Bittensor and of generic Substrate networks."""

_MAX_FORMAT = 16_383


class InvalidAddress(ValueError):
    """The text is not an SS58 address of a 32-byte account. Carries `address`."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"invalid address {address!r}: {reason}")
        self.address = address


class ForeignAddress(InvalidAddress):
    """The address is well formed and belongs to another network. Carries `address` and `expected` format."""

    def __init__(self, address: str, expected: int) -> None:
        super().__init__(address, f"not of address format {expected}")
        self.expected = expected


class InvalidAccount(ValueError):
    """No address exists for these bytes and this format. Carries `account` and `ss58_format`."""

    def __init__(self, account: bytes, ss58_format: int) -> None:
        super().__init__(
            f"no address for account 0x{account.hex()} ({len(account)} bytes) in address format {ss58_format}"
        )
        self.account = account
        self.ss58_format = ss58_format


def encode(account: bytes, ss58_format: int = SS58_FORMAT) -> str:
    """Address of a 32-byte account id. Formats 46 and 47 are reserved and refused.

    Raises: InvalidAccount.
    """
    if len(account) != 32 or not 0 <= ss58_format <= _MAX_FORMAT or ss58_format in (46, 47):
        raise InvalidAccount(account, ss58_format)
    address: str = bittensor_core.ss58_encode(account, ss58_format)
    return address


def decode(address: str, ss58_format: int = SS58_FORMAT) -> bytes:
    """The 32-byte account id of `address`. Formats outside the SS58 registry can be encoded but not read.

    Raises: InvalidAddress for bad text or checksum, ForeignAddress for an address of another format.
    """
    try:
        account: bytes = bittensor_core.ss58_decode(address)
    except ValueError as error:
        raise InvalidAddress(address, str(error)) from error
    if encode(account, ss58_format) != address:
        raise ForeignAddress(address, ss58_format)
    return account
