"""Who makes a call."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from ganglion.frame.dispatch import BadOrigin


class OriginKind(enum.Enum):
    """Root (governance), a signed account, or nobody (inherents)."""

    ROOT = "root"
    SIGNED = "signed"
    NONE = "none"


@dataclass(frozen=True)
class Origin:
    """The maker of a call. `account` is set for signed origins only."""

    kind: OriginKind
    account: bytes | None = None

    @staticmethod
    def of(account: bytes) -> Origin:
        """A signed origin."""
        return Origin(OriginKind.SIGNED, account)

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
