"""Random locks, stakes, gifts, key swaps and years: books, stakes and locks fit after every step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.collateral_calls import CollateralCalls
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.lock_swaps import LockSwaps
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.unstake_all import UnstakeAll
from ganglion.pallets.subtensor.voting_power import VotingPower
from random_calls import Call, random_steps, take

TAO = 10**9
COLDKEYS = ("one", "two", "owner")
HOTKEYS = ("owner_hotkey", "owner_hotkey", "one_hotkey", "two_hotkey", "unknown")
DUST = 20
"""Alpha-rao that share pools may have taken from a stake by rounding."""

coldkeys = st.sampled_from(COLDKEYS)
hotkeys = st.sampled_from(HOTKEYS)
netuids = st.sampled_from([0, 1, 1, 1, 1, 2, 2, 9])
reasonable = st.integers(1, 60).map(lambda tao: tao * TAO)
amounts = st.one_of(reasonable, reasonable, st.integers(0, 2**64 - 1))

CALLS = {
    Locks.lock_stake: (hotkeys, netuids, amounts),
    Locks.move_lock: (hotkeys, netuids),
    Locks.set_perpetual_lock: (netuids, st.booleans()),
    Locks.set_reject_locked_alpha: (st.booleans(),),
    CollateralCalls.add_collateral: (netuids, hotkeys, amounts, st.sampled_from([TAO // 2, 100 * TAO])),
    CollateralCalls.set_min_collateral: (netuids, hotkeys, amounts),
    Registration.burned_register: (netuids, hotkeys),
    Staking.add_stake: (hotkeys, netuids, amounts),
    Staking.remove_stake: (hotkeys, netuids, amounts),
    StakeMoves.move_stake: (hotkeys, hotkeys, netuids, netuids, amounts),
    StakeMoves.transfer_stake: (coldkeys, hotkeys, netuids, netuids, amounts),
    UnstakeAll.unstake_all: (hotkeys,),
    AlphaBurn.burn_alpha: (hotkeys, amounts, netuids),
    VotingPower.enable_voting_power_tracking: (netuids,),
    VotingPower.disable_voting_power_tracking: (netuids,),
}
PASSING = st.sampled_from([1, 1, 1, 7_200, 934_866, 100_000_000])
STEPS = random_steps(CALLS, signers=coldkeys, keys=(hotkeys, coldkeys), blocks=PASSING, least=5, most=40)


@pytest.fixture
def busy_chain(make_chain):
    """Two started subnets, one with collateral, short tempos, locked owner's cuts, and rich coldkeys."""

    def build():
        chain = make_chain()
        for owner in ("owner", "second"):
            netuid = chain.subnet(owner, f"{owner}_hotkey")
            chain[Hyperparameters].tempo[netuid] = 4
            chain[Hyperparameters].owner_cut_auto_lock_enabled[netuid] = True
            chain[Prices].subnet_moving_price[netuid] = 1 << 31
        chain[Hyperparameters].collateral_lock_share[2] = 32_768
        for coldkey in COLDKEYS:
            chain.stake(1, "owner_hotkey", coldkey, 50)
            chain.fund(coldkey, 300)
        for coldkey in ("one", "two"):
            chain.neuron(1, f"{coldkey}_hotkey", coldkey)
            chain.stake(1, f"{coldkey}_hotkey", coldkey, 20)
        return chain

    return build


def require_sound(chain: Any) -> None:
    """What is locked or collateral is staked, but for what rounding took."""
    chain.world.try_state()
    for coldkey in map(chain.who, COLDKEYS):
        for netuid in (0, 1, 2):
            staked = chain[Shares].of_coldkey(coldkey, netuid)
            assert chain[Locks].locked(coldkey, netuid) <= staked + DUST
            assert chain[Collateral].locked_by(coldkey, netuid) <= staked + DUST


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_what_is_bound_is_staked_after_every_step(busy_chain, steps):
    chain = busy_chain()
    for step in steps:
        take(step, chain)
        require_sound(chain)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, hotkeys)
def test_locks_survive_a_hotkey_swap_after_anything(busy_chain, steps, hotkey):
    chain = busy_chain()
    for call in (step for step in steps if isinstance(step, Call)):
        take(call, chain)
    before = [chain[Locks].locked(chain.who(coldkey), 1) for coldkey in COLDKEYS]
    chain[LockSwaps].move_hotkey(chain.who(hotkey), chain.who("new"), 1)
    chain.world.try_state()
    assert [chain[Locks].locked(chain.who(coldkey), 1) for coldkey in COLDKEYS] == before
