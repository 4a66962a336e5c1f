"""CometBFT's key files: the key that votes, and the key that names the node to its peers, both ed25519."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from ganglion.node.errors import CannotStart
from ganglion.pallets.validator_set import consensus_address

SEED_SIZE = 32


@dataclass(frozen=True, slots=True)
class CometKey:
    """A secret key, from 32 bytes of randomness."""

    seed: bytes

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return bytes(SigningKey(self.seed).verify_key)

    @property
    def address(self) -> bytes:
        """The 20 bytes that name the key."""
        return consensus_address(self.public_key)

    @property
    def node_id(self) -> str:
        """How peers name the node that has this key."""
        return self.address.hex()

    def voting_json(self) -> dict[str, Any]:
        """The content of `priv_validator_key.json`."""
        return {
            "address": self.address.hex().upper(),
            "pub_key": {"type": "tendermint/PubKeyEd25519", "value": _base64(self.public_key)},
            **self.node_json(),
        }

    def node_json(self) -> dict[str, Any]:
        """The content of `node_key.json`."""
        secret = _base64(self.seed + self.public_key)
        return {"priv_key": {"type": "tendermint/PrivKeyEd25519", "value": secret}}


def read_key(path: Path) -> CometKey:
    """The key in a file of either kind. Raises: CannotStart."""
    try:
        secret = json.loads(path.read_text())["priv_key"]["value"]
        return CometKey(base64.b64decode(secret, validate=True)[:SEED_SIZE])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotStart(f"no key of CometBFT in {path}: {error}") from error


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
