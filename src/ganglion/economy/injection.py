"""What a block's emission does to one subnet's pool: liquidity up to a cap, and a buy with the rest.

The cap on injected alpha is the root proportion of the alpha reward. As a subnet's alpha issuance grows the
proportion shrinks, and more of its TAO buys alpha instead of becoming liquidity.

Source: pallets/subtensor/src/coinbase/run_coinbase.rs, block_step.rs.
"""

from dataclasses import dataclass

from ganglion.economy.emission import block_emission
from ganglion.economy.errors import SwapRefused, WeightOutOfRange
from ganglion.economy.fractions import part_of
from ganglion.economy.pool import Pool
from ganglion.economy.swap import buy
from ganglion.fixed import U64F64, U96F32


@dataclass(frozen=True, slots=True)
class EmissionTerms:
    """One block's amounts for one subnet, raw U96F32: rao for TAO, alpha-rao for alpha."""

    tao_in: int
    alpha_in: int
    alpha_out: int
    excess_tao: int


@dataclass(frozen=True, slots=True)
class Injection:
    """What happened to the pool. All amounts whole: rao, alpha-rao.

    `tao_spent` came out of the block's emission (what no subnet spends is unminted); `excess_bought_with` is
    the part of it that entered the pool by the buy. `alpha_bought` is now the protocol's.
    """

    pool: Pool
    tao_in: int
    alpha_in: int
    excess_bought_with: int
    alpha_bought: int
    tao_spent: int


def root_proportion(root_tao: int, tao_weight: int, alpha_issuance: int) -> int:
    """t / (t + alpha issuance) as U96F32, t being the root network's TAO times the TAO weight (U96F32)."""
    weighed = part_of(root_tao, tao_weight)
    return U96F32.safe_div(weighed, U96F32.add(weighed, U96F32.from_int(alpha_issuance)))


def emission_terms(tao_emission: int, price: int, alpha_issuance: int, proportion: int) -> EmissionTerms:
    """Split a subnet's TAO (U96F32) at a price (U64F64) under the cap proportion * alpha reward.

    `alpha_issuance` is alpha in the pool plus alpha outside. At price 0 no alpha goes in, but the TAO does.
    """
    narrow_price = U96F32.convert(price, U64F64)
    alpha_reward = U96F32.from_int(block_emission(alpha_issuance))
    tao_in = tao_emission
    alpha_in = U96F32.safe_div(tao_emission, narrow_price)
    cap = U96F32.mul(proportion, alpha_reward)
    if alpha_in > cap:
        alpha_in = cap
        tao_in = U96F32.mul(cap, narrow_price)
    return EmissionTerms(tao_in, alpha_in, alpha_reward, U96F32.sub(tao_emission, tao_in))


def inject(pool: Pool, terms: EmissionTerms) -> Injection:
    """Set the weight for the liquidity, buy with the excess, then add the liquidity.

    The buy meets the new weight but the old reserves. A weight out of range means no injection; the buy
    then still happens, at the old weight. A refused buy leaves its TAO with the subnet, outside the pool.
    """
    tao_in, alpha_in = U96F32.to_u64(terms.tao_in), U96F32.to_u64(terms.alpha_in)
    excess = U96F32.to_u64(terms.excess_tao)
    try:
        pool = pool.with_weight_for(tao_in, alpha_in)
    except WeightOutOfRange:
        tao_in = alpha_in = 0
    paid, bought = 0, 0
    if excess:
        try:
            swap = buy(pool, excess)
        except SwapRefused:
            pass
        else:
            pool, paid, bought = swap.pool, swap.paid_in, swap.paid_out
    return Injection(pool.with_liquidity(tao_in, alpha_in), tao_in, alpha_in, paid, bought, excess + tao_in)
