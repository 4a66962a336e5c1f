"""SafeMode: for a time, accounts may make only the calls that keep the chain alive."""

from ganglion.pallets.safe_mode.pallet import SafeMode

__all__ = ["SafeMode"]
