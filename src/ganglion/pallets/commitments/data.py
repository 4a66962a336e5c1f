"""What a commitment may hold.

Raw data of 0 to 128 bytes has its length in the variant's index, so `Data` has a codec of its own.
Source: subtensor pallets/commitments/src/types.rs.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Annotated, Any

from ganglion.frame.primitives import TaoBalance
from ganglion.scale import Codec, ScaleError, Struct, named
from ganglion.scale.codec import take
from ganglion.scale.description import Field, TypeInfo, VariantInfo, Variants
from ganglion.scale.markers import Bounded
from ganglion.scale.primitives import BYTES, U8, U64, FixedBytesCodec
from ganglion.scale.types import Vec, u32, u64

MAX_RAW = 128
MAX_BIG_RAW = 512
MAX_TIMELOCK = 1_024
MAX_FIELDS = 3

_HASHES = {130: "BlakeTwo256", 131: "Sha256", 132: "Keccak256", 133: "ShaThree256"}
_NONE, _TIMELOCK, _RESET_BONDS, _BIG_RAW, _REVEAL_FAILED = 0, 134, 135, 136, 137


@dataclass(frozen=True)
class Data:
    """One field: the variant's index, its bytes, and the drand round of a timelock."""

    index: int
    content: bytes = b""
    reveal_round: int = 0

    @staticmethod
    def raw(content: bytes) -> Data:
        """Up to 128 bytes as they are."""
        return Data(len(content) + 1, content)

    @staticmethod
    def timelock(sealed: bytes, reveal_round: int) -> Data:
        """Up to 1,024 bytes sealed to a round of the beacon."""
        return Data(_TIMELOCK, sealed, reveal_round)

    @property
    def failed(self) -> Data:
        """The same field, marked as one that could not be opened."""
        return replace(self, index=_REVEAL_FAILED)

    @property
    def is_timelock(self) -> bool:
        """Encrypted to a drand round."""
        return self.index == _TIMELOCK

    @property
    def is_failed_reveal(self) -> bool:
        """What the chain itself writes when a timelock could not be opened."""
        return self.index == _REVEAL_FAILED

    @property
    def resets_bonds(self) -> bool:
        """The flag by which a neuron asks to start over with its validators."""
        return self.index == _RESET_BONDS


class DataCodec(Codec):
    """One byte of variant, then its fields."""

    name = "Data"
    min_size = 1

    def __init__(self) -> None:
        self._timelock = Bounded(MAX_TIMELOCK).apply(BYTES)
        self._big_raw = Bounded(MAX_BIG_RAW).apply(BYTES)
        self._contents: dict[int, Codec] = {
            **{length + 1: FixedBytesCodec(U8, length) for length in range(MAX_RAW + 1)},
            **{index: FixedBytesCodec(U8, 32) for index in _HASHES},
            _TIMELOCK: self._timelock,
            _BIG_RAW: self._big_raw,
            _REVEAL_FAILED: self._timelock,
        }

    def write(self, value: Data, out: bytearray) -> None:
        if not isinstance(value, Data):
            raise ScaleError(f"{value!r} is not a {self.name}")
        out.append(value.index)
        content = self._contents.get(value.index)
        if content is not None:
            content.write(value.content, out)
        elif value.index not in (_NONE, _RESET_BONDS) or value.content:
            raise ScaleError(f"{value!r} is not a {self.name}")
        if value.index in (_TIMELOCK, _REVEAL_FAILED):
            U64.write(value.reveal_round, out)

    def read(self, data: bytes, at: int) -> tuple[Data, int]:
        index = take(data, at, 1, self.name)[0]
        at += 1
        content, reveal_round = b"", 0
        codec = self._contents.get(index)
        if codec is not None:
            content, at = codec.read(data, at)
        elif index not in (_NONE, _RESET_BONDS):
            raise ScaleError(f"{self.name}: there is no variant {index}")
        if index in (_TIMELOCK, _REVEAL_FAILED):
            reveal_round, at = U64.read(data, at)
        return Data(index, content, reveal_round), at

    def describe(self) -> TypeInfo:
        sealed = (Field("encrypted", self._timelock), Field("reveal_round", U64))
        arms = [VariantInfo("None", _NONE)]
        arms += [
            VariantInfo(f"Raw{length}", length + 1, (Field(None, self._contents[length + 1]),))
            for length in range(MAX_RAW + 1)
        ]
        arms += [
            VariantInfo(name, index, (Field(None, self._contents[index]),)) for index, name in _HASHES.items()
        ]
        arms += [
            VariantInfo("TimelockEncrypted", _TIMELOCK, sealed),
            VariantInfo("ResetBondsFlag", _RESET_BONDS),
            VariantInfo("BigRaw", _BIG_RAW, (Field(None, self._big_raw),)),
            VariantInfo("TimelockRevealFailed", _REVEAL_FAILED, sealed),
        ]
        return TypeInfo(Variants(tuple(arms)), ("pallet_commitments", "types", "Data"))


@named("pallet_commitments::types::RevealFailure")
class RevealFailure(enum.IntEnum):
    """Why a sealed field could not be opened."""

    SignatureDeserialize = 0
    CiphertextDeserialize = 1
    Decrypt = 2
    EmptyPlaintext = 3
    PulseExpired = 4
    RoundMismatch = 5


DATA: Any = DataCodec()
DataField = Annotated[Data, DATA]


class CommitmentInfo(Struct, path="pallet_commitments::types::CommitmentInfo"):
    """The fields of a commitment."""

    fields: Annotated[Vec[DataField], Bounded(MAX_FIELDS)]


class Registration(Struct, path="pallet_commitments::types::Registration"):
    """A commitment as stored: deposit in rao, block of the last change."""

    deposit: TaoBalance
    block: u32
    info: CommitmentInfo


class UsageTracker(Struct, path="pallet_commitments::types::UsageTracker"):
    """How many bytes an account committed in an epoch."""

    last_epoch: u64
    used_space: u64
