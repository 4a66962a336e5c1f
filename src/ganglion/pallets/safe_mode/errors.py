"""Errors of SafeMode. Source: polkadot-sdk substrate/frame/safe-mode/src/lib.rs."""

from __future__ import annotations

from ganglion.frame.dispatch import Error


class Entered(Error, index=0):
    """The chain is in safe mode."""


class Exited(Error, index=1):
    """The chain is not in safe mode."""


class NotConfigured(Error, index=2):
    """No deposit is set for which accounts may do this."""


class NoDeposit(Error, index=3):
    """There is no such deposit."""


class AlreadyDeposited(Error, index=4):
    """The account has left a deposit in this block."""


class CannotReleaseYet(Error, index=5):
    """The deposit was left too short a time ago."""


class CurrencyError(Error, index=6):
    """The deposit cannot be held or given back."""
