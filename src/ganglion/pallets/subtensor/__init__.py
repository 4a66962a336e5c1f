"""SubtensorModule: subnets, neurons, stake, emission. One file a concern; `pallet` puts them together."""

from ganglion.pallets.subtensor.pallet import SubtensorModule

__all__ = ["SubtensorModule"]
