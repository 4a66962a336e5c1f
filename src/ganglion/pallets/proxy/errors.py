"""Errors of Proxy. Source: subtensor pallets/proxy/src/lib.rs."""

from __future__ import annotations

from ganglion.frame.dispatch import Error


class TooMany(Error, index=0):
    """There are as many proxies, or as many announcements, as there may be."""


class NotFound(Error, index=1):
    """There is no such proxy or announcement."""


class NotProxy(Error, index=2):
    """The sender is no proxy of the account, or none of that type."""


class Unproxyable(Error, index=3):
    """The proxy's type does not allow the call."""


class Duplicate(Error, index=4):
    """The account has such a proxy already."""


class NoPermission(Error, index=5):
    """The sender is not the pure proxy that these arguments make."""


class Unannounced(Error, index=6):
    """The call was not announced, or not long enough ago."""


class NoSelfProxy(Error, index=7):
    """An account cannot be its own proxy."""


class AnnouncementDepositInvariantViolated(Error, index=8):
    """An announcement was stored without a deposit."""


class InvalidDerivedAccountId(Error, index=9):
    """No account could be derived."""
