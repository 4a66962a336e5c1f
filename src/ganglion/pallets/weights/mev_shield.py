"""Weights of MevShield's calls, as the real chain measured them.

The announcement is of the mandatory class here, so that a block can hold one but no transaction can make
one; on the real chain it counts as a normal call that only blocks' authors can place.
Source: subtensor pallets/shield/src/weights.rs and lib.rs.
"""

from ganglion.frame.dispatch import DispatchClass
from ganglion.frame.runtime import CallWeight
from ganglion.pallets.system.limits import DB_WEIGHT
from ganglion.pallets.weights.cost import cost

MEV_SHIELD_WEIGHTS: dict[str, CallWeight] = {
    "MevShield.announce_next_key": CallWeight(
        33_661_000 + 4 * DB_WEIGHT.read + 6 * DB_WEIGHT.write, DispatchClass.Mandatory, proof_size=5_555
    ),
    "MevShield.submit_encrypted": cost(207_223_000, 0, 0, 0),
    # Far above what it costs, so that nobody fills the queue for little.
    "MevShield.store_encrypted": cost(20_000_000_000, 0, 0, 0),
    "MevShield.set_max_pending_extrinsics_number": cost(4_206_000, 0, 0, 1),
    "MevShield.set_on_initialize_weight": cost(4_327_000, 0, 0, 1),
    "MevShield.set_stored_extrinsic_lifetime": cost(4_116_000, 0, 0, 1),
    "MevShield.set_max_extrinsic_weight": cost(4_227_000, 0, 0, 1),
}
