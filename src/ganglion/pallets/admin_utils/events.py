"""Events of AdminUtils itself; most changes are told by SubtensorModule's events.

Source: subtensor pallets/admin-utils/src/lib.rs.
"""

from __future__ import annotations

from ganglion.frame.event import Event
from ganglion.frame.primitives import NetUid
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.scale.types import u16


class Yuma3EnableToggled(Event, index=1):
    """A subnet turned to Yuma 3, or back."""

    netuid: NetUid
    enabled: bool


class BondsResetToggled(Event, index=2):
    """Neurons of a subnet may let bonds in them be dropped, or not."""

    netuid: NetUid
    enabled: bool


class BurnHalfLifeSet(Event, index=3):
    """The price of a uid halves in another number of blocks."""

    netuid: NetUid
    burn_half_life: u16


class BurnIncreaseMultSet(Event, index=4):
    """Each registration multiplies the price of a uid by another factor."""

    netuid: NetUid
    burn_increase_mult: U64F64Raw


class SubnetEmissionEnabledSet(Event, index=5):
    """A subnet receives TAO emission, or does not."""

    netuid: NetUid
    enabled: bool


class CollateralLockShareSet(Event, index=6):
    """Another part of a registration's price becomes collateral."""

    netuid: NetUid
    lock_share: u16


class CollateralDrainRatioSet(Event, index=7):
    """Collateral drains at another rate."""

    netuid: NetUid
    drain_ratio: U64F64Raw
