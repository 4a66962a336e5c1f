"""Crowdloan: many raise money for one purpose, or get it back."""

from ganglion.pallets.crowdloan.pallet import Crowdloan

__all__ = ["Crowdloan"]
