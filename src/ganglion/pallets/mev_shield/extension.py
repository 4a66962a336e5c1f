"""The early check of carriers: what is no envelope shall not even enter the pool.

Source: subtensor pallets/shield/src/extension.rs.
"""

from __future__ import annotations

from typing import Any

from ganglion.crypto.shield import Envelope, MalformedEnvelope
from ganglion.frame.extension import TransactionContext, TransactionExtension
from ganglion.frame.validity import InvalidKind, InvalidTransaction
from ganglion.pallets.system.extensions import SHIELD_CARRIER, marker

FAILED_SHIELDED_TX_PARSING = 23
"""The real chain's custom code of this refusal."""


class CheckShieldedTxValidity(TransactionExtension, path="pallet_shield::extension::CheckShieldedTxValidity"):
    """A carrier carries an envelope. To which key it is sealed does not matter here."""

    extra = marker("pallet_shield::extension::CheckShieldedTxValidity")

    def validate(self, transaction: TransactionContext, extra: Any) -> None:
        """Raises InvalidTransaction (CUSTOM)."""
        if transaction.call.path != SHIELD_CARRIER:
            return
        try:
            Envelope.parse(transaction.call.args[0])
        except MalformedEnvelope as error:
            raise InvalidTransaction(InvalidKind.CUSTOM, FAILED_SHIELDED_TX_PARSING) from error
