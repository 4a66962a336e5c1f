"""Preimage: data on chain, to be found by its hash."""

from ganglion.pallets.preimage.pallet import Preimage

__all__ = ["Preimage"]
