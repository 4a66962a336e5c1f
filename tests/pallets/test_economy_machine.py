"""Any call by anybody, over several subnets, for thousands of blocks: the state is sound after each.

Hypothesis chooses how many calls a block has, and a seed from which follows what they are. What came of all
examples together is counted, so that the machine cannot come to try nothing.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from economy_machine.machine import Machine, Tally

EXAMPLES, STEPS = 12, 200
LEAST_BLOCKS = 2_000

WAYS = {
    "Balances": "transfer_allow_death transfer_keep_alive transfer_all burn",
    "SubtensorModule": """
        register_network start_call burned_register register_limit root_register dissolve_network
        root_dissolve_network add_stake add_stake_limit add_stake_burn remove_stake
        remove_stake_limit remove_stake_full_limit unstake_all unstake_all_alpha move_stake
        move_stake_limit swap_stake swap_stake_limit transfer_stake burn_alpha recycle_alpha
        lock_stake set_perpetual_lock set_weights set_mechanism_weights batch_set_weights
        commit_weights commit_mechanism_weights set_children set_childkey_take decrease_take
        claim_root set_root_claim_type swap_hotkey swap_hotkey_v2 announce_coldkey_swap
        reset_coldkey_swap serve_axon serve_prometheus set_identity set_subnet_identity
        update_symbol enable_voting_power_tracking
    """,
    "Utility": "batch",
    "Multisig": "as_multi approve_as_multi",
    "Proxy": "add_proxy create_pure",
    "Preimage": "note_preimage",
    "Scheduler": "schedule schedule_named",
    "Crowdloan": "create contribute",
    "AdminUtils": """
        sudo_set_kappa sudo_set_subnet_limit sudo_set_mechanism_count sudo_set_rho
        sudo_set_weights_set_rate_limit
    """,
}
"""Pallet -> calls that must succeed and be refused in a run of this test, at least once each."""


class EconomyMachine(RuleBasedStateMachine):
    """One chain. The tallies of all examples are added up."""

    tally = Tally()

    @initialize()
    def build(self) -> None:
        self.machine = Machine(seed=0)

    @rule(seed=st.integers(0, 2**32 - 1), calls=st.integers(0, 16))
    def block(self, seed: int, calls: int) -> None:
        """Calls, then the block's end: `try_state` raises if the state contradicts itself."""
        random = Random(seed)
        for _ in range(calls):
            self.machine.attempt(random.choice(self.machine.kinds), random.getrandbits(32))
        self.machine.close_block()

    def teardown(self) -> None:
        if hasattr(self, "machine"):
            self.tally.add(self.machine.tally)


@pytest.mark.slow
def test_the_state_is_sound_after_every_block_whatever_anybody_calls():
    tally = EconomyMachine.tally = Tally()
    run_state_machine_as_test(
        EconomyMachine, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS)
    )
    assert tally.blocks >= LEAST_BLOCKS
    ways = {f"{pallet}.{call}" for pallet, calls in WAYS.items() for call in calls.split()}
    assert len(ways) >= 40
    assert sorted(ways - tally.both_ways) == []
    assert all(tally.happened[what] for what in ("NetworkRemoved", "NeuronRegistered", "ColdkeySwapped"))
