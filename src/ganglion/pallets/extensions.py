"""The extensions of the real chain that concern no single pallet of ours, and their order on the wire.

One that only marks a place carries no data and checks nothing: nobody sends drand transactions here. The
metadata digest (mode 1) is refused: nobody could have computed it for this chain's metadata.
Source: subtensor runtime/src/lib.rs (TxExtension).
"""

from __future__ import annotations

import enum
from typing import Annotated

from ganglion.frame.extension import TransactionExtension
from ganglion.frame.validity import UnknownKind, UnknownTransaction
from ganglion.pallets.mev_shield.extension import CheckShieldedTxValidity
from ganglion.pallets.subtensor.extension import SubtensorTransactionExtension
from ganglion.pallets.sudo import SudoTransactionExtension
from ganglion.pallets.system.extensions import (
    CheckGenesis,
    CheckMortality,
    CheckNonce,
    CheckNonZeroSender,
    CheckSpecVersion,
    CheckTxVersion,
    CheckWeight,
    marker,
)
from ganglion.pallets.transaction_payment import ChargeTransactionPayment
from ganglion.scale import named
from ganglion.scale.markers import Newtype
from ganglion.scale.types import Bytes32


class DrandPriority(TransactionExtension, path="pallet_drand::drand_priority::DrandPriority"):
    """Marks the place of the real chain's priority for drand pulses."""

    extra = marker("pallet_drand::drand_priority::DrandPriority")


@named("frame_metadata_hash_extension::Mode")
class Mode(enum.IntEnum):
    """Whether the signer signed a digest of the metadata."""

    Disabled = 0
    Enabled = 1


class CheckMetadataHash(TransactionExtension, path="frame_metadata_hash_extension::CheckMetadataHash"):
    """The signer's metadata digest, which only mode 0 (none) satisfies here."""

    extra = Annotated[Mode, Newtype("frame_metadata_hash_extension::CheckMetadataHash", field="mode")]
    implicit = Bytes32 | None

    def implied(self, extra: Mode) -> None:
        """Nothing. Raises UnknownTransaction (CANNOT_LOOKUP) in mode 1."""
        if extra is Mode.Enabled:
            raise UnknownTransaction(UnknownKind.CANNOT_LOOKUP)


EXTENSIONS: tuple[type[TransactionExtension], ...] = (
    CheckNonZeroSender,
    CheckSpecVersion,
    CheckTxVersion,
    CheckGenesis,
    CheckMortality,
    CheckNonce,
    CheckWeight,
    ChargeTransactionPayment,
    SudoTransactionExtension,
    CheckShieldedTxValidity,
    SubtensorTransactionExtension,
    DrandPriority,
    CheckMetadataHash,
)
