"""Whether a transaction may enter the pool or a block.

Source: polkadot-sdk substrate/primitives/runtime/src/transaction_validity.rs. The texts are what clients
match on.
"""

from __future__ import annotations

import enum

from ganglion.scale.record import record


class InvalidKind(enum.IntEnum):
    """Why a transaction can never be included as it is."""

    CALL = 0
    PAYMENT = 1
    FUTURE = 2
    STALE = 3
    BAD_PROOF = 4
    ANCIENT_BIRTH_BLOCK = 5
    EXHAUSTS_RESOURCES = 6
    CUSTOM = 7
    BAD_MANDATORY = 8
    MANDATORY_VALIDATION = 9
    BAD_SIGNER = 10
    INDETERMINATE_IMPLICIT = 11
    UNKNOWN_ORIGIN = 12


INVALID_TEXTS = {
    InvalidKind.CALL: "Transaction call is not expected",
    InvalidKind.PAYMENT: "Inability to pay some fees (e.g. account balance too low)",
    InvalidKind.FUTURE: "Transaction will be valid in the future",
    InvalidKind.STALE: "Transaction is outdated",
    InvalidKind.BAD_PROOF: "Transaction has a bad signature",
    InvalidKind.ANCIENT_BIRTH_BLOCK: "Transaction has an ancient birth block",
    InvalidKind.EXHAUSTS_RESOURCES: "Transaction would exhaust the block limits",
    InvalidKind.BAD_MANDATORY: "A call was labelled as mandatory, but resulted in an Error.",
    InvalidKind.MANDATORY_VALIDATION: (
        "Transaction dispatch is mandatory; transactions must not be validated."
    ),
    InvalidKind.BAD_SIGNER: "Invalid signing address",
    InvalidKind.INDETERMINATE_IMPLICIT: "The implicit data was unable to be calculated",
    InvalidKind.UNKNOWN_ORIGIN: "The transaction extension did not authorize any origin",
}


class TransactionRefused(Exception):
    """A transaction may not be included."""


class InvalidTransaction(TransactionRefused):
    """It breaks a rule. `code` is set for the kind CUSTOM (0 to 255)."""

    def __init__(self, kind: InvalidKind, code: int | None = None) -> None:
        self.kind = kind
        self.code = code
        super().__init__(INVALID_TEXTS.get(kind, f"Custom error: {code}"))


class UnknownKind(enum.IntEnum):
    """Why nobody can tell whether a transaction is valid."""

    CANNOT_LOOKUP = 0
    NO_UNSIGNED_VALIDATOR = 1


UNKNOWN_TEXTS = {
    UnknownKind.CANNOT_LOOKUP: "Could not lookup information required to validate the transaction",
    UnknownKind.NO_UNSIGNED_VALIDATOR: ("Could not find an unsigned validator for the unsigned transaction"),
}


class UnknownTransaction(TransactionRefused):
    """Its validity cannot be told."""

    def __init__(self, kind: UnknownKind) -> None:
        self.kind = kind
        super().__init__(UNKNOWN_TEXTS[kind])


@record
class ValidTransaction:
    """What the pool needs to order a transaction. Tags are bytes; longevity is in blocks."""

    priority: int = 0
    requires: tuple[bytes, ...] = ()
    provides: tuple[bytes, ...] = ()
    longevity: int = (1 << 64) - 1
    propagate: bool = True

    def combine(self, other: ValidTransaction) -> ValidTransaction:
        """Both conditions: priorities add up (saturating at u64), the shorter life counts."""
        return ValidTransaction(
            min(self.priority + other.priority, (1 << 64) - 1),
            self.requires + other.requires,
            self.provides + other.provides,
            min(self.longevity, other.longevity),
            self.propagate and other.propagate,
        )
