"""Writing case files: the inverse of reading them in `case`."""

from collections.abc import Sequence
from typing import Any

from ganglion.fixed import I64F64
from ganglion.yuma.case import SETTINGS
from ganglion.yuma.epoch_input import ConsensusMode, EpochInput
from ganglion.yuma.rows import Rows

OF_EACH_MECHANISM = ("weights", "bonds", "last_update", "commits")


def case_of(
    name: str, about: str, epochs: Sequence[EpochInput], rao_emission: int, split: Sequence[int] | None
) -> dict[str, Any]:
    """A case of one epoch, or of a subnet's mechanisms if there are several; without `expected`."""
    written = [inputs_of(epoch) for epoch in epochs]
    case: dict[str, Any] = {"name": name, "about": about}
    if len(written) == 1:
        return case | {"kind": "epoch", "inputs": written[0] | {"rao_emission": rao_emission}}
    own = [{field: each[field] for field in OF_EACH_MECHANISM} for each in written]
    shared = (*OF_EACH_MECHANISM, "rao_emission")
    common = {field: value for field, value in written[0].items() if field not in shared}
    parts = None if split is None else list(split)
    inputs = {"rao_emission": rao_emission, "split": parts, "common": common, "mechanisms": own}
    return case | {"kind": "mechanisms", "inputs": inputs}


def inputs_of(epoch: EpochInput) -> dict[str, Any]:
    """The `inputs` of an epoch case. The consensus mode is written only where it is not the format's own."""
    settings = epoch.hyperparameters
    inputs = {
        "n": epoch.n,
        "current_block": epoch.current_block,
        "last_step_block": epoch.last_step_block,
        **{name: getattr(settings, name) for name in SETTINGS},
        "current_epoch": epoch.current_epoch,
        "owner_uid": epoch.owner_uid,
        "commits": [list(commit) for commit in epoch.commits],
        "rao_emission": epoch.rao_emission,
        **_stake(epoch.stake),
        "last_update": epoch.last_update.tolist(),
        "block_at_registration": epoch.block_at_registration.tolist(),
        "validator_permit": epoch.validator_permit.tolist(),
        "weights": _lists(epoch.weights),
        "bonds": _lists(epoch.bonds),
    }
    if settings.liquid_alpha_consensus_mode is not ConsensusMode.CURRENT:
        inputs["liquid_alpha_consensus_mode"] = settings.liquid_alpha_consensus_mode.value
        inputs["previous_consensus"] = list(epoch.previous_consensus)
    return inputs


def _stake(stake: Sequence[int]) -> dict[str, list[int]]:
    """Whole rao, and the raw values too if those are not all."""
    whole = {"stake": [raw >> I64F64.fraction_bits for raw in stake]}
    if all(raw & (I64F64.one - 1) == 0 for raw in stake):
        return whole
    return whole | {"stake_i64f64": list(stake)}


def _lists(rows: Rows) -> list[list[list[int]]]:
    return [[list(pair) for pair in row] for row in rows.to_lists()]
