"""Stake weight: what alpha and TAO stake count for together in an epoch.

Source: subtensor pallets/subtensor/src/staking/stake_utils.rs.
"""

from ganglion.fixed import I64F64, U96F32

U64_MAX = 2**64 - 1


def tao_weight_proportion(tao_weight: int) -> int:
    """u64 parts of 2**64 - 1 as raw I64F64, cut to 32 fraction bits as the chain does."""
    return I64F64.convert(U96F32.from_ratio(tao_weight, U64_MAX), U96F32)


def stake_weight(alpha_rao: int, tao_rao: int, tao_weight: int) -> int:
    """alpha + tao * w, raw I64F64, with w the u64 proportion `tao_weight`."""
    weighted = I64F64.mul(I64F64.from_int(tao_rao), tao_weight_proportion(tao_weight))
    return I64F64.add(I64F64.from_int(alpha_rao), weighted)
