"""What one secret seed becomes, so that a part of it may be told without giving away the others."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ganglion.evidence.files import EvidenceInvalid


def stock_seed(seed: int) -> int:
    """From which a validator makes its stock of questions; 63 bits."""
    return int.from_bytes(_derived(b"stock", seed)[:8], "big") >> 1


def draws_secret(seed: int) -> bytes:
    """From which an evidence log makes the seed of each segment's draws; 32 bytes."""
    return _derived(b"draws", seed)


def kept_seed(path: Path, seed: int) -> int:
    """The seed which the file at `path` keeps; where there is no file, it keeps `seed` from now on.

    A log which goes on after a restart needs the seed it was begun with. Raises: EvidenceInvalid, OSError.
    """
    try:
        return int(path.read_text())
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(str(seed))
        return seed
    except ValueError as error:
        raise EvidenceInvalid(path, "is no seed") from error


def _derived(purpose: bytes, seed: int) -> bytes:
    return hashlib.sha256(b"ganglion-" + purpose + b"\n" + str(seed).encode()).digest()
