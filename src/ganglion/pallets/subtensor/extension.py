"""SubtensorModule's place among the transaction extensions: refusals with a code, before a block is used.

Source: subtensor pallets/subtensor/src/extensions/subtensor.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganglion.frame.address import lookup
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchFailed, Error, Pays
from ganglion.frame.extension import TransactionContext, TransactionExtension
from ganglion.frame.origin import Origin
from ganglion.frame.validity import InvalidKind, InvalidTransaction
from ganglion.pallets.commitments import Commitments
from ganglion.pallets.proxy import Proxy
from ganglion.pallets.subtensor import errors
from ganglion.pallets.system.extensions import marker
from ganglion.pallets.utility import BATCHES

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.coldkey_swap import ColdkeySwap
    from ganglion.pallets.subtensor.early_checks import EarlyChecks

CODES: dict[type[Error], int] = {
    errors.ColdkeySwapAnnounced: 0,
    errors.AmountTooLow: 1,
    errors.NotEnoughStakeToSetWeights: 1,
    errors.NotEnoughBalanceToStake: 2,
    errors.SubnetNotExists: 3,
    errors.HotKeyAccountNotExists: 4,
    errors.NotEnoughStakeToWithdraw: 5,
    errors.CommittingWeightsTooFast: 6,
    errors.SettingWeightsTooFast: 6,
    errors.NetworkTxRateLimitExceeded: 6,
    errors.InsufficientLiquidity: 7,
    errors.SlippageTooHigh: 8,
    errors.TransferDisallowed: 9,
    errors.HotKeyNotRegisteredInNetwork: 10,
    errors.InvalidIpAddress: 11,
    errors.ServingRateLimitExceeded: 12,
    errors.InvalidPort: 13,
    errors.InvalidRevealRound: 15,
    errors.NoWeightsCommitFound: 16,
    errors.RevealTooEarly: 17,
    errors.InputLengthsUnequal: 18,
    errors.HotKeyNotRegisteredInSubNet: 19,
    Commitments.AccountNotAllowedCommit: 19,
    errors.EvmKeyAssociateRateLimitExceeded: 20,
    errors.ColdkeySwapDisputed: 21,
    errors.NonAssociatedColdKey: 25,
    errors.DelegateTakeTooLow: 26,
    errors.DelegateTakeTooHigh: 27,
}
"""What clients read in `Custom error: 6`."""

BAD_REQUEST = 255
"""The code of every other error."""


class SubtensorTransactionExtension(
    TransactionExtension, path="pallet_subtensor::extensions::subtensor::SubtensorTransactionExtension"
):
    """Refuses what a swap of the signer's coldkey forbids, and free calls that could not succeed.

    A batch that is free because all its calls are is as good as its worst call, and a proxy call that is free
    because its call is as good as that and its right. (The real chain looks into neither, nor at commitments:
    there anybody, even without an account, fills blocks with proxy calls of whom nobody made a proxy.)
    """

    coldkey_swap: ColdkeySwap
    commitments: Commitments
    early_checks: EarlyChecks
    proxy: Proxy

    extra = marker("pallet_subtensor::extensions::subtensor::SubtensorTransactionExtension")

    def validate(self, transaction: TransactionContext, extra: Any) -> None:
        """Raises InvalidTransaction (CUSTOM)."""
        try:
            self.coldkey_swap.guard(transaction.who, transaction.call)
            if transaction.info.pays_fee is Pays.Yes:
                self._check(transaction.who, transaction.call)
            else:
                self._check_free(Origin.of(transaction.who), transaction.call)
        except DispatchFailed as failure:
            code = CODES.get(type(failure), BAD_REQUEST) if isinstance(failure, Error) else BAD_REQUEST
            raise InvalidTransaction(InvalidKind.CUSTOM, code) from failure

    def _check_free(self, origin: Origin, call: RuntimeCall) -> None:
        self.world.require_allowed(call, origin)
        if call.path in BATCHES:
            for each in call.args[0]:
                self._check_free(origin, each)
        elif call.path == "Proxy.proxy":
            real, kind, inner = call.args
            right = self.proxy.acting(origin.signed(), real, kind)
            self._check_free(self.proxy.origin(right, lookup(real)), inner)
        else:
            self._check(origin.signed(), call)

    def _check(self, who: bytes, call: RuntimeCall) -> None:
        if call.pallet == "SubtensorModule":
            self.early_checks.check(who, call)
        elif call.path == "Commitments.set_commitment":
            self.commitments.require_neuron(call.args[0], who)
