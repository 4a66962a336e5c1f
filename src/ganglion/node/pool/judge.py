"""The pool's own world: judges transactions as the block after the head would find them.

It writes nothing and runs beside block execution. Signatures are checked once: the `CheckedExtrinsic` goes
into the block as it is.
"""

from __future__ import annotations

from ganglion.frame.executive import CheckedExtrinsic
from ganglion.node.chain import Chain, Imported
from ganglion.node.execution import Execution
from ganglion.node.pool.errors import Malformed, Undecodable
from ganglion.node.pool.transaction import PoolTransaction
from ganglion.scale import ScaleError
from ganglion.scale.primitives import read_compact
from ganglion.state.overlay import Overlay

NONCE_EXTENSION = "CheckNonce"


class Judge:
    """See the module. For one thread."""

    def __init__(self, chain: Chain) -> None:
        self._codec = chain.codec
        self._chain = chain
        self._view = chain.view()
        self._execution = Execution(chain.runtime, chain.codec, Overlay(self._view))
        identifiers = [extension.identifier for extension in chain.runtime.extensions]
        self._nonce_at = identifiers.index(NONCE_EXTENSION)
        self._arrivals = 0
        self._stand(chain.head.number, chain.head.hash)

    @property
    def next_number(self) -> int:
        """The block that transactions are judged for."""
        return self._next_number

    def judge(self, raw: bytes) -> PoolTransaction:
        """Decode, check the signature, validate.

        Raises: Malformed, Undecodable, TransactionRefused.
        """
        try:
            length, at = read_compact(raw, 0)
            if length != len(raw) - at or not length:
                raise Malformed(f"the length in front says {length} bytes, {len(raw) - at} follow")
        except ScaleError as error:
            raise Malformed(str(error)) from error
        try:
            extrinsic = self._codec.decode(raw)
        except ScaleError as error:
            raise Undecodable(str(error)) from error
        return self._validated(self._execution.executive.check(extrinsic))

    def judge_again(self, transaction: PoolTransaction) -> None:
        """Raises TransactionRefused if the transaction is valid no longer."""
        self._execution.executive.validate(transaction.checked)

    def nonce(self, account: bytes) -> int:
        """How many transactions of an account are on chain."""
        return self._execution.system.account[account].nonce

    def account_key(self, account: bytes) -> bytes:
        """The storage key of an account."""
        return self._execution.system.account.item.key((account,))

    def advance(self, imported: Imported) -> None:
        """Judge on top of the new head from now on."""
        old, self._view = self._view, self._chain.view()
        self._execution.state.rollback()
        self._execution.state.rebase(self._view, imported.changes)
        old.close()
        self._stand(imported.stored.number, imported.stored.hash)

    def close(self) -> None:
        """Let go of the head's state."""
        self._view.close()

    def _stand(self, head_number: int, head_hash: bytes) -> None:
        self._next_number = head_number + 1
        self._execution.state.begin()
        self._execution.stand_before(self._next_number, head_hash)

    def _validated(self, checked: CheckedExtrinsic) -> PoolTransaction:
        validity = self._execution.executive.validate(checked)
        signed = checked.extrinsic.signed
        if signed is None or checked.who is None:
            raise TypeError("validation passed an extrinsic that nobody signed")
        self._arrivals += 1
        return PoolTransaction(
            checked,
            checked.who,
            signed.extra[self._nonce_at],
            validity.priority,
            self._next_number + validity.longevity,
            self._arrivals,
            checked.extrinsic.hash,
            len(checked.extrinsic.raw),
        )
