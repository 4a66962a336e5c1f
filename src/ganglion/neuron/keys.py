"""Hotkeys from wallet directories of the official layout (`PATH/NAME/hotkeys/HOTKEY`).

A neuron needs no coldkey: one key signs its requests and its extrinsics.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bittensor import Wallet
from bittensor.keyfiles import KeyfileError

from ganglion.neuron.errors import KeyUnavailable


class Hotkey(Protocol):
    """A key which signs. The SDK's keypairs have this shape, and the SDK accepts it wherever it takes a
    wallet.
    """

    @property
    def ss58_address(self) -> str:
        """Address of the key."""
        ...

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        ...

    @property
    def crypto_type(self) -> int:
        """0 for ed25519, 1 for sr25519."""
        ...

    def sign(self, payload: bytes) -> bytes:
        """64 bytes of signature over exactly `payload`."""
        ...


def load_hotkey(path: Path, name: str, hotkey: str) -> Hotkey:
    """Read a hotkey from disk. Raises: KeyUnavailable."""
    try:
        keypair: Hotkey = Wallet(name=name, hotkey=hotkey, path=str(path)).hotkey
    except (OSError, ValueError, KeyfileError) as error:
        raise KeyUnavailable(path / name / "hotkeys" / hotkey, str(error)) from error
    return keypair
