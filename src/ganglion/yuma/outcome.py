"""What an epoch produces: the values the chain stores and pays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganglion.yuma.epoch_input import Flags
from ganglion.yuma.rows import Rows

U16s = NDArray[np.uint16]
U64s = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class EpochOutcome:
    """One value per uid. u16 values are floor(x * 65535).

    `bonds` are the new stored rows of [uid, u16]; `validator_permit` the new permits. Emissions
    are in rao of the epoch's own token: `server_emission` and `validator_emission` are paid,
    `emission` is only stored and drives pruning. `stake` is whole rao.
    """

    active: Flags
    validator_permit: Flags
    consensus: U16s
    incentive: U16s
    dividends: U16s
    validator_trust: U16s
    stake_weight: U16s
    bonds: Rows
    server_emission: U64s
    validator_emission: U64s
    emission: U64s
    stake: U64s
