"""A validator's memory on disk: replaced as a whole or not at all, and used only by whom it belongs to."""

from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ganglion.neuron.errors import CheckpointInvalid
from ganglion.neuron.scoring import MovingScores

_FORMAT = 1


class Checkpoint(BaseModel):
    """What survives a restart: rounds begun, the moving scores, the block of the last weights, and the
    rounds which wait to be graded (number -> due block).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: int = _FORMAT
    netuid: int
    hotkey: str
    round: Annotated[int, Field(ge=0)] = 0
    weights_block: Annotated[int, Field(ge=0)] | None = None
    scores: dict[str, Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]] = {}
    waiting: dict[int, int] = {}

    def moving(self) -> MovingScores:
        """The scores as the loop uses them."""
        return MovingScores(MappingProxyType(dict(self.scores)))


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write atomically: a crash leaves the old file or the new one. Raises: OSError."""
    replace_file(path, checkpoint.model_dump_json())


def replace_file(path: Path, text: str) -> None:
    """Make `text` the content of `path`, as a whole or not at all. Raises: OSError."""
    temporary = path.with_name(path.name + ".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def load(path: Path, *, netuid: int, hotkey: str) -> Checkpoint:
    """Read the checkpoint of this validator; a new one where there is no file. Raises: CheckpointInvalid."""
    try:
        text = path.read_text()
    except FileNotFoundError:
        return Checkpoint(netuid=netuid, hotkey=hotkey)
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointInvalid(path, str(error)) from error
    try:
        checkpoint = Checkpoint.model_validate_json(text)
    except ValidationError as error:
        raise CheckpointInvalid(path, f"{error.error_count()} fields do not fit") from error
    found = (checkpoint.format, checkpoint.netuid, checkpoint.hotkey)
    if found != (_FORMAT, netuid, hotkey):
        raise CheckpointInvalid(
            path, f"belongs to format, netuid, hotkey {found}, not {(_FORMAT, netuid, hotkey)}"
        )
    return checkpoint
