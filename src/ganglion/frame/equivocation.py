"""What the consensus engine says of an authority that broke its rules."""

from __future__ import annotations

from ganglion.scale import Enum, Struct
from ganglion.scale.types import Bytes20, u64


class Offence(Enum):
    """What was done."""


class DuplicateVote(Offence, index=1):
    """Two different votes at the same height and round."""


class LightClientAttack(Offence, index=2):
    """A header signed for light clients that is not the chain's."""


class Equivocation(Struct):
    """An offence with its proof behind it, which the engine has checked.

    `address` is that of the consensus key; `height` and `time_ms` (Unix) those of the block at which it
    happened; `power` the offender's voting power then.
    """

    address: Bytes20
    offence: Offence
    height: u64
    time_ms: u64
    power: u64
