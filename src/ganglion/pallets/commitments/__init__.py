"""Commitments: small pieces of data that a neuron publishes on its subnet."""

from ganglion.pallets.commitments.pallet import Commitments

__all__ = ["Commitments"]
