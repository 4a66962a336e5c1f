"""The unmodified `bittensor` SDK against our node: each test reads what one of the programs in `sdk/` saw."""

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.clients]

TAO = 10**9


@pytest.fixture(scope="module")
def chain(sdk: Any) -> dict[str, Any]:
    return sdk("read_chain.py")


@pytest.fixture(scope="module")
def transfer(sdk: Any) -> dict[str, Any]:
    return sdk("transfer.py", "alice", "bob", "12.5")


@pytest.fixture(scope="module")
def neuron(sdk: Any, subnet: dict[str, Any]) -> dict[str, Any]:
    return sdk("register_neuron.py", subnet["netuid"], "bob", "192.0.2.7", 8091)


@pytest.fixture(scope="module")
def stake(sdk: Any, subnet: dict[str, Any]) -> dict[str, Any]:
    return sdk("stake.py", subnet["netuid"], "charlie", "alice", "10")


@pytest.fixture(scope="module")
def weights(sdk: Any, subnet: dict[str, Any], neuron: dict[str, Any]) -> dict[str, Any]:
    return sdk("set_weights.py", subnet["netuid"], "alice", neuron["uid"], "alice")


@pytest.fixture(scope="module")
def earnings(
    sdk: Any, subnet: dict[str, Any], stake: dict[str, Any], weights: dict[str, Any]
) -> dict[str, Any]:
    return sdk("earn.py", subnet["netuid"], "alice")


def names(outcome: dict[str, Any]) -> list[str]:
    return [name for name, _ in outcome["events"]]


def attributes(outcome: dict[str, Any], event: str) -> Any:
    return next(value for name, value in outcome["events"] if name == event)


def test_the_sdk_connects_and_hears_of_new_blocks(chain: dict[str, Any], node: Any) -> None:
    assert chain["block"] >= chain["next_block"] >= 1
    assert chain["block_time_s"] == node.block_time_s
    assert chain["first_block_calls"][0] == ["Timestamp", "set"]


def test_the_sdk_reads_balances_one_by_one_and_together(chain: dict[str, Any]) -> None:
    assert chain["alice_rao"] > 1_000 * TAO
    assert chain["both_rao"][0] == chain["alice_rao"]
    assert chain["existential_deposit_rao"] == 500


def test_a_transfer_moves_the_amount_and_the_fee_and_nothing_else(transfer: dict[str, Any]) -> None:
    accepted, fee = transfer["accepted"], transfer["accepted"]["fee_rao"]
    assert accepted["success"], accepted
    assert fee > 0
    changes = [
        after - before for before, after in zip(transfer["before_rao"], transfer["after_rao"], strict=True)
    ]
    assert changes == [-12_500_000_000 - fee, 12_500_000_000]


def test_the_quoted_fee_of_a_transfer_is_the_fee_paid_up_to_the_era(transfer: dict[str, Any]) -> None:
    # The quote is for an immortal extrinsic, which is one byte shorter than the mortal one that is sent.
    assert abs(transfer["quoted_fee_rao"] - transfer["accepted"]["fee_rao"]) <= 1_000


def test_the_events_of_a_transfer_are_read_back_with_their_fields(transfer: dict[str, Any]) -> None:
    accepted, (sender, receiver) = transfer["accepted"], transfer["addresses"]
    assert names(accepted)[-2:] == ["TransactionPayment.TransactionFeePaid", "System.ExtrinsicSuccess"]
    assert attributes(accepted, "Balances.Transfer") == {
        "from": sender,
        "to": receiver,
        "amount": 12_500_000_000,
    }
    paid = attributes(accepted, "TransactionPayment.TransactionFeePaid")
    assert (paid["who"], paid["actual_fee"], paid["tip"]) == (sender, accepted["fee_rao"], 0)


def test_a_transfer_of_more_than_there_is_fails_by_name_and_costs_only_its_fee(
    transfer: dict[str, Any],
) -> None:
    refused = transfer["refused"]
    assert (refused["success"], refused["error"]) == (False, "FundsUnavailable")
    paid = transfer["after_rao"][0] - transfer["after_refusal_rao"][0]
    assert abs(paid - transfer["accepted"]["fee_rao"]) <= 1_000
    assert transfer["after_refusal_rao"][1] == transfer["after_rao"][1]


def test_a_registered_subnet_belongs_to_its_signer_and_is_listed(subnet: dict[str, Any]) -> None:
    netuid = subnet["netuid"]
    assert netuid not in subnet["netuids_before"]
    assert subnet["netuids_after"] == sorted([*subnet["netuids_before"], netuid])
    assert subnet["stored_owner"] == subnet["owner"]
    assert subnet["uid_of_owner"] == 0


def test_registering_a_subnet_costs_the_quoted_lock_and_makes_the_next_one_dearer(
    subnet: dict[str, Any],
) -> None:
    # The price sinks with every block between the quote and the inclusion.
    assert 0 < subnet["registered"]["data"]["registration_price_rao"] <= subnet["cost_rao"]
    assert subnet["next_cost_rao"] > subnet["cost_rao"]
    assert attributes(subnet["registered"], "SubtensorModule.NetworkAdded")[0] == subnet["netuid"]


def test_the_owner_starts_the_subnet(subnet: dict[str, Any]) -> None:
    assert subnet["started"]["success"], subnet["started"]
    assert "SubtensorModule.FirstEmissionBlockNumberSet" in names(subnet["started"])


def test_burned_register_gives_the_hotkey_the_next_uid(neuron: dict[str, Any]) -> None:
    assert neuron["hotkey"] not in neuron["hotkeys_before"]
    assert neuron["uid"] == len(neuron["hotkeys_before"])
    assert neuron["owner"] == neuron["coldkey"]
    assert "SubtensorModule.NeuronRegistered" in names(neuron["registered"])


def test_burned_register_is_sent_encrypted_and_followed_to_what_was_inside(neuron: dict[str, Any]) -> None:
    assert neuron["registered"]["data"]["shielded"]
    assert attributes(neuron["registered"], "SubtensorModule.NeuronRegistered")[2] == neuron["hotkey"]


def test_the_metagraph_shows_the_new_neuron_where_it_serves(neuron: dict[str, Any]) -> None:
    assert neuron["served"]["success"], neuron["served"]
    assert [neuron["uid"], neuron["hotkey"], neuron["coldkey"], "192.0.2.7:8091"] in neuron["neurons"]
    assert neuron["lite"] == [[uid, hotkey] for uid, hotkey, _, _ in neuron["neurons"]]


def test_a_hotkey_without_money_publishes_its_axon_for_nothing(neuron: dict[str, Any]) -> None:
    assert neuron["served"]["fee_rao"] == 0


def test_staked_tao_becomes_alpha_that_the_metagraph_shows(stake: dict[str, Any]) -> None:
    position, shown = stake["after_adding_rao"]
    assert stake["added"]["success"]
    assert position > stake["before_rao"][0]
    assert shown > stake["before_rao"][1]
    assert "SubtensorModule.StakeAdded" in names(stake["added"])


def test_unstaking_half_leaves_half(stake: dict[str, Any]) -> None:
    assert stake["removed"]["success"], stake["removed"]
    held, left = stake["after_adding_rao"][0], stake["after_removing_rao"][0]
    # Dividends may arrive between the two reads; shares round by a rao.
    assert held // 2 - 2 <= left < held
    assert "SubtensorModule.StakeRemoved" in names(stake["removed"])


def test_weights_set_by_a_validator_are_stored_and_dated(weights: dict[str, Any]) -> None:
    assert weights["result"]["success"], weights["result"]
    assert "SubtensorModule.WeightsSet" in names(weights["result"])
    assert weights["last_update_after"] == weights["result"]["block"] > weights["last_update_before"]


def test_weights_are_read_back_as_fractions_of_a_row(weights: dict[str, Any], neuron: dict[str, Any]) -> None:
    assert weights["weights"][str(weights["own_uid"])] == {str(neuron["uid"]): 1.0}


def test_epochs_run_at_the_tempo_that_root_set(earnings: dict[str, Any]) -> None:
    first, second = earnings["epochs"]
    assert earnings["tempo"] == second - first == 10


def test_a_miner_with_weight_and_the_validator_who_gave_it_are_paid(
    earnings: dict[str, Any], weights: dict[str, Any], neuron: dict[str, Any]
) -> None:
    miner = earnings["neurons"][str(neuron["uid"])]
    validator = earnings["neurons"][str(weights["own_uid"])]
    assert (miner["incentive"], miner["dividends"]) == (1.0, 0.0)
    assert (validator["incentive"], validator["dividends"]) == (0.0, 1.0)
    assert miner["emission_rao"] > 0 < validator["emission_rao"]
    assert validator["validator_permit"]
    assert miner["alpha_stake_rao"] > 0


def test_every_read_of_the_sdk_is_answered_or_asks_for_a_pallet_that_we_do_not_have(
    sdk: Any, subnet: dict[str, Any]
) -> None:
    reads = sdk("read_everything.py", subnet["netuid"], "alice")
    unexpected = {
        name: error
        for name, error in reads["failed"].items()
        if not re.fullmatch(r"StorageFunctionNotFound: storage function \w+\.\w+ not found", error)
    }
    assert unexpected == {}
    assert len(reads["answered"]) >= 70
