"""Why the pool does not take a transaction, besides the runtime's own `TransactionRefused`.

Source of the cases: polkadot-sdk substrate/client/transaction-pool/api/src/error.rs.
"""

from __future__ import annotations


class PoolError(Exception):
    """The pool did not take a transaction."""


class Malformed(PoolError):
    """The bytes are not one extrinsic with its length in front."""


class Undecodable(PoolError):
    """The runtime cannot read the extrinsic."""


class Banned(PoolError):
    """The transaction was found invalid a short while ago. Carries `tx_hash`."""

    def __init__(self, tx_hash: bytes) -> None:
        super().__init__(f"transaction 0x{tx_hash.hex()} is banned for a while")
        self.tx_hash = tx_hash


class AlreadyImported(PoolError):
    """The transaction is in the pool. Carries `tx_hash`."""

    def __init__(self, tx_hash: bytes) -> None:
        super().__init__(f"transaction 0x{tx_hash.hex()} is in the pool already")
        self.tx_hash = tx_hash


class PriorityTooLow(PoolError):
    """Another transaction has this account and nonce, and no lower priority. Carries both priorities."""

    def __init__(self, old: int, new: int) -> None:
        super().__init__(f"priority {new} does not replace priority {old}")
        self.old = old
        self.new = new


class ImmediatelyDropped(PoolError):
    """A limit of the pool is reached. Carries which `limit`."""

    def __init__(self, limit: str) -> None:
        super().__init__(f"no room: {limit}")
        self.limit = limit
