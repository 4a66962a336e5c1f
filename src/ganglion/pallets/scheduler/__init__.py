"""Scheduler: calls that root has set for later blocks."""

from ganglion.pallets.scheduler.pallet import Scheduler

__all__ = ["Scheduler"]
