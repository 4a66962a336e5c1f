"""ValidatorSet: who keeps a replicated chain, and who was caught breaking its rules."""

from ganglion.pallets.validator_set.pallet import ValidatorSet
from ganglion.pallets.validator_set.types import Validator, consensus_address

__all__ = ["Validator", "ValidatorSet", "consensus_address"]
