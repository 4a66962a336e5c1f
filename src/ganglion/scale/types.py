"""The vocabulary of type declarations.

Each name is an ordinary Python type to a type checker (`u16` is `int`, `Bytes` is `bytes`) and carries
its codec for `Codecs.of`. Containers are written in Python's own notation: `Vec[T]` is `tuple[T, ...]`,
an option `T | None`, a tuple `tuple[A, B]`, a BTreeMap `dict[K, V]`, a BTreeSet `frozenset[T]`.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from ganglion.scale import primitives
from ganglion.scale.containers import ArrayCodec
from ganglion.scale.markers import CompactForm, Newtype
from ganglion.scale.primitives import BYTES, U8, FixedBytesCodec

T = TypeVar("T")

u8 = Annotated[int, U8]
u16 = Annotated[int, primitives.U16]
u32 = Annotated[int, primitives.U32]
u64 = Annotated[int, primitives.U64]
u128 = Annotated[int, primitives.U128]
i8 = Annotated[int, primitives.I8]
i16 = Annotated[int, primitives.I16]
i32 = Annotated[int, primitives.I32]
i64 = Annotated[int, primitives.I64]
i128 = Annotated[int, primitives.I128]

Compact = Annotated[T, CompactForm()]
Vec = tuple[T, ...]
Bytes = Annotated[bytes, BYTES]
Unit = tuple[()]

Bytes4 = Annotated[bytes, FixedBytesCodec(U8, 4)]
Bytes8 = Annotated[bytes, FixedBytesCodec(U8, 8)]
Bytes20 = Annotated[bytes, FixedBytesCodec(U8, 20)]
Bytes32 = Annotated[bytes, FixedBytesCodec(U8, 32)]
Bytes33 = Annotated[bytes, FixedBytesCodec(U8, 33)]
Bytes64 = Annotated[bytes, FixedBytesCodec(U8, 64)]
Bytes65 = Annotated[bytes, FixedBytesCodec(U8, 65)]

H160 = Annotated[Bytes20, Newtype("primitive_types::H160")]
H256 = Annotated[Bytes32, Newtype("primitive_types::H256")]
U256 = Annotated[int, primitives.U256, Newtype("primitive_types::U256", shown=ArrayCodec(primitives.U64, 4))]
AccountId = Annotated[Bytes32, Newtype("sp_core::crypto::AccountId32")]
