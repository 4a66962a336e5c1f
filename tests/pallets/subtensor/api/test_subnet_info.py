import pytest

from ganglion.economy.collateral import Collateral as Position
from ganglion.pallets.subtensor.api.hyperparams import ENTRIES, BoolValue, U16Value
from ganglion.pallets.subtensor.api.metagraph import PARTS
from ganglion.pallets.subtensor.auto_stake import AutoStake
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.scale.containers import Some

ABOUT_ONE_SUBNET = [
    "get_subnet_info",
    "get_subnet_info_v2",
    "get_subnet_hyperparams",
    "get_subnet_hyperparams_v2",
    "get_subnet_hyperparams_v3",
    "get_metagraph",
    "get_dynamic_info",
    "get_subnet_state",
    "get_subnet_account_id",
]


@pytest.mark.parametrize("method", ABOUT_ONE_SUBNET)
def test_nothing_is_known_of_a_subnet_that_does_not_exist(ask, netuid, method):
    assert ask(f"SubnetInfoRuntimeApi_{method}", netuid) is not None
    assert ask(f"SubnetInfoRuntimeApi_{method}", 99) is None


@pytest.mark.parametrize(
    "method",
    ["get_subnets_info", "get_subnets_info_v2", "get_all_dynamic_info", "get_all_metagraphs"],
)
def test_all_subnets_are_answered_root_first(ask, netuid, method):
    assert [each.netuid for each in ask(f"SubnetInfoRuntimeApi_{method}")] == [0, netuid]


def test_every_vector_of_a_metagraph_has_an_entry_for_each_uid(ask, netuid):
    graph = ask("SubnetInfoRuntimeApi_get_metagraph", netuid)
    uncomputed = {"pruning_score", "trust", "rank", "name", "symbol"}
    lengths = {
        name: len(value)
        for name, value in vars(graph).items()
        if isinstance(value, tuple) and name not in uncomputed
    }
    assert lengths == dict.fromkeys(lengths, 3)
    assert graph.num_uids == 3


def test_a_metagraph_shows_pool_owner_and_clock(chain, who, ask, netuid):
    graph = ask("SubnetInfoRuntimeApi_get_metagraph", netuid)
    assert graph.tao_in == chain[Pools].subnet_tao[netuid]
    assert graph.owner_coldkey == who("owner")
    assert graph.block == chain.number
    assert bytes(graph.name) == b"unknown"
    assert bytes(graph.symbol) == chain[Subnets].token_symbol[netuid]


def test_a_metagraph_shows_collateral_by_uid(chain, who, ask, netuid):
    position = Position(locked=5, floor=6, earned=7)
    chain[Collateral].put(netuid, who("miner"), who("miner_coldkey"), position)
    graph = ask("SubnetInfoRuntimeApi_get_metagraph", netuid)
    assert graph.collateral_locked == (0, 0, 5)
    assert (graph.collateral_min, graph.collateral_earned) == ((0, 0, 6), (0, 0, 7))


def test_parts_of_a_metagraph_are_those_asked_for(ask, netuid):
    whole = ask("SubnetInfoRuntimeApi_get_metagraph", netuid)
    wanted = (PARTS.index("identity"), PARTS.index("hotkeys"), PARTS.index("validators"), 500)
    parts = ask("SubnetInfoRuntimeApi_get_selective_metagraph", netuid, wanted)
    assert parts.hotkeys == whole.hotkeys
    assert parts.identity == Some(None)
    assert parts.validators == (0, 1)  # lightest first
    assert parts.coldkeys is None


def test_a_mechanism_is_named_by_its_storage_index(chain, ask, netuid):
    assert ask("SubnetInfoRuntimeApi_get_mechagraph", netuid, 1) is None
    chain[Hyperparameters].mechanism_count_current[netuid] = 2
    assert ask("SubnetInfoRuntimeApi_get_mechagraph", netuid, 1).netuid == 4_096 + netuid
    everything = [graph.netuid for graph in ask("SubnetInfoRuntimeApi_get_all_mechagraphs")]
    assert everything == [0, netuid, 4_096 + netuid]


def test_hyperparameters_are_a_list_of_names_and_typed_values(chain, ask, netuid):
    entries = {
        entry.name.decode(): entry.value
        for entry in ask("SubnetInfoRuntimeApi_get_subnet_hyperparams_v3", netuid)
    }
    assert list(entries) == list(ENTRIES)
    assert entries["tempo"] == U16Value(3)
    assert entries["subnet_is_active"] == BoolValue(True)


def test_the_layouts_of_hyperparameters_agree(ask, netuid):
    first = vars(ask("SubnetInfoRuntimeApi_get_subnet_hyperparams", netuid))
    second = vars(ask("SubnetInfoRuntimeApi_get_subnet_hyperparams_v2", netuid))
    assert first == {name: second[name] for name in first}


def test_a_subnets_state_holds_its_stakes(ask, netuid):
    state = ask("SubnetInfoRuntimeApi_get_subnet_state", netuid)
    assert state.alpha_stake[1] == max(state.alpha_stake) > 0
    assert len(state.emission_history) == 2


def test_the_next_epoch_is_a_tempo_after_the_last(ask, netuid):
    graph = ask("SubnetInfoRuntimeApi_get_metagraph", netuid)
    assert ask("SubnetInfoRuntimeApi_get_next_epoch_start_block", netuid) == graph.last_step + 3


def test_small_questions_have_their_answers(chain, who, ask, netuid):
    assert ask("SubnetInfoRuntimeApi_get_subnet_account_id", netuid) == subnet_account(netuid)
    assert ask("SubnetInfoRuntimeApi_get_block_emission") == 10**9
    assert ask("SubnetInfoRuntimeApi_get_subnet_to_prune") is None
    assert ask("SubnetInfoRuntimeApi_get_coldkey_auto_stake_hotkey", who("cold"), netuid) is None
    chain[AutoStake].auto_stake_destination[who("cold"), netuid] = who("miner")
    chosen = ask("SubnetInfoRuntimeApi_get_coldkey_auto_stake_hotkey", who("cold"), netuid)
    assert chosen == who("miner")


def test_registering_a_subnet_costs_twice_the_last(chain, ask, netuid):
    cost = ask("SubnetRegistrationRuntimeApi_get_network_registration_cost")
    assert cost == chain[Subnets].lock_cost() > 1_900 * 10**9
