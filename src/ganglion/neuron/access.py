"""Blacklist and whitelist: files of hotkeys, one per line, which may be edited while the miner runs."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

from bittensor.sp_core import decode_ss58

from ganglion.neuron.errors import AccessListInvalid

log = logging.getLogger(__name__)


def read_hotkeys(path: Path) -> frozenset[str]:
    """The hotkeys (ss58) in a file; blank lines and whatever follows a `#` do not count.

    Raises: AccessListInvalid.
    """
    try:
        lines = path.expanduser().read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AccessListInvalid(path, str(error)) from error
    numbered = ((number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1))
    return frozenset(_hotkey(path, number, text) for number, text in numbered if text)


@dataclass
class AccessLists:
    """The two lists as they were last read. `blacklisted` are never served, `whitelisted` always else."""

    blacklist: Path | None = None
    whitelist: Path | None = None
    blacklisted: frozenset[str] = field(default=frozenset(), init=False)
    whitelisted: frozenset[str] = field(default=frozenset(), init=False)

    def __post_init__(self) -> None:
        """Read the files. Raises: AccessListInvalid."""
        self.blacklisted = _hotkeys(self.blacklist)
        self.whitelisted = _hotkeys(self.whitelist)

    def refresh(self) -> None:
        """Read the files again; what cannot be read stays as it was."""
        try:
            blacklisted, whitelisted = _hotkeys(self.blacklist), _hotkeys(self.whitelist)
        except AccessListInvalid as error:
            log.warning("%s; the former lists hold", error)
            return
        self.blacklisted, self.whitelisted = blacklisted, whitelisted


def _hotkey(path: Path, number: int, text: str) -> str:
    try:
        decode_ss58(text)
    except ValueError as error:
        raise AccessListInvalid(path, f"line {number} is no hotkey") from error
    return text


def _hotkeys(path: Path | None) -> frozenset[str]:
    return frozenset() if path is None else read_hotkeys(path)
