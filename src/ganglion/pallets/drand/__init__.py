"""Drand: the pulses of a randomness beacon, by which timelocks open."""

from ganglion.pallets.drand.pallet import Drand

__all__ = ["Drand"]
