"""Metadata V14 and V15: what a runtime tells clients of itself, generated from its declarations.

Source: frame-metadata v14.rs and v15.rs. Both begin with the magic `meta` and the version byte.
"""

from __future__ import annotations

from ganglion.frame.address import MultiAddress, MultiSignature
from ganglion.frame.dispatch import Error
from ganglion.frame.extrinsic import RawExtrinsic, extra_annotation
from ganglion.frame.runtime import AssembledPallet, Runtime
from ganglion.frame.storage import StorageItem
from ganglion.scale import Codec
from ganglion.scale.containers import TupleCodec
from ganglion.scale.description import Composite, Field, TypeInfo, VariantInfo, Variants
from ganglion.scale.portable import PortableTypes, write_texts
from ganglion.scale.primitives import BYTES, TEXT, write_compact
from ganglion.scale.structure_codecs import docs_of

MAGIC = b"meta"
EXTRINSIC_VERSION = 4
HASHER_IDS = {
    "Blake2_128": 0,
    "Blake2_256": 1,
    "Blake2_128Concat": 2,
    "Twox128": 3,
    "Twox256": 4,
    "Twox64Concat": 5,
    "Identity": 6,
}


def metadata_v14(runtime: Runtime) -> bytes:
    """The runtime's metadata in version 14, magic included."""
    writer = _Writer(runtime)
    body = bytearray()
    writer.pallets(body, docs=False)
    write_compact(writer.types.id_of(runtime.codecs.of(RawExtrinsic)), body)
    body.append(EXTRINSIC_VERSION)
    writer.extensions(body)
    write_compact(
        writer.types.id_of(_Shown("Runtime", TypeInfo(Composite(()), (runtime.crate, "Runtime")))), body
    )
    return MAGIC + bytes((14,)) + writer.types.encode() + bytes(body)


def metadata_v15(runtime: Runtime) -> bytes:
    """The runtime's metadata in version 15, magic included, runtime APIs among it."""
    writer = _Writer(runtime)
    body = bytearray()
    writer.pallets(body, docs=True)
    body.append(EXTRINSIC_VERSION)
    for codec in (
        runtime.codecs.of(MultiAddress),
        runtime.call_codec,
        runtime.codecs.of(MultiSignature),
        runtime.codecs.of(extra_annotation(runtime)),
    ):
        write_compact(writer.types.id_of(codec), body)
    writer.extensions(body)
    write_compact(
        writer.types.id_of(_Shown("Runtime", TypeInfo(Composite(()), (runtime.crate, "Runtime")))), body
    )
    writer.apis(body)
    for outer in (runtime.call_codec, runtime.event_codec, writer.errors):
        write_compact(writer.types.id_of(outer), body)
    write_compact(0, body)  # no custom values
    return MAGIC + bytes((15,)) + writer.types.encode() + bytes(body)


class _Shown(Codec):
    """A type that metadata describes and that no value of ours ever has."""

    def __init__(self, name: str, info: TypeInfo) -> None:
        self.name = name
        self.info = info

    def write(self, value: object, out: bytearray) -> None:
        raise TypeError(f"{self.name} is only described")

    def read(self, data: bytes, at: int) -> tuple[object, int]:
        raise TypeError(f"{self.name} is only described")

    def describe(self) -> TypeInfo:
        return self.info


def _errors_codec(crate: str, errors: tuple[type[Error], ...]) -> Codec:
    arms = tuple(VariantInfo(cls.__name__, cls.scale_index, (), docs_of(cls)) for cls in errors)
    return _Shown(f"{crate}::Error", TypeInfo(Variants(arms), (crate, "pallet", "Error")))


class _Writer:
    """Writes the parts that both versions share; types are numbered as they are met."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.types = PortableTypes()
        self._errors = {
            pallet.index: _errors_codec(pallet.pallet.crate, pallet.errors)
            for pallet in runtime.pallets
            if pallet.errors
        }
        arms = tuple(
            VariantInfo(pallet.name, pallet.index, (Field(None, self._errors[pallet.index]),))
            for pallet in runtime.pallets
            if pallet.errors
        )
        self.errors: Codec = _Shown("RuntimeError", TypeInfo(Variants(arms), (runtime.crate, "RuntimeError")))

    def pallets(self, out: bytearray, docs: bool) -> None:
        """Vec<PalletMetadata>; version 15 adds docs."""
        write_compact(len(self.runtime.pallets), out)
        for pallet in self.runtime.pallets:
            TEXT.write(pallet.name, out)
            self._storage(pallet, out)
            for codec in (pallet.calls, pallet.events):
                self._optional_type(codec, out)
            self._constants(pallet, out)
            self._optional_type(self._errors.get(pallet.index), out)
            out.append(pallet.index)
            if docs:
                write_texts(docs_of(pallet.pallet), out)

    def extensions(self, out: bytearray) -> None:
        """Vec<SignedExtensionMetadata>: identifier, extra type, implicit type."""
        codecs = self.runtime.codecs
        write_compact(len(self.runtime.extensions), out)
        for extension in self.runtime.extensions:
            TEXT.write(extension.identifier, out)
            write_compact(self.types.id_of(codecs.of(extension.extra)), out)
            write_compact(self.types.id_of(codecs.of(extension.implicit)), out)

    def apis(self, out: bytearray) -> None:
        """Vec<RuntimeApiMetadata>."""
        write_compact(len(self.runtime.apis), out)
        for api in self.runtime.apis:
            TEXT.write(api.trait, out)
            methods = [method for cls, method in self.runtime.api_methods.values() if cls is api]
            write_compact(len(methods), out)
            for method in methods:
                TEXT.write(method.name, out)
                write_compact(len(method.inputs), out)
                for field in method.inputs:
                    TEXT.write(field.name or "", out)
                    write_compact(self.types.id_of(field.codec), out)
                write_compact(self.types.id_of(method.output), out)
                write_texts(method.docs, out)
            write_texts(docs_of(api), out)

    def _optional_type(self, codec: Codec | None, out: bytearray) -> None:
        out.append(codec is not None)
        if codec is not None:
            write_compact(self.types.id_of(codec), out)

    def _constants(self, pallet: AssembledPallet, out: bytearray) -> None:
        write_compact(len(pallet.constants), out)
        for name, codec, value in pallet.constants:
            TEXT.write(name, out)
            write_compact(self.types.id_of(codec), out)
            BYTES.write(codec.encode(value), out)
            write_texts((), out)

    def _storage(self, pallet: AssembledPallet, out: bytearray) -> None:
        out.append(bool(pallet.storage))
        if not pallet.storage:
            return
        TEXT.write(pallet.name, out)
        write_compact(len(pallet.storage), out)
        for item in pallet.storage:
            self._item(item, out)

    def _item(self, item: StorageItem, out: bytearray) -> None:
        TEXT.write(item.name, out)
        out.append(item.has_default)
        if item.keys:
            out.append(1)
            write_compact(len(item.hashers), out)
            out += bytes(HASHER_IDS[hasher.name] for hasher in item.hashers)
            key = item.keys[0] if len(item.keys) == 1 else TupleCodec(item.keys)
            write_compact(self.types.id_of(key), out)
        else:
            out.append(0)
        write_compact(self.types.id_of(item.value), out)
        # An optional item's default is its option's None, one zero byte.
        BYTES.write(item.value.encode(item.default) if item.has_default else b"\x00", out)
        write_texts((), out)
