"""For how long an extrinsic is valid.

A mortal era has a period (a power of two from 4 to 65,536 blocks) and a phase inside it; the extrinsic is
born at the latest block of that phase at or before the current one, and dies a period later.
Source: polkadot-sdk substrate/primitives/runtime/src/generic/era.rs.
"""

from __future__ import annotations

from ganglion.scale import Codec, ScaleError
from ganglion.scale.codec import take
from ganglion.scale.description import Field, TypeInfo, VariantInfo, Variants
from ganglion.scale.primitives import U8
from ganglion.scale.record import record


@record
class Era:
    """`period` 0 is the immortal era. `phase` is in blocks, below `period`, in steps of a 4,096th of it."""

    period: int = 0
    phase: int = 0

    @staticmethod
    def mortal(period: int, current: int) -> Era:
        """The era of `period` blocks (rounded up to a power of two, 4 to 65,536) that begins at `current`."""
        period = 1 << max(2, min(16, (period - 1).bit_length()))
        quantum = max(1, period >> 12)
        return Era(period, current % period // quantum * quantum)

    @property
    def is_immortal(self) -> bool:
        return self.period == 0

    def birth(self, current: int) -> int:
        """The block number at which the era began, seen from block `current`."""
        if self.is_immortal:
            return 0
        return (max(current, self.phase) - self.phase) // self.period * self.period + self.phase

    def death(self, current: int) -> int:
        """The first block number in which the extrinsic is no longer valid; 2**64 - 1 if immortal."""
        return (1 << 64) - 1 if self.is_immortal else self.birth(current) + self.period


class EraCodec(Codec):
    """One zero byte, or two bytes of period and phase."""

    name = "Era"
    min_size = 1

    def write(self, value: Era, out: bytearray) -> None:
        if not isinstance(value, Era):
            raise ScaleError(f"{value!r} is not an era")
        if value.is_immortal:
            out.append(0)
            return
        quantum = max(1, value.period >> 12)
        low = value.period.bit_length() - 2
        if (
            value.period.bit_count() != 1
            or not 1 <= low <= 15
            or value.phase not in range(0, value.period, quantum)
        ):
            raise ScaleError(f"{value!r} is not an era")
        out += (low | value.phase // quantum << 4).to_bytes(2, "little")

    def read(self, data: bytes, at: int) -> tuple[Era, int]:
        if take(data, at, 1, self.name)[0] == 0:
            return Era(), at + 1
        encoded = int.from_bytes(take(data, at, 2, self.name), "little")
        period = 2 << encoded % 16
        phase = (encoded >> 4) * max(1, period >> 12)
        if period < 4 or phase >= period:
            raise ScaleError(f"Era: phase {phase} of period {period}")
        return Era(period, phase), at + 2

    def describe(self) -> TypeInfo:
        mortal = tuple(VariantInfo(f"Mortal{i}", i, (Field(None, U8),)) for i in range(1, 256))
        arms = (VariantInfo("Immortal", 0), *mortal)
        return TypeInfo(Variants(arms), ("sp_runtime", "generic", "era", "Era"))


ERA = EraCodec()
