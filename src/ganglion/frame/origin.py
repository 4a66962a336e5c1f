"""Who makes a call."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganglion.frame.dispatch import BadOrigin

if TYPE_CHECKING:
    from ganglion.frame.call import RuntimeCall


class OriginKind(enum.Enum):
    """Root (governance), a signed account, or nobody (inherents)."""

    ROOT = "root"
    SIGNED = "signed"
    NONE = "none"


@dataclass(frozen=True)
class Origin:
    """The maker of a call. `account` is set for signed origins only.

    `filters` must all agree to whatever the origin calls, however deeply the call is wrapped: this is how a
    proxy stays within its rights inside a batch.
    """

    kind: OriginKind
    account: bytes | None = None
    filters: tuple[Callable[[RuntimeCall], bool], ...] = ()

    @staticmethod
    def of(account: bytes) -> Origin:
        """A signed origin."""
        return Origin(OriginKind.SIGNED, account)

    def restricted(self, allows: Callable[[RuntimeCall], bool]) -> Origin:
        """The same origin, which may only call what `allows` agrees to besides."""
        return Origin(self.kind, self.account, (*self.filters, allows))

    def acting_as(self, account: bytes) -> Origin:
        """Another account's signed origin under the restrictions of this one."""
        return Origin(OriginKind.SIGNED, account, self.filters)

    def signed(self) -> bytes:
        """The signer. Raises BadOrigin if nobody signed."""
        if self.account is None:
            raise BadOrigin
        return self.account

    def signed_or_root(self) -> bytes | None:
        """The signer, or None for root. Raises BadOrigin for nobody."""
        if self.kind is OriginKind.NONE:
            raise BadOrigin
        return self.account

    def root(self) -> None:
        """Raises BadOrigin unless root."""
        if self.kind is not OriginKind.ROOT:
            raise BadOrigin

    def none(self) -> None:
        """Raises BadOrigin unless nobody."""
        if self.kind is not OriginKind.NONE:
            raise BadOrigin

    @property
    def is_root(self) -> bool:
        return self.kind is OriginKind.ROOT


ROOT = Origin(OriginKind.ROOT)
NONE = Origin(OriginKind.NONE)
