"""Case files: one epoch, or the mechanisms of one subnet, as JSON.

The format is that of tests/vectors/yuma: `kind` is "epoch" or "mechanisms", `inputs` holds what
goes in. Numbers may be wider than 64 bits, so files are read with Python's exact integers.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganglion.fixed import I64F64
from ganglion.yuma.epoch import PLAIN, Observer, run_epoch, unobserved
from ganglion.yuma.epoch_input import (
    U64,
    Commit,
    ConsensusMode,
    EpochInput,
    Hyperparameters,
    blocks_of,
    flags_of,
    listed,
    whole_numbers,
)
from ganglion.yuma.errors import InvalidInput
from ganglion.yuma.mechanisms import MechanismsOutcome, run_mechanisms
from ganglion.yuma.outcome import EpochOutcome
from ganglion.yuma.row_ops import RowOps
from ganglion.yuma.rows import Rows

# Later than the format: such fields may be left out.
OPTIONAL = ("liquid_alpha_consensus_mode", "previous_consensus")
SETTINGS = tuple(name for name in Hyperparameters.__dataclass_fields__ if name not in OPTIONAL)
OUTCOME_VECTORS = tuple(name for name in EpochOutcome.__dataclass_fields__ if name != "bonds")


def epoch_of_case(inputs: Mapping[str, Any]) -> EpochInput:
    """The `inputs` of an epoch case. Raises InvalidInput naming the field."""
    required = {name: _field(inputs, name) for name in SETTINGS}
    settings = Hyperparameters(**required, liquid_alpha_consensus_mode=_consensus_mode(inputs))
    return EpochInput(
        n=_field(inputs, "n"),
        current_block=_field(inputs, "current_block"),
        last_step_block=_field(inputs, "last_step_block"),
        rao_emission=_field(inputs, "rao_emission"),
        current_epoch=_field(inputs, "current_epoch"),
        owner_uid=_field(inputs, "owner_uid"),
        hyperparameters=settings,
        stake=_stake(inputs),
        last_update=blocks_of("last_update", _field(inputs, "last_update")),
        block_at_registration=blocks_of("block_at_registration", _field(inputs, "block_at_registration")),
        validator_permit=flags_of("validator_permit", _field(inputs, "validator_permit")),
        weights=Rows.of("weights", _field(inputs, "weights")),
        bonds=Rows.of("bonds", _field(inputs, "bonds")),
        commits=_commits(inputs),
        previous_consensus=inputs.get("previous_consensus", ()),
    )


def mechanisms_of_case(inputs: Mapping[str, Any]) -> tuple[EpochInput, ...]:
    """The epochs of a mechanisms case: what they share, and each one's own rows and blocks."""
    common = _mapping("common", _field(inputs, "common"))
    own = [_mapping("mechanisms", each) for each in listed("mechanisms", _field(inputs, "mechanisms"))]
    emission = _field(inputs, "rao_emission")
    return tuple(epoch_of_case({**common, **each, "rao_emission": emission}) for each in own)


def solve(case: Mapping[str, Any], ops: RowOps = PLAIN, observe: Observer = unobserved) -> dict[str, Any]:
    """Run a case and return the object its `expected` holds. Raises InvalidInput.

    `observe` sees the intermediate values, of one mechanism after the other.
    """
    inputs = _mapping("inputs", _field(case, "inputs"))
    match _field(case, "kind"):
        case "epoch":
            return outcome_to_json(run_epoch(epoch_of_case(inputs), ops, observe))
        case "mechanisms":
            emission, split = _field(inputs, "rao_emission"), inputs.get("split")
            epochs = mechanisms_of_case(inputs)
            return mechanisms_to_json(run_mechanisms(epochs, emission, split, ops, observe))
        case kind:
            raise InvalidInput("kind", "must be epoch or mechanisms", kind)


def outcome_to_json(outcome: EpochOutcome) -> dict[str, Any]:
    """The `expected` object of an epoch case."""
    vectors = {name: getattr(outcome, name).tolist() for name in OUTCOME_VECTORS}
    return {**vectors, "bonds": [list(map(list, row)) for row in outcome.bonds.to_lists()]}


def mechanisms_to_json(outcome: MechanismsOutcome) -> dict[str, Any]:
    """The `expected` object of a mechanisms case."""
    total = outcome.aggregate
    return {
        "emission_split": list(outcome.emission_split),
        "per_mechanism": [outcome_to_json(single) for single in outcome.per_mechanism],
        "aggregate": {name: getattr(total, name).tolist() for name in OUTCOME_VECTORS},
    }


def read_case(path: Path) -> dict[str, Any]:
    """A case from a file. Raises InvalidInput if it is not JSON, OSError if it cannot be read."""
    try:
        case = json.loads(path.read_bytes())
    except ValueError as error:
        raise InvalidInput("file", f"{path.name} is not JSON: {error}") from error
    return _mapping("file", case)


def _stake(inputs: Mapping[str, Any]) -> tuple[int, ...]:
    if "stake_i64f64" in inputs:
        return tuple(whole_numbers("stake_i64f64", inputs["stake_i64f64"], (0, I64F64.max)))
    whole = whole_numbers("stake", _field(inputs, "stake"), U64)
    return tuple(rao << I64F64.fraction_bits for rao in whole)


def _commits(inputs: Mapping[str, Any]) -> tuple[Commit, ...]:
    commits = listed("commits", _field(inputs, "commits"))
    for commit in commits:
        if len(whole_numbers("commits", commit, U64)) != len(Commit._fields):
            raise InvalidInput("commits", "each must be [uid, epoch, block]", commit)
    return tuple(Commit(*commit) for commit in commits if isinstance(commit, (list, tuple)))


def _consensus_mode(inputs: Mapping[str, Any]) -> ConsensusMode:
    name = inputs.get("liquid_alpha_consensus_mode", ConsensusMode.CURRENT.value)
    try:
        return ConsensusMode(name)
    except ValueError as error:
        modes = ", ".join(mode.value for mode in ConsensusMode)
        raise InvalidInput("liquid_alpha_consensus_mode", f"must be one of {modes}", name) from error


def _mapping(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(name, "must be an object", value)
    return value


def _field(inputs: Mapping[str, Any], name: str) -> Any:
    if name not in inputs:
        raise InvalidInput(name, "is missing")
    return inputs[name]
