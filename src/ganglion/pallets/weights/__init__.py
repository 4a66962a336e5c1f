"""What every call weighs, in one table by `Pallet.call`."""

from ganglion.frame.runtime import WeightRule
from ganglion.pallets.weights.admin_utils import ADMIN_UTILS_WEIGHTS
from ganglion.pallets.weights.core import CORE_WEIGHTS
from ganglion.pallets.weights.crowdloan import CROWDLOAN_WEIGHTS
from ganglion.pallets.weights.drand import DRAND_WEIGHTS
from ganglion.pallets.weights.leasing import LEASING_WEIGHTS
from ganglion.pallets.weights.mev_shield import MEV_SHIELD_WEIGHTS
from ganglion.pallets.weights.multisig import MULTISIG_WEIGHTS
from ganglion.pallets.weights.preimage import PREIMAGE_WEIGHTS
from ganglion.pallets.weights.proxy import PROXY_WEIGHTS
from ganglion.pallets.weights.safe_mode import SAFE_MODE_WEIGHTS
from ganglion.pallets.weights.scheduler import SCHEDULER_WEIGHTS
from ganglion.pallets.weights.subtensor import SUBTENSOR_WEIGHTS
from ganglion.pallets.weights.swap import SWAP_WEIGHTS
from ganglion.pallets.weights.validator_set import VALIDATOR_SET_WEIGHTS

WEIGHTS: dict[str, WeightRule] = {
    **CORE_WEIGHTS,
    **SUBTENSOR_WEIGHTS,
    **LEASING_WEIGHTS,
    **SWAP_WEIGHTS,
    **ADMIN_UTILS_WEIGHTS,
    **DRAND_WEIGHTS,
    **MEV_SHIELD_WEIGHTS,
    **PROXY_WEIGHTS,
    **SCHEDULER_WEIGHTS,
    **SAFE_MODE_WEIGHTS,
    **MULTISIG_WEIGHTS,
    **PREIMAGE_WEIGHTS,
    **CROWDLOAN_WEIGHTS,
    **VALIDATOR_SET_WEIGHTS,
}
