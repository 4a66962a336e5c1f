"""Settings of the gate on emission, which only root may change. The first change of any switches it on.

On the real chain the gate is always on since spec 440; here a chain follows the rule of June until root asks.
Source: RaoFoundation/subtensor pallets/admin-utils/src/lib.rs.
"""

from __future__ import annotations

from ganglion.fixed import U64F64
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.pallets.admin_utils import errors
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.scale.types import u16

GREATEST_EXPONENT = 8


class EmissionSettings(Section):
    """Sets where the bar lies and how sharply it parts. The next block finds a new bar."""

    emission: SubnetEmission

    @call(index=100)
    def sudo_set_emission_bar_quantile(self, origin: Origin, quantile: U64F64Raw) -> None:
        """The part of all demand that subnets above the bar have, where no rank is set.

        Between 0 and 1. Raises: BadOrigin, InvalidValue.
        """
        origin.root()
        if not 0 < quantile < U64F64.one:
            raise errors.InvalidValue(quantile)
        self.emission.emission_bar_quantile.set(quantile)
        self.emission.emission_gate_bar.kill()

    @call(index=101)
    def sudo_set_emission_gate_exponent(self, origin: Origin, exponent: U64F64Raw) -> None:
        """How sharply shares above and below the bar are parted, from 1 to 8.

        Raises: BadOrigin, InvalidValue.
        """
        origin.root()
        if not U64F64.one <= exponent <= U64F64.from_int(GREATEST_EXPONENT):
            raise errors.InvalidValue(exponent)
        self.emission.emission_gate_exponent.set(exponent)
        self.emission.emission_gate_bar.kill()

    @call(index=102)
    def sudo_set_emission_bar_rank(self, origin: Origin, rank: u16) -> None:
        """The rank of the subnet whose share is the bar; 0: the quantile decides. Raises: BadOrigin."""
        origin.root()
        self.emission.emission_bar_rank.set(rank)
        self.emission.emission_gate_bar.kill()
