"""`ganglion neuron` as an operator runs it, with a chain which is not there."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from bittensor import Wallet
from typer.testing import CliRunner

from ganglion.cli.main import app

NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def wallets(tmp_path):
    Wallet(name="me", hotkey="default", path=str(tmp_path)).create_new_hotkey(suppress=True)
    return tmp_path


@pytest.fixture
def start(wallets):
    """Start a neuron as a process of its own."""
    processes = []

    def run(role, *arguments):
        common = ["--subnet", "vision", "--netuid", "1", "--wallet-path", str(wallets), "--wallet-name", "me"]
        nowhere = ["--chain", "ws://127.0.0.1:1"]
        process = subprocess.Popen(
            [sys.executable, "-m", "ganglion", "neuron", role, *common, *nowhere, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.communicate()


def invoke(wallets, role, *arguments):
    common = ["--netuid", "1", "--wallet-path", str(wallets), "--wallet-name", "me"]
    return CliRunner().invoke(app, ["neuron", role, *common, *arguments])


def test_a_miner_tells_when_it_is_ready_serves_without_a_chain_and_ends_orderly(start):
    process = start("miner", "--kind", "knn", "--port", "0", "--seed", "1")
    ready = json.loads(process.stdout.readline())
    assert (ready["event"], ready["role"], ready["kind"], ready["netuid"]) == ("ready", "miner", "knn", 1)
    with NO_PROXY.open(ready["url"] + "/health") as health:
        told = json.load(health)
    assert told == {"status": "ok", "hotkey": ready["hotkey"], "task": "vision", "kind": "knn"}
    with NO_PROXY.open(ready["url"] + "/metrics") as metrics:
        assert b"ganglion_miner_in_flight" in metrics.read()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert process.stdout.read() == ""


def test_a_validator_starts_without_a_chain_and_ends_orderly(start):
    process = start("validator")
    ready = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert (ready["event"], ready["role"]) == ("ready", "validator")


@pytest.mark.parametrize(
    ("role", "figure"), [("miner", b"ganglion_miner"), ("validator", b"ganglion_validator")]
)
def test_metrics_have_a_port_of_their_own_where_the_operator_says_so(start, role, figure):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = start(role, "--metrics-port", str(port), *(["--port", "0"] if role == "miner" else []))
    ready = json.loads(process.stdout.readline())
    with NO_PROXY.open(f"http://127.0.0.1:{port}/metrics") as metrics:
        assert figure in metrics.read()
    if role == "miner":
        with pytest.raises(urllib.error.HTTPError):
            NO_PROXY.open(ready["url"] + "/metrics")


def test_a_miner_may_publish_another_port_than_it_listens_on(start):
    process = start("miner", "--port", "0", "--external-ip", "10.1.2.3", "--external-port", "8091")
    assert json.loads(process.stdout.readline())["url"] == "http://10.1.2.3:8091"


def test_an_unknown_subnet_kind_or_option_is_named_with_what_is_known(wallets):
    for arguments, named in (
        (["--subnet", "oracle"], "oracle"),
        (["--subnet", "vision", "--kind", "oracle"], "svm"),
        (["--subnet", "vision", "--option", "colour=red"], "colour"),
        (["--subnet", "vision", "--option", "colour"], "NAME=VALUE"),
    ):
        result = invoke(wallets, "miner", *arguments)
        assert (result.exit_code, named in result.output) == (2, True), result.output


def test_an_option_goes_to_the_subnet(wallets):
    result = invoke(wallets, "validator", "--subnet", "vision", "--option", "images=100000")
    assert (result.exit_code, "images" in result.output) == (2, True)


def test_a_missing_wallet_ends_the_start_with_status_one(tmp_path, caplog):
    assert invoke(tmp_path, "miner", "--subnet", "vision").exit_code == 1
    assert "cannot start: cannot read hotkey" in caplog.text


def test_a_missing_blacklist_ends_the_start_with_status_one(wallets, caplog):
    result = invoke(wallets, "miner", "--subnet", "vision", "--blacklist", str(wallets / "none"))
    assert result.exit_code == 1
    assert "cannot start: access list" in caplog.text


def test_a_broken_checkpoint_ends_the_start_with_status_one(wallets, caplog):
    state = wallets / "state.json"
    state.write_text("{")
    result = invoke(wallets, "validator", "--subnet", "vision", "--checkpoint", str(state))
    assert result.exit_code == 1
    assert "cannot start: checkpoint" in caplog.text
