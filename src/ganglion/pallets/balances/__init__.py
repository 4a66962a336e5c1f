"""Balances: free, reserved and frozen TAO of every account."""

from ganglion.pallets.balances.pallet import Balances

__all__ = ["Balances"]
