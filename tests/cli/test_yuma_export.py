"""`ganglion yuma --from`: the epochs of a running node, computed again to the last bit."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import typer
from typer.testing import CliRunner

from ganglion.cli import live_state
from ganglion.cli.live_state import LiveState
from ganglion.cli.node_client import NodeClient
from ganglion.cli.yuma import yuma
from ganglion.crypto.keys import Keypair
from ganglion.frame.address import AddressId, Sr25519
from ganglion.frame.era import Era
from ganglion.frame.extrinsic import ExtrinsicCodec, Signed
from ganglion.node.chain_spec import localnet
from ganglion.pallets.admin_utils.chain_settings import ChainSettings
from ganglion.pallets.admin_utils.consensus_settings import ConsensusSettings
from ganglion.pallets.admin_utils.neuron_settings import NeuronSettings
from ganglion.pallets.admin_utils.weight_settings import WeightSettings
from ganglion.pallets.extensions import Mode
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.types import ConsensusMode, storage_index
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.subtensor.weights import Weights
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.system import System
from ganglion.state.overlay import Overlay

TAO = 10**9
NETUID, TEMPO = 2, 5
PATIENCE_S = 60
PLAYERS = {"//Alice": "//Dave", "//Bob": "//Eve", "//Charlie": "//Ferdie"}
"""Coldkeys and their hotkeys, which have TAO of their own to pay fees."""

KINDS = ("yuma 3", "yuma 2", "liquid alpha", "looking back", "two mechanisms")
STORED = (
    "active",
    "consensus",
    "dividends",
    "emission",
    "validator_trust",
    "validator_permit",
    "stake_weight",
)

app = typer.Typer()
app.command("yuma")(yuma)


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@dataclass
class LiveChain:
    """A node process that makes blocks on demand, and a hand that signs for everybody."""

    url: str
    node: NodeClient

    def __post_init__(self):
        self.runtime = localnet().runtime()
        self.codec = ExtrinsicCodec(self.runtime)
        self.genesis_hash = bytes.fromhex(self.node.call("chain_getBlockHash", 0)[2:])
        self.blocks = {}

    def advance(self, blocks=1):
        for _ in range(blocks):
            self.node.call("engine_createBlock", True, True)

    def submit(self, uri, call, *args):
        """Have `uri` make a call, in a block of its own."""
        key, runtime = Keypair(uri), self.runtime
        nonce = self.node.call("system_accountNextIndex", key.address)
        extra = self.values(
            CheckMortality=Era(),
            CheckNonce=nonce,
            ChargeTransactionPayment=0,
            CheckMetadataHash=Mode.Disabled,
        )
        implicit = self.values(
            CheckSpecVersion=runtime.version.spec_version,
            CheckTxVersion=runtime.version.transaction_version,
            CheckGenesis=self.genesis_hash,
            CheckMortality=self.genesis_hash,
            CheckMetadataHash=None,
        )
        made = runtime.call(call, *args)
        signature = Sr25519(key.sign(self.codec.payload(self.codec.signable(made, extra), implicit)))
        raw = self.codec.encode_signed(made, Signed(AddressId(key.public_key), signature, extra))
        self.node.call("author_submitExtrinsic", f"0x{raw.hex()}")
        self.advance()
        told = [record.event for record in self.world()[System].events.get()]
        assert not any(isinstance(event, System.ExtrinsicFailed) for event in told), told

    def sudo(self, call, *args):
        self.submit("//Alice", Sudo.sudo, self.runtime.call(call, *args))

    def values(self, **known):
        return tuple(known.get(extension.identifier, ()) for extension in self.runtime.extensions)

    def world(self, number=None):
        """The world after a block, read from the node."""
        block_hash = self.node.call("chain_getBlockHash", *([] if number is None else [number]))
        return self.runtime.on(Overlay(LiveState(self.node, block_hash)))


def found_subnet(chain):
    """A subnet of Alice's with three staked neurons, whose first epoch has given permits."""
    chain.sudo(ChainSettings.sudo_set_admin_freeze_window, 0)
    chain.submit("//Alice", NetworkRegistration.register_network, public_key(PLAYERS["//Alice"]))
    chain.submit("//Alice", NetworkRegistration.start_call, NETUID)
    chain.sudo(WeightSettings.sudo_set_commit_reveal_weights_enabled, NETUID, False)
    chain.sudo(WeightSettings.sudo_set_weights_set_rate_limit, NETUID, 0)
    for coldkey, hotkey in list(PLAYERS.items())[1:]:
        chain.submit(coldkey, Registration.burned_register, NETUID, public_key(hotkey))
    for stake, (coldkey, hotkey) in enumerate(PLAYERS.items(), 2):
        chain.submit(coldkey, Staking.add_stake, public_key(hotkey), NETUID, stake * 7 * TAO + 1)
    chain.sudo(ConsensusSettings.sudo_set_tempo, NETUID, TEMPO)
    next_epoch(chain)


def public_key(uri):
    return Keypair(uri).public_key


def vote(chain, mechanism):
    votes = (((1, 2), (2, 1)), ((0, 2), (1, 3)), ((0, 1), (5, 1)))
    for hotkey, (uids, weights) in zip(PLAYERS.values(), votes, strict=True):
        chain.submit(hotkey, Weights.set_mechanism_weights, NETUID, mechanism, uids, weights, 0)


def next_epoch(chain):
    """Make blocks to the subnet's next epoch and one more; the epoch's block."""
    before = last = chain.world()[Epoch].last_mechanism_step_block[NETUID]
    while last == before:
        chain.advance()
        last = chain.world()[Epoch].last_mechanism_step_block[NETUID]
    chain.advance()
    return last


def run_all_kinds(chain):
    """Kind of epoch -> the block that ran one."""
    vote(chain, 0)
    blocks = {"yuma 3": next_epoch(chain)}
    chain.sudo(ConsensusSettings.sudo_set_yuma3_enabled, NETUID, False)
    blocks["yuma 2"] = next_epoch(chain)
    chain.sudo(ConsensusSettings.sudo_set_yuma3_enabled, NETUID, True)
    chain.sudo(ConsensusSettings.sudo_set_liquid_alpha_enabled, NETUID, True)
    blocks["liquid alpha"] = next_epoch(chain)
    chain.sudo(ConsensusSettings.sudo_set_liquid_alpha_consensus_mode, NETUID, ConsensusMode.Auto)
    blocks["looking back"] = next_epoch(chain)
    chain.sudo(NeuronSettings.sudo_set_max_allowed_uids, NETUID, 128)  # 256 in all mechanisms together
    chain.sudo(ConsensusSettings.sudo_set_mechanism_count, NETUID, 2)
    chain.sudo(ConsensusSettings.sudo_set_mechanism_emission_split, NETUID, (20_000, 45_535))
    vote(chain, 1)
    blocks["two mechanisms"] = next_epoch(chain)
    return blocks


@pytest.fixture(scope="module")
def chain(tmp_path_factory) -> Iterator[LiveChain]:
    """A subnet on a node in its own process, after epochs of Yuma 3, Yuma 2, liquid alpha, two mechanisms."""
    directory = tmp_path_factory.mktemp("node")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    log = directory / "node.log"
    command = [sys.executable, "-m", "ganglion", "node", "--chain", "localnet", "--seal", "manual"]
    command += ["--data", str(directory / "data"), "--port", str(port)]
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while "serving" not in log.read_text():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        url = f"ws://127.0.0.1:{port}"
        with NodeClient(url) as node:
            live = LiveChain(url, node)
            found_subnet(live)
            live.blocks = run_all_kinds(live)
            yield live
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)


def export(chain, path, *arguments):
    result = run("--from", chain.url, "--netuid", NETUID, "--output", path, *arguments)
    assert (result.exit_code, result.output) == (0, "")
    return json.loads(path.read_text())


@pytest.mark.parametrize("kind", KINDS)
def test_an_exported_epoch_comes_out_as_the_chain_stored_it(chain, tmp_path, kind):
    case = export(chain, tmp_path / "case.json", "--block", chain.blocks[kind])
    outcome = json.loads(run(tmp_path / "case.json").stdout)

    world, n = chain.world(chain.blocks[kind]), case["inputs"].get("common", case["inputs"])["n"]
    total = outcome.get("aggregate", outcome)
    assert n == len(PLAYERS)
    assert any(total["consensus"]) and any(total["dividends"]) and any(total["emission"])
    for vector in STORED:
        assert list(getattr(world[Neurons], vector)[NETUID]) == total[vector], vector
    for mechanism, part in enumerate(outcome.get("per_mechanism", [outcome])):
        index = storage_index(NETUID, mechanism)
        assert list(world[Neurons].incentive[index]) == part["incentive"]
        stored = [world[VoteMatrix].bonds[index, uid] for uid in range(n)]
        assert [[list(bond) for bond in row] for row in stored] == part["bonds"]


def test_the_last_epoch_is_exported_unless_a_block_is_named(chain, tmp_path):
    last = chain.blocks["two mechanisms"]
    assert export(chain, tmp_path / "case.json")["name"] == f"subnet_{NETUID}_block_{last}"


def test_a_block_names_the_newest_epoch_until_then(chain, tmp_path):
    number = chain.blocks["yuma 3"]
    at, after = (export(chain, tmp_path / "case.json", "--block", number + more) for more in (0, 1))
    assert at == after
    assert at["inputs"]["current_block"] == number


def test_large_items_are_read_page_by_page(chain, tmp_path, monkeypatch):
    whole = export(chain, tmp_path / "case.json")
    monkeypatch.setattr(live_state, "PAGE", 2)
    assert export(chain, tmp_path / "case.json") == whole


def test_a_case_is_printed_or_explained(chain):
    printed = run("--from", chain.url, "--netuid", NETUID)
    assert json.loads(printed.stdout)["kind"] == "mechanisms"
    explained = run("--from", chain.url, "--netuid", NETUID, "--explain")
    assert "epoch of mechanism 1" in explained.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--netuid", 1, "--block", 1), "no epoch was run until then"),
        (("--netuid", 2, "--block", 10**6), "there is no such block"),
        (("--netuid", 77), "no epoch was run until then"),
    ],
)
def test_what_was_never_run_is_not_exported(chain, arguments, reason):
    result = run("--from", chain.url, *arguments)
    assert result.exit_code == 1
    assert reason in result.stderr


def test_a_node_that_is_not_there_is_named():
    result = run("--from", "ws://127.0.0.1:1", "--netuid", 1)
    assert result.exit_code == 1
    assert "ws://127.0.0.1:1" in result.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("--from", "ws://x"), ("--netuid", 1), ("case.json", "--from", "ws://x", "--netuid", 1)]
)
def test_the_case_comes_from_one_place(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert "--netuid" in result.stderr
