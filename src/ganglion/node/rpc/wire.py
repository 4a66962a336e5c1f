"""Headers, blocks and versions as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ganglion.frame.block import DIGEST_ITEM, Header
from ganglion.frame.version import RuntimeVersion

STATE_VERSION = 1


def to_hex(data: bytes) -> str:
    """0x-hex."""
    return "0x" + data.hex()


def header_json(header: Header) -> dict[str, Any]:
    """A header; the number is in shortest hex."""
    return {
        "parentHash": to_hex(header.parent_hash),
        "number": hex(header.number),
        "stateRoot": to_hex(header.state_root),
        "extrinsicsRoot": to_hex(header.extrinsics_root),
        "digest": {"logs": [to_hex(DIGEST_ITEM.encode(item)) for item in header.digest.logs]},
    }


def block_json(header: Header, extrinsics: Sequence[bytes]) -> dict[str, Any]:
    """A signed block; extrinsics have their length in front."""
    block = {"header": header_json(header), "extrinsics": [to_hex(raw) for raw in extrinsics]}
    return {"block": block, "justifications": None}


def version_json(version: RuntimeVersion) -> dict[str, Any]:
    """A runtime's version."""
    return {
        "specName": version.spec_name,
        "implName": version.impl_name,
        "authoringVersion": version.authoring_version,
        "specVersion": version.spec_version,
        "implVersion": version.impl_version,
        "apis": [[to_hex(api), number] for api, number in version.apis],
        "transactionVersion": version.transaction_version,
        "systemVersion": version.system_version,
        "stateVersion": STATE_VERSION,
    }
