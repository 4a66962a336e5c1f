"""Transaction extensions: what a signed transaction says besides its call, and the rules it must pass.

An extension adds *extra* data (sent) and *implicit* data (only signed), validates, prepares before the
call and settles after it. A runtime lists its extensions in the order of the wire.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchFailed, DispatchInfo
from ganglion.frame.pallet import Section
from ganglion.frame.validity import ValidTransaction
from ganglion.scale.record import record
from ganglion.scale.types import Unit


@record
class TransactionContext:
    """What an extension may judge by. `length` is in bytes, with the length prefix."""

    who: bytes
    call: RuntimeCall
    info: DispatchInfo
    length: int


class TransactionExtension(Section):
    """Base of all extensions; each method has the answer of one that does nothing."""

    identifier: ClassVar[str] = ""
    path: ClassVar[tuple[str, ...]] = ()
    extra: ClassVar[Any] = Unit
    implicit: ClassVar[Any] = Unit

    def __init_subclass__(cls, path: str, identifier: str = "") -> None:
        super().__init_subclass__()
        cls.path = tuple(path.split("::"))
        cls.identifier = identifier or cls.path[-1]

    def implied(self, extra: Any) -> Any:
        """The implicit value that the signer must have signed.

        Raises InvalidTransaction if there is none (an era's birth block is unknown).
        """
        return ()

    def validate(self, transaction: TransactionContext, extra: Any) -> ValidTransaction | None:
        """Judge the transaction against the present state. Raises TransactionRefused."""
        return None

    def prepare(self, transaction: TransactionContext, extra: Any) -> Any:
        """Change state before the call (nonce, fee); what it returns comes back to `settle`.

        Raises TransactionRefused.
        """
        return None

    def settle(
        self,
        transaction: TransactionContext,
        prepared: Any,
        actual: DispatchInfo,
        failure: DispatchFailed | None,
    ) -> None:
        """Change state after the call, when its true cost is known."""
