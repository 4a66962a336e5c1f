"""payment_*: what an extrinsic would cost. Amounts in rao are text, as they may exceed a JSON number."""

from __future__ import annotations

from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.method import Family, Json, method
from ganglion.node.rpc.params import BlockHash, Hex
from ganglion.pallets.transaction_payment import FeeDetails, RuntimeDispatchInfo


class PaymentMethods(Family):
    """Fees."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @method("payment_queryInfo")
    async def info(self, extrinsic: Hex, at: BlockHash | None = None) -> Json:
        """Weight, class and fee."""
        found: RuntimeDispatchInfo = await self._ask("TransactionPaymentApi_query_info", extrinsic, at)
        return {
            "weight": {"ref_time": found.weight.ref_time, "proof_size": found.weight.proof_size},
            "class": found.class_.name.lower(),
            "partialFee": str(found.partial_fee),
        }

    @method("payment_queryFeeDetails")
    async def fee_details(self, extrinsic: Hex, at: BlockHash | None = None) -> Json:
        """The fee's parts; null for what is free."""
        found: FeeDetails = await self._ask("TransactionPaymentApi_query_fee_details", extrinsic, at)
        parts = found.inclusion_fee
        if parts is None:
            return {"inclusionFee": None}
        return {
            "inclusionFee": {
                "baseFee": hex(parts.base_fee),
                "lenFee": hex(parts.len_fee),
                "adjustedWeightFee": hex(parts.adjusted_weight_fee),
            }
        }

    async def _ask(self, function: str, extrinsic: bytes, at: bytes | None) -> Json:
        data = extrinsic + len(extrinsic).to_bytes(4, "little")
        answer = await self._backend.aside(self._backend.calls.call, function, data, at)
        return self._backend.calls.method(function).output.decode(answer)
