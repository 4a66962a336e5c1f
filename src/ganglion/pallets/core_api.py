"""The runtime APIs that every Substrate chain has.

Source: polkadot-sdk substrate/primitives/{api,metadata-ir}, frame/transaction-payment/rpc/runtime-api,
frame/system/rpc/runtime-api.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchInfo, Pays, Weight
from ganglion.frame.extrinsic import ExtrinsicCodec, RawExtrinsic
from ganglion.frame.metadata import metadata_v14, metadata_v15
from ganglion.frame.primitives import Nonce, TaoBalance
from ganglion.frame.version import RuntimeVersion
from ganglion.pallets.aura import Aura, AuraId
from ganglion.pallets.system import System
from ganglion.pallets.transaction_payment import FeeDetails, RuntimeDispatchInfo, TransactionPayment
from ganglion.scale.markers import Newtype
from ganglion.scale.types import AccountId, Bytes, Vec, u32, u64

OpaqueMetadata = Annotated[Bytes, Newtype("sp_core::OpaqueMetadata")]
SlotDuration = Annotated[u64, Newtype("sp_consensus_slots::SlotDuration")]


class Core(RuntimeApi, version=5):
    """What the runtime is."""

    @api_method
    def version(self) -> RuntimeVersion:
        """Names and numbers of the runtime."""
        return self.world.runtime.version


class Metadata(RuntimeApi, version=2):
    """What the runtime declares."""

    @api_method
    def metadata(self) -> OpaqueMetadata:
        """Metadata in version 14."""
        return metadata_v14(self.world.runtime)

    @api_method
    def metadata_at_version(self, version: u32) -> OpaqueMetadata | None:
        """Metadata in version 14 or 15; None for others."""
        writers = {14: metadata_v14, 15: metadata_v15}
        writer = writers.get(version)
        return None if writer is None else writer(self.world.runtime)

    @api_method
    def metadata_versions(self) -> Vec[u32]:
        """The versions that `metadata_at_version` knows."""
        return (14, 15)


class AccountNonceApi(RuntimeApi, version=1):
    """Nonces of accounts."""

    system: System

    @api_method
    def account_nonce(self, account: AccountId) -> Nonce:
        """How many transactions of the account are on chain."""
        return self.system.account[account].nonce


class AuraApi(RuntimeApi, version=1):
    """Who makes blocks."""

    aura: Aura

    @api_method
    def slot_duration(self) -> SlotDuration:
        """Milliseconds."""
        return self.aura.slot_duration

    @api_method
    def authorities(self) -> Vec[AuraId]:
        """Keys of the block makers."""
        return self.aura.authorities.get()


class TransactionPaymentApi(RuntimeApi, version=4):
    """What a transaction would cost. Fees in rao, without the tip."""

    transaction_payment: TransactionPayment

    @api_method
    def query_info(self, uxt: RawExtrinsic, len_: u32) -> RuntimeDispatchInfo:
        """Weight, class and fee of an extrinsic of `len` bytes."""
        return self.transaction_payment.dispatch_info(self._info(uxt), len_)

    @api_method
    def query_fee_details(self, uxt: RawExtrinsic, len_: u32) -> FeeDetails:
        """The parts of the fee of an extrinsic of `len` bytes."""
        return self.transaction_payment.details(self._info(uxt), len_)

    def _info(self, uxt: bytes) -> DispatchInfo:
        """An extrinsic's cost; nobody pays for one that nobody signed."""
        extrinsic = ExtrinsicCodec(self.world.runtime).decode(uxt)
        info = self.world.runtime.info(extrinsic.call)
        return info if extrinsic.signed else replace(info, pays_fee=Pays.No)

    @api_method
    def query_weight_to_fee(self, weight: Weight) -> TaoBalance:
        """The fee of a weight."""
        return self.transaction_payment.weight_fee(weight)

    @api_method
    def query_length_to_fee(self, length: u32) -> TaoBalance:
        """The fee of a length in bytes."""
        return length


class TransactionPaymentCallApi(RuntimeApi, version=3):
    """What a call would cost, signed. Fees in rao, without the tip."""

    transaction_payment: TransactionPayment

    @api_method
    def query_call_info(self, call: RuntimeCall, len_: u32) -> RuntimeDispatchInfo:
        """Weight, class and fee of a call in an extrinsic of `len` bytes."""
        return self.transaction_payment.dispatch_info(self.world.runtime.info(call), len_)

    @api_method
    def query_call_fee_details(self, call: RuntimeCall, len_: u32) -> FeeDetails:
        """The parts of the fee of a call in an extrinsic of `len` bytes."""
        return self.transaction_payment.details(self.world.runtime.info(call), len_)

    @api_method
    def query_weight_to_fee(self, weight: Weight) -> TaoBalance:
        """The fee of a weight."""
        return self.transaction_payment.weight_fee(weight)

    @api_method
    def query_length_to_fee(self, length: u32) -> TaoBalance:
        """The fee of a length in bytes."""
        return length


CORE_APIS: tuple[type[RuntimeApi], ...] = (
    Core,
    Metadata,
    AuraApi,
    AccountNonceApi,
    TransactionPaymentApi,
    TransactionPaymentCallApi,
)
