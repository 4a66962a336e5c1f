"""Stake weight: what a validator's vote counts by, lent and borrowed stake included.

Terms: a hotkey *lends* proportions of its stake to child keys and *inherits* proportions of its parents'
stake, on one subnet; the same proportions apply to its alpha there and to its TAO on the root network.
TAO counts with the TAO weight.

Source: pallets/subtensor/src/staking/stake_utils.rs, staking/set_children.rs.
"""

from collections.abc import Iterable

from ganglion.economy.fractions import fraction_u64, part_of
from ganglion.fixed import I64F64, U96F32


def inherited_stake(own: int, lent: Iterable[int], parents: Iterable[tuple[int, int]]) -> int:
    """Stake after lending and inheriting, floored: in alpha-rao for alpha, in rao for root TAO.

    `lent` holds proportions (parts of 2**64 - 1), `parents` (stake, proportion). What is lent is subtracted
    first and stops at 0, so over-lending never eats what is inherited. On the root network nothing is
    lent. Raises: OutOfRange.
    """
    to_children = from_parents = 0
    for proportion in lent:
        to_children = U96F32.add(to_children, part_of(own, fraction_u64(proportion)))
    for stake, proportion in parents:
        from_parents = U96F32.add(from_parents, part_of(stake, fraction_u64(proportion)))
    kept = U96F32.sub(U96F32.from_int(own), to_children)
    return U96F32.to_u64(U96F32.add(kept, from_parents))


def stake_weight(alpha: int, root_tao: int, tao_weight: int) -> int:
    """alpha + root TAO * TAO weight as I64F64, from inherited stakes; `tao_weight` is raw U96F32."""
    weighed = I64F64.mul(I64F64.from_int(root_tao), I64F64.convert(tao_weight, U96F32))
    return I64F64.add(I64F64.from_int(alpha), weighed)
