"""How much work and how many bytes a block may hold.

Source: subtensor runtime/src/lib.rs (BlockWeights, BlockLength): four seconds of work, of which normal
calls may use three quarters; 10 MiB, normal calls 7.5 MiB.
"""

from __future__ import annotations

from ganglion.frame.dispatch import U64_MAX, DispatchClass, DispatchInfo, Weight
from ganglion.scale import Struct
from ganglion.scale.types import u32, u64

BASE_BLOCK = Weight(431_614_000, 0)
BASE_EXTRINSIC = Weight(108_157_000, 0)
MAX_BLOCK = Weight(4_000_000_000_000, U64_MAX)


class WeightsPerClass(Struct, path="frame_system::limits::WeightsPerClass"):
    """Limits of one class; None means no limit of its own."""

    base_extrinsic: Weight
    max_extrinsic: Weight | None
    max_total: Weight | None
    reserved: Weight | None


class PerClassLimits(Struct, path="frame_support::dispatch::PerDispatchClass"):
    """Limits by class."""

    normal: WeightsPerClass
    operational: WeightsPerClass
    mandatory: WeightsPerClass


class BlockWeights(Struct, path="frame_system::limits::BlockWeights"):
    """Limits of a block's weight."""

    base_block: Weight
    max_block: Weight
    per_class: PerClassLimits


class PerClassLength(Struct, path="frame_support::dispatch::PerDispatchClass"):
    """Bytes by class."""

    normal: u32
    operational: u32
    mandatory: u32


class BlockLength(Struct, path="frame_system::limits::BlockLength"):
    """Limits of a block's length, in bytes."""

    max: PerClassLength


class PerClassWeight(Struct, path="frame_support::dispatch::PerDispatchClass"):
    """Weight used so far by class."""

    normal: Weight
    operational: Weight
    mandatory: Weight

    @property
    def total(self) -> Weight:
        """What all classes used."""
        return self.normal + self.operational + self.mandatory

    def of(self, class_: DispatchClass) -> Weight:
        """What a class used."""
        return (self.normal, self.operational, self.mandatory)[class_]

    def with_class(self, class_: DispatchClass, weight: Weight) -> PerClassWeight:
        """The same with one class's use replaced."""
        parts = [self.normal, self.operational, self.mandatory]
        parts[class_] = weight
        return PerClassWeight(*parts)


class RuntimeDbWeight(Struct, path="sp_weights::RuntimeDbWeight"):
    """Picoseconds of a database read and write."""

    read: u64
    write: u64


BLOCK_WEIGHTS = BlockWeights(
    BASE_BLOCK,
    MAX_BLOCK,
    PerClassLimits(
        WeightsPerClass(
            BASE_EXTRINSIC,
            Weight(2_599_891_843_000, 11_990_383_647_911_208_550),
            Weight(3_000_000_000_000, 13_835_058_055_282_163_711),
            Weight(0, 0),
        ),
        WeightsPerClass(
            BASE_EXTRINSIC,
            Weight(3_599_891_843_000, 16_602_069_666_338_596_454),
            Weight(4_000_000_000_000, U64_MAX),
            Weight(1_000_000_000_000, 4_611_686_018_427_387_904),
        ),
        WeightsPerClass(BASE_EXTRINSIC, None, None, None),
    ),
)
BLOCK_LENGTH = BlockLength(PerClassLength(7_864_320, 10_485_760, 10_485_760))
DB_WEIGHT = RuntimeDbWeight(25_000_000, 100_000_000)

WEIGHT_LIMITS = (
    BLOCK_WEIGHTS.per_class.normal,
    BLOCK_WEIGHTS.per_class.operational,
    BLOCK_WEIGHTS.per_class.mandatory,
)
LENGTH_LIMITS = (BLOCK_LENGTH.max.normal, BLOCK_LENGTH.max.operational, BLOCK_LENGTH.max.mandatory)
"""Limits by the number of the class."""


def weight_after(used: PerClassWeight, info: DispatchInfo, length: int) -> PerClassWeight | None:
    """The block's use with one more call of `length` bytes, or None if it does not fit.

    A call adds its weight, what every extrinsic weighs, and its length as proof. Normal calls are held by
    their class's total and by the block's; operational ones may always use their class's reserve; mandatory
    ones always fit. Source: polkadot-sdk substrate/frame/system/src/extensions/check_weight.rs.
    """
    limit, weight = WEIGHT_LIMITS[info.class_], info.weight
    added = Weight(
        weight.ref_time + limit.base_extrinsic.ref_time,
        weight.proof_size + limit.base_extrinsic.proof_size + length,
    )
    class_use = used.of(info.class_) + added
    if limit.max_total is not None and not class_use.fits(limit.max_total):
        return None
    after = used.with_class(info.class_, class_use)
    if not after.total.fits(BLOCK_WEIGHTS.max_block) and not (
        limit.reserved is None or class_use.fits(limit.reserved)
    ):
        return None
    return after
