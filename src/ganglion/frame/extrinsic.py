"""Extrinsics, format version 4: what comes from outside into a block.

A signed one is `length ++ 0x84 ++ address ++ signature ++ extra ++ call`, a bare one (an inherent)
`length ++ 0x04 ++ call`. What is signed is `call ++ extra ++ implicit`, or its blake2-256 if longer than
256 bytes. The bytes are kept as they came: an extrinsic's hash is that of its bytes, prefix included.
Source: polkadot-sdk substrate/primitives/runtime/src/generic/unchecked_extrinsic.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.address import MultiAddress, MultiSignature
from ganglion.frame.call import RuntimeCall
from ganglion.scale import Codec, ScaleError
from ganglion.scale.codec import take
from ganglion.scale.description import Composite, Field, TypeInfo
from ganglion.scale.primitives import BYTES, read_compact, write_compact
from ganglion.scale.record import record

if TYPE_CHECKING:
    from ganglion.frame.runtime import Runtime

SIGNED_V4 = 0x84
BARE_V4 = 0x04
LONGEST_SIGNED_AS_IS = 256


@record
class Signed:
    """Who signed, how, and the extra value of each of the runtime's extensions, in order."""

    address: MultiAddress
    signature: MultiSignature
    extra: tuple[Any, ...]


@record
class Extrinsic:
    """A decoded extrinsic. `signable` are the bytes of call and extra, ready for the implicit data."""

    raw: bytes
    hash: bytes
    signed: Signed | None
    call: RuntimeCall
    signable: bytes


class ExtrinsicBytesCodec(Codec):
    """An extrinsic as its bytes, length prefix included; metadata shows what they hold."""

    name = "UncheckedExtrinsic"
    min_size = 1

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def write(self, value: bytes, out: bytearray) -> None:
        out += value

    def read(self, data: bytes, at: int) -> tuple[bytes, int]:
        length, start = read_compact(data, at)
        take(data, start, length, self.name)
        return data[at : start + length], start + length

    def describe(self) -> TypeInfo:
        codecs = self._runtime.codecs
        params = (
            ("Address", codecs.of(MultiAddress)),
            ("Call", self._runtime.call_codec),
            ("Signature", codecs.of(MultiSignature)),
            ("Extra", codecs.of(extra_annotation(self._runtime))),
        )
        path = ("sp_runtime", "generic", "unchecked_extrinsic", "UncheckedExtrinsic")
        return TypeInfo(Composite((Field(None, BYTES),)), path, params)


class ExtrinsicBytes:
    """The annotation of an extrinsic as bytes in a runtime API; bound by each runtime to its own codec."""


RawExtrinsic = Annotated[bytes, ExtrinsicBytes]


def extra_annotation(runtime: Runtime) -> Any:
    """The tuple of all extensions' extra types."""
    return tuple[tuple(extension.extra for extension in runtime.extensions)]  # type: ignore[misc]


class ExtrinsicCodec:
    """Decodes and builds a runtime's extrinsics."""

    def __init__(self, runtime: Runtime) -> None:
        self._call = runtime.call_codec
        self._address = runtime.codecs.of(MultiAddress)
        self._signature = runtime.codecs.of(MultiSignature)
        self._extra = tuple(runtime.codecs.of(extension.extra) for extension in runtime.extensions)
        self._implicit = tuple(runtime.codecs.of(extension.implicit) for extension in runtime.extensions)

    def decode(self, raw: bytes) -> Extrinsic:
        """Decode an extrinsic with its length prefix. Raises ScaleError."""
        length, at = read_compact(raw, 0)
        if length != len(raw) - at or length == 0:
            raise ScaleError(f"the length prefix says {length} bytes, {len(raw) - at} follow")
        version = raw[at]
        signed, extra_bytes = None, b""
        at += 1
        if version == SIGNED_V4:
            signed, extra_bytes, at = self._read_signed(raw, at)
        elif version != BARE_V4:
            raise ScaleError(f"extrinsic version byte {version:#04x} is neither signed nor bare v4")
        call, end = self._call.read(raw, at)
        if end != len(raw):
            raise ScaleError(f"{len(raw) - end} bytes left over after the call")
        return Extrinsic(raw, blake2_256(raw), signed, call, raw[at:] + extra_bytes)

    def payload(self, signable: bytes, implicit: tuple[Any, ...]) -> bytes:
        """The bytes that the signature covers. `implicit` has a value for each extension."""
        out = bytearray(signable)
        for codec, value in zip(self._implicit, implicit, strict=True):
            codec.write(value, out)
        return bytes(out) if len(out) <= LONGEST_SIGNED_AS_IS else blake2_256(bytes(out))

    def signable(self, call: RuntimeCall, extra: tuple[Any, ...]) -> bytes:
        """Call and extra, for a transaction that is yet to be signed."""
        out = bytearray(self._call.encode(call))
        for codec, value in zip(self._extra, extra, strict=True):
            codec.write(value, out)
        return bytes(out)

    def encode_signed(self, call: RuntimeCall, signed: Signed) -> bytes:
        """A signed extrinsic with its length prefix."""
        body = bytearray((SIGNED_V4,))
        self._address.write(signed.address, body)
        self._signature.write(signed.signature, body)
        for codec, value in zip(self._extra, signed.extra, strict=True):
            codec.write(value, body)
        self._call.write(call, body)
        return _with_length(body)

    def encode_bare(self, call: RuntimeCall) -> bytes:
        """An unsigned extrinsic with its length prefix."""
        body = bytearray((BARE_V4,))
        self._call.write(call, body)
        return _with_length(body)

    def _read_signed(self, raw: bytes, at: int) -> tuple[Signed, bytes, int]:
        address, at = self._address.read(raw, at)
        signature, start = self._signature.read(raw, at)
        at = start
        extra = []
        for codec in self._extra:
            value, at = codec.read(raw, at)
            extra.append(value)
        return Signed(address, signature, tuple(extra)), raw[start:at], at


def _with_length(body: bytearray) -> bytes:
    out = bytearray()
    write_compact(len(body), out)
    return bytes(out + body)
