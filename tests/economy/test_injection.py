from dataclasses import asdict

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.fractions import fraction_u64
from ganglion.economy.injection import EmissionTerms, emission_terms, inject, root_proportion
from ganglion.economy.pool import MIN_WEIGHT, ONE, Pool
from ganglion.fixed import U96F32

TAO = 10**9
reserves = st.integers(1000 * TAO, 10**7 * TAO)
pools = st.builds(Pool, reserves, reserves, st.integers(ONE // 4, ONE * 3 // 4))
any_pools = st.builds(
    Pool, st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(MIN_WEIGHT, ONE - MIN_WEIGHT)
)
parts = st.integers(0, 2**96 - 1)


@pytest.mark.vectors("e_subnet_emission", "root_proportion")
def test_root_proportions_match(given, expected):
    tao_weight = fraction_u64(given["tao_weight"])
    assert tao_weight == expected["tao_weight_x32"]
    proportion = root_proportion(given["root_tao"], tao_weight, given["alpha_issuance"])
    assert proportion == expected["proportion_x32"]


@pytest.mark.vectors("e_subnet_emission", "terms")
def test_terms_match(given, expected):
    proportion = root_proportion(
        given["root_tao"], fraction_u64(given["tao_weight"]), given["alpha_issuance"]
    )
    terms = emission_terms(given["tao_emission_x32"], given["price_x64"], given["alpha_issuance"], proportion)
    named = {f"{name}_x32": value for name, value in asdict(terms).items()}
    assert named | {"root_proportion_x32": proportion} == expected


@draw(pools, st.integers(0, TAO << 32), st.integers(0, 21 * 10**15), st.integers(0, 2**32))
def test_a_pool_gains_what_was_injected_and_what_bought(pool, emission, issuance, proportion):
    done = inject(pool, emission_terms(emission, pool.price, issuance, proportion))
    assert done.pool.tao - pool.tao == done.tao_in + done.excess_bought_with
    assert done.tao_in + done.excess_bought_with <= done.tao_spent <= U96F32.to_u64(emission)
    assert done.pool.alpha - pool.alpha == done.alpha_in - done.alpha_bought


@draw(pools, st.integers(0, TAO << 32), st.integers(0, 21 * 10**15))
def test_injection_alone_keeps_the_price_and_a_buy_raises_it(pool, emission, issuance):
    terms = emission_terms(emission, pool.price, issuance, U96F32.one)
    done = inject(pool, terms)
    assert done.pool.price >= pool.price - pool.price // 10**12


@draw(any_pools, parts, parts, parts)
def test_any_terms_leave_a_valid_pool(pool, tao_in, alpha_in, excess):
    done = inject(pool, EmissionTerms(tao_in, alpha_in, 0, excess))
    assert done.tao_spent == done.tao_in + U96F32.to_u64(excess)


def test_a_refused_weight_means_no_injection_but_the_excess_still_buys():
    pool = Pool(10**15, 10**15)
    done = inject(pool, EmissionTerms(111 * 10**15 << 32, 0, 0, TAO << 32))
    assert (done.tao_in, done.alpha_in, done.pool.quote) == (0, 0, pool.quote)
    assert done.excess_bought_with == TAO == done.tao_spent
    assert done.alpha_bought > 0


def test_a_refused_buy_spends_its_tao_outside_the_pool():
    pool = Pool(10**12, 999_999)
    done = inject(pool, EmissionTerms(0, 0, 0, TAO << 32))
    assert (done.pool, done.alpha_bought, done.excess_bought_with, done.tao_spent) == (pool, 0, 0, TAO)
