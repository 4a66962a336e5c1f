"""Signed answers: a miner cannot deny what it said, and nobody can say it in its name.

The signature covers the request's own `btauth/1` signature (and through it body, path, both hotkeys and the
nonce), the status and the body of the answer. It travels as a header; after a streamed answer, whose body
is all lines before the last, as the last line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from bittensor.sp_core import verify
from bittensor.wallets import CRYPTO_TYPE_NAMES, parse_crypto_type

from ganglion.neuron.keys import Hotkey

PROTOCOL = "ganglion-answer/1"
HEADER = "X-Ganglion-Signature"
_LONGEST = 256


def sign_answer(hotkey: Hotkey, request_signature: str, status: int, body: bytes) -> str:
    """`SCHEME:HEX` for an answer to the request with the btauth header value `request_signature`."""
    return signed(hotkey, lambda scheme: _payload(scheme, request_signature, status, body))


def is_answer_of(
    hotkey: str, signature: str | None, request_signature: str, status: int, body: bytes
) -> bool:
    """Whether the neuron `hotkey` (ss58) signed this answer to this request. False for whatever is no
    signature.
    """
    return is_signed(hotkey, signature, lambda scheme: _payload(scheme, request_signature, status, body))


def signed(hotkey: Hotkey, payload: Callable[[str], bytes]) -> str:
    """`SCHEME:HEX`: the signature over the payload for that scheme's name."""
    scheme = CRYPTO_TYPE_NAMES[hotkey.crypto_type]
    return f"{scheme}:{hotkey.sign(payload(scheme)).hex()}"


def is_signed(hotkey: str, signature: str | None, payload: Callable[[str], bytes]) -> bool:
    """Whether `signature` is what `signed` gives for the key of the address `hotkey`; never raises."""
    if signature is None or len(signature) > _LONGEST:
        return False
    name, _, text = signature.partition(":")
    try:
        crypto_type = parse_crypto_type(name)
        scheme = CRYPTO_TYPE_NAMES[crypto_type]
        return bool(verify(payload(scheme), bytes.fromhex(text), hotkey, crypto_type))
    except ValueError:
        return False


def end_line(signature: str) -> bytes:
    """The last line of a streamed answer."""
    return json.dumps({"end": True, "signature": signature}).encode() + b"\n"


def signature_of_end(line: bytes) -> str | None:
    """The signature, if `line` is the last of a streamed answer; None for every other line."""
    if not line.startswith(b'{"end"'):
        return None
    try:
        end = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(end, dict) or end.get("end") is not True:
        return None
    return str(end.get("signature"))


def _payload(scheme: str, request_signature: str, status: int, body: bytes) -> bytes:
    asked = hashlib.sha256(request_signature.encode(errors="replace")).hexdigest()
    return "\n".join((PROTOCOL, scheme, asked, str(status), hashlib.sha256(body).hexdigest())).encode()
