"""The unmodified `btcli` against our node, without a terminal and without questions."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.clients]

TIMEOUT_S = 60
BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"

Btcli = Callable[..., Any]


@pytest.fixture(scope="module")
def btcli(node: Any, sdk_environment: Path, wallets: Path, home: dict[str, str]) -> Btcli:
    """Runs a command and reads its JSON: `btcli("subnets", "list")`."""
    options = ["--network", node.url, "--wallet-path", str(wallets), "--json"]

    def run(*command: str, status: int = 0) -> Any:
        done = subprocess.run(
            [sdk_environment / "bin" / "btcli", *command, *options],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
            stdin=subprocess.DEVNULL,
            env=home,
        )
        assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="module")
def neuron(btcli: Btcli, subnet: dict[str, Any]) -> dict[str, Any]:
    """Charlie's hotkey, newly registered, among those that were before."""
    netuid = str(subnet["netuid"])
    known = btcli("query", "metagraph", "--netuid", netuid)["hotkeys"]
    registered = btcli("subnets", "register", "--netuid", netuid, "--wallet", "charlie", "--yes")
    hotkeys = btcli("query", "metagraph", "--netuid", netuid)["hotkeys"]
    return {"registered": registered, "known": known, "hotkeys": hotkeys, "hotkey": hotkeys[-1]}


def test_subnets_list_shows_every_subnet_with_its_price(btcli: Btcli, subnet: dict[str, Any]) -> None:
    listed = {record["netuid"]: record for record in btcli("subnets", "list")}
    assert sorted(listed) == subnet["netuids_after"]
    mine = listed[subnet["netuid"]]
    assert mine["price_tao_per_alpha"] > 0
    assert mine["neurons"] >= 1
    assert mine["max_neurons"] == 256


def test_query_metagraph_answers_for_netuid_1(btcli: Btcli, subnet: dict[str, Any]) -> None:
    graph = btcli("query", "metagraph", "--netuid", "1")
    assert graph["netuid"] == 1
    assert len(graph["hotkeys"]) == graph["num_uids"] == len(graph["coldkeys"]) == len(graph["axons"])


def test_query_metagraph_names_the_owner_of_a_registered_subnet(btcli: Btcli, subnet: dict[str, Any]) -> None:
    graph = btcli("query", "metagraph", "--netuid", str(subnet["netuid"]))
    assert graph["owner_coldkey"] == subnet["owner"]
    assert graph["hotkeys"][0] == subnet["owner_hotkey"]


def test_query_metagraph_of_a_subnet_that_does_not_exist_is_null(btcli: Btcli) -> None:
    assert btcli("query", "metagraph", "--netuid", "4000") is None


def test_subnets_show_names_the_owner(btcli: Btcli, subnet: dict[str, Any]) -> None:
    shown = btcli("subnets", "show", str(subnet["netuid"]))
    assert (shown["owner_coldkey"], shown["owner_hotkey"]) == (subnet["owner"], subnet["owner_hotkey"])


def test_wallet_balance_of_an_account_without_stake(btcli: Btcli) -> None:
    balance = btcli("wallet", "balance", "--wallet", "eve")
    assert balance["free_tao"] > 0
    assert balance["total_value"] == balance["free"]
    assert (balance["stake_positions"], balance["beta_validators"], balance["locked_subnets"]) == (0, 0, 0)


def test_wallet_balance_after_staking_counts_the_stake_at_its_price(
    btcli: Btcli, subnet: dict[str, Any]
) -> None:
    command = ["stake", "add", "--netuid", str(subnet["netuid"]), "--hotkey", subnet["owner_hotkey"]]
    added = btcli(*command, "--amount", "5", "--wallet", "dave", "--yes")
    assert added["success"] and added["data"]["shielded"], added
    balance = btcli("wallet", "balance", "--wallet", "dave")
    assert (balance["stake_positions"], balance["locked_subnets"]) == (1, 0)
    # The spot price is that after the purchase, which raised it.
    assert 4.9 < balance["stake_value_tao"] < 5.1


def test_stake_is_added_in_the_clear_when_asked_to(btcli: Btcli, subnet: dict[str, Any]) -> None:
    command = ["stake", "add", "--netuid", str(subnet["netuid"]), "--hotkey", subnet["owner_hotkey"]]
    added = btcli(*command, "--amount", "1", "--wallet", "ferdie", "--no-mev-shield", "--yes")
    assert added["success"] and "data" not in added, added


def test_subnets_register_gives_the_wallets_hotkey_a_uid(neuron: dict[str, Any]) -> None:
    assert neuron["registered"]["success"], neuron["registered"]
    assert neuron["hotkeys"][:-1] == neuron["known"]


def test_stake_moves_as_it_is_to_another_hotkey_and_is_removed_whole(
    btcli: Btcli, subnet: dict[str, Any], neuron: dict[str, Any]
) -> None:
    netuid, target = ["--netuid", str(subnet["netuid"])], ["--hotkey", neuron["hotkey"]]
    terms = ["--wallet", "ferdie", "--no-mev-shield", "--yes"]
    btcli("stake", "add", *netuid, "--hotkey", subnet["owner_hotkey"], "--amount", "2", *terms)
    ends = ["--origin-hotkey", subnet["owner_hotkey"], "--dest-hotkey", neuron["hotkey"]]
    moved = btcli("stake", "move", *ends, *netuid, "--amount", "0.123456789", *terms)
    assert moved["success"], moved
    show = ["stake", "show", *netuid, *target, "--coldkey", "ferdie"]
    assert btcli(*show)["stake_amount"] == 0.123456789
    removed = btcli("stake", "remove", *netuid, *target, "--amount", "all", *terms)
    assert removed["success"], removed
    assert btcli(*show)["stake_amount"] == 0


def test_stake_on_a_hotkey_that_does_not_exist_is_refused_by_name(
    btcli: Btcli, subnet: dict[str, Any]
) -> None:
    command = ["stake", "add", "--netuid", str(subnet["netuid"]), "--hotkey", BOB, "--amount", "1"]
    refused = btcli(*command, "--wallet", "ferdie", "--no-mev-shield", "--yes", status=1)
    assert refused["error"]["name"] == "HotKeyAccountNotExists"


def test_wallet_transfer_reports_success_and_its_place_in_the_chain(btcli: Btcli) -> None:
    sent = btcli("wallet", "transfer", "--dest", BOB, "--amount", "1", "--wallet", "ferdie", "--yes")
    assert sent["success"], sent
    assert sent["extrinsic_id"]
