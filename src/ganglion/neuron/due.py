"""When a validator sets its weights."""

from __future__ import annotations

from ganglion.neuron.protocols import Metagraph, Neuron


def weights_due(metagraph: Metagraph, own: Neuron, weights_block: int | None) -> bool:
    """Whether to set weights now: once after each epoch, if permitted, and not faster than the chain's limit.

    `weights_block` is the block which this validator saw when it set them last: the epoch of that very block
    was over, and its weights came later. Rules: subtensor,
    pallets/subtensor/src/subnets/weights.rs (check_rate_limit, check_validator_permit).
    """
    if not own.validator_permit and own.hotkey != metagraph.owner_hotkey:
        return False
    if weights_block is not None and metagraph.last_step <= weights_block <= metagraph.block:
        return False
    return own.last_update == 0 or metagraph.block - own.last_update >= metagraph.rules.rate_limit
