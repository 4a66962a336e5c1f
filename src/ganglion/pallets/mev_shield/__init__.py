"""MevShield: transactions whose content nobody but the author of their block can read before it is made."""

from ganglion.pallets.mev_shield.pallet import MevShield

__all__ = ["MevShield"]
