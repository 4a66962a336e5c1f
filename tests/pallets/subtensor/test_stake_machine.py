"""Random stakes, moves, burns, claims and blocks over two subnets and root: the books balance after each."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.root_claims import KeepClaim, RootClaims, SwapClaim
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_limits import StakeLimits
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.unstake_all import UnstakeAll
from random_calls import random_steps, take

TAO = 10**9
COLDKEYS = ("one", "two", "owner")
HOTKEYS = ("owner_hotkey", "owner_hotkey", "second_hotkey", "unknown")

coldkeys = st.sampled_from(COLDKEYS)
hotkeys = st.sampled_from(HOTKEYS)
netuids = st.sampled_from([0, 0, 1, 1, 1, 2, 2, 9])
reasonable = st.integers(1, 60).map(lambda tao: tao * TAO)
amounts = st.one_of(reasonable, reasonable, st.integers(0, 2**64 - 1))
limits = st.one_of(st.sampled_from([TAO // 10, TAO, 10 * TAO]), st.integers(0, 2**64 - 1))
partial = st.booleans()

CALLS = {
    Staking.add_stake: (hotkeys, netuids, amounts),
    Staking.remove_stake: (hotkeys, netuids, amounts),
    StakeLimits.add_stake_limit: (hotkeys, netuids, amounts, limits, partial),
    StakeLimits.remove_stake_limit: (hotkeys, netuids, amounts, limits, partial),
    StakeLimits.remove_stake_full_limit: (hotkeys, netuids, st.none() | limits),
    StakeMoves.move_stake: (hotkeys, hotkeys, netuids, netuids, amounts),
    StakeMoves.transfer_stake: (coldkeys, hotkeys, netuids, netuids, amounts),
    StakeMoves.swap_stake: (hotkeys, netuids, netuids, amounts),
    StakeMoves.swap_stake_limit: (hotkeys, netuids, netuids, amounts, limits, partial),
    StakeMoves.move_stake_limit: (hotkeys, hotkeys, netuids, netuids, amounts, limits, partial),
    UnstakeAll.unstake_all: (hotkeys,),
    UnstakeAll.unstake_all_alpha: (hotkeys,),
    AlphaBurn.recycle_alpha: (hotkeys, amounts, netuids),
    AlphaBurn.burn_alpha: (hotkeys, amounts, netuids),
    AlphaBurn.add_stake_burn: (hotkeys, netuids, amounts, st.none() | limits),
    RootClaims.claim_root: (st.just(frozenset[int]()),),
    RootClaims.set_root_claim_type: (st.sampled_from([SwapClaim(), KeepClaim()]),),
}
STEPS = random_steps(CALLS, signers=coldkeys, keys=(hotkeys, coldkeys), blocks=st.just(1), least=1, most=30)


@pytest.fixture
def busy_chain(make_chain):
    """Two started subnets with emission and root sales on, short tempos, and three rich coldkeys."""

    def build():
        chain = make_chain()
        for owner in ("owner", "second"):
            netuid = chain.subnet(owner, f"{owner}_hotkey")
            chain[Hyperparameters].tempo[netuid] = 4
            chain[SubnetEmission].subnet_emission_enabled[netuid] = True
            chain[Prices].subnet_moving_price[netuid] = 3 << 31
        for coldkey in COLDKEYS:
            chain.stake(0, "owner_hotkey", coldkey, 50)
            chain.stake(1, "owner_hotkey", coldkey, 50)
            chain.fund(coldkey, 300)
        return chain

    return build


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_books_balance_after_every_step(busy_chain, steps):
    chain = busy_chain()
    for step in steps:
        take(step, chain)
        chain.world.try_state()
        assert chain[Balances].total_issuance.get() == chain[Treasury].total_issuance.get()
        assert chain[Pools].subnet_tao[0] == chain[Pools].subnet_alpha_out[0]
        assert chain[Shares].total_alpha_staked[0] <= chain[Pools].subnet_tao[0]
