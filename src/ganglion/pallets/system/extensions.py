"""The checks of every transaction that need only System: version, genesis, era, nonce, size.

In the order of the wire, with the paths of the real chain's metadata.
Source: polkadot-sdk substrate/frame/system/src/extensions, subtensor runtime/src/check_nonce.rs and
runtime/src/check_mortality.rs.
"""

from __future__ import annotations

from typing import Annotated, Any

from ganglion.frame.dispatch import Pays
from ganglion.frame.era import ERA, Era
from ganglion.frame.extension import TransactionContext, TransactionExtension
from ganglion.frame.primitives import Nonce
from ganglion.frame.validity import InvalidKind, InvalidTransaction, ValidTransaction
from ganglion.pallets.system.pallet import NO_HASH, System
from ganglion.scale.description import Composite, TypeInfo
from ganglion.scale.markers import Newtype
from ganglion.scale.primitives import UnitCodec
from ganglion.scale.types import H256, Compact, u32

SHIELD_CARRIER = "MevShield.submit_encrypted"
"""The call that carries an encrypted transaction."""

LONGEST_CARRIER_PERIOD = 8
"""Blocks for which a carrier may live: its key serves one block, after which it only takes up room."""


class MarkerCodec(UnitCodec):
    """An extension's extra data where it has none: no bytes, but a type of its own in metadata."""

    def __init__(self, path: str) -> None:
        self.path = tuple(path.split("::"))
        self.name = self.path[-1]

    def describe(self) -> TypeInfo:
        return TypeInfo(Composite(()), self.path)


def marker(path: str) -> Any:
    """The annotation of an extra that carries nothing."""
    return Annotated[tuple[()], MarkerCodec(path)]


class CheckNonZeroSender(
    TransactionExtension, path="frame_system::extensions::check_non_zero_sender::CheckNonZeroSender"
):
    """The sender is not the zero account."""

    extra = marker("frame_system::extensions::check_non_zero_sender::CheckNonZeroSender")

    def validate(self, transaction: TransactionContext, extra: Any) -> None:
        """Raises InvalidTransaction (BAD_SIGNER)."""
        if transaction.who == bytes(32):
            raise InvalidTransaction(InvalidKind.BAD_SIGNER)


class CheckSpecVersion(
    TransactionExtension, path="frame_system::extensions::check_spec_version::CheckSpecVersion"
):
    """The signer knew the runtime's rules."""

    extra = marker("frame_system::extensions::check_spec_version::CheckSpecVersion")
    implicit = u32

    def implied(self, extra: Any) -> int:
        """The spec version."""
        return self.world.runtime.version.spec_version


class CheckTxVersion(TransactionExtension, path="frame_system::extensions::check_tx_version::CheckTxVersion"):
    """The signer knew the format of transactions."""

    extra = marker("frame_system::extensions::check_tx_version::CheckTxVersion")
    implicit = u32

    def implied(self, extra: Any) -> int:
        """The transaction version."""
        return self.world.runtime.version.transaction_version


class CheckGenesis(TransactionExtension, path="frame_system::extensions::check_genesis::CheckGenesis"):
    """The signer meant this chain."""

    system: System
    extra = marker("frame_system::extensions::check_genesis::CheckGenesis")
    implicit = H256

    def implied(self, extra: Any) -> bytes:
        """The hash of block zero."""
        return self.system.block_hash[0]


class CheckMortality(TransactionExtension, path="node_subtensor_runtime::check_mortality::CheckMortality"):
    """The transaction is inside its era: out of it, the signature would need another block's hash."""

    system: System
    extra = Annotated[Era, ERA, Newtype("node_subtensor_runtime::check_mortality::CheckMortality")]
    implicit = H256

    def implied(self, extra: Era) -> bytes:
        """The hash of the era's first block. Raises InvalidTransaction (ANCIENT_BIRTH_BLOCK)."""
        birth = extra.birth(self.system.number.get())
        found = self.system.block_hash[birth]
        if found == NO_HASH:
            raise InvalidTransaction(InvalidKind.ANCIENT_BIRTH_BLOCK)
        return found

    def validate(self, transaction: TransactionContext, extra: Era) -> ValidTransaction:
        """Valid until the era ends. Raises InvalidTransaction (STALE)."""
        too_long = extra.is_immortal or extra.period > LONGEST_CARRIER_PERIOD
        if too_long and transaction.call.path == SHIELD_CARRIER:
            raise InvalidTransaction(InvalidKind.STALE)
        current = self.system.number.get()
        return ValidTransaction(longevity=extra.death(current) - current)


class CheckNonce(TransactionExtension, path="node_subtensor_runtime::check_nonce::CheckNonce"):
    """Transactions of an account come in order, each once."""

    system: System
    extra = Annotated[
        int, *Compact[Nonce].__metadata__, Newtype("node_subtensor_runtime::check_nonce::CheckNonce")
    ]

    def validate(self, transaction: TransactionContext, extra: int) -> ValidTransaction:
        """Raises InvalidTransaction (STALE, PAYMENT)."""
        account = self.system.account[transaction.who]
        unpaid = account.providers == 0 and account.sufficients == 0
        if transaction.info.pays_fee is Pays.Yes and unpaid:
            raise InvalidTransaction(InvalidKind.PAYMENT)
        if extra < account.nonce:
            raise InvalidTransaction(InvalidKind.STALE)
        requires = (_tag(transaction.who, extra - 1),) if extra > account.nonce else ()
        return ValidTransaction(requires=requires, provides=(_tag(transaction.who, extra),))

    def prepare(self, transaction: TransactionContext, extra: int) -> None:
        """Count the transaction. Raises InvalidTransaction (STALE, FUTURE)."""
        account = self.system.account[transaction.who]
        if extra != account.nonce:
            raise InvalidTransaction(InvalidKind.STALE if extra < account.nonce else InvalidKind.FUTURE)
        self.system.account[transaction.who] = account.with_nonce(extra + 1)


class CheckWeight(TransactionExtension, path="frame_system::extensions::check_weight::CheckWeight"):
    """The transaction fits into an empty block (what is left of this one is checked when it is applied)."""

    system: System
    extra = marker("frame_system::extensions::check_weight::CheckWeight")

    def validate(self, transaction: TransactionContext, extra: Any) -> None:
        """Raises InvalidTransaction (EXHAUSTS_RESOURCES)."""
        self.system.check_alone(transaction.info, transaction.length)


def _tag(who: bytes, nonce: int) -> bytes:
    return who + nonce.to_bytes(4, "little")
