import json
import signal
import subprocess
import sys
import urllib.request

import pytest
from bittensor import Wallet
from typer.testing import CliRunner

from ganglion.neuron.errors import AddressUnavailable
from ganglion.subnets.vision.miner import app, published_and_host

NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def wallets(tmp_path):
    Wallet(name="miner", hotkey="default", path=str(tmp_path)).create_new_hotkey(suppress=True)
    return tmp_path


@pytest.fixture
def process(wallets):
    """A miner as a process of its own, with a chain which is not there."""
    command = [sys.executable, "-m", "ganglion.subnets.vision.miner", "--chain", "ws://127.0.0.1:1"]
    options = ["--netuid", "1", "--wallet-path", str(wallets), "--wallet-name", "miner", "--kind", "knn"]
    with subprocess.Popen(
        [*command, *options, "--port", "0", "--seed", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as started:
        yield started
        started.kill()


def test_the_process_tells_when_it_is_ready_serves_without_a_chain_and_ends_orderly(process):
    ready = json.loads(process.stdout.readline())
    assert (ready["event"], ready["role"], ready["kind"], ready["netuid"]) == ("ready", "miner", "knn", 1)
    with NO_PROXY.open(ready["url"] + "/health") as health:
        assert json.load(health)["hotkey"] == ready["hotkey"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert process.stdout.read() == ""


def test_an_unknown_kind_is_named_with_the_known_ones():
    result = CliRunner().invoke(app, ["--netuid", "1", "--wallet-name", "miner", "--kind", "oracle"])
    assert result.exit_code == 2
    assert "oracle" in result.output


def test_a_missing_wallet_ends_the_start_with_status_one(tmp_path, caplog):
    options = ["--netuid", "1", "--wallet-path", str(tmp_path), "--wallet-name", "nobody"]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 1
    assert "cannot start: cannot read hotkey" in caplog.text


def test_a_miner_listens_where_it_publishes_if_that_is_this_machine():
    published, host = published_and_host(None, None)
    assert published == host
    assert published_and_host("203.0.113.7", None) == ("203.0.113.7", "0.0.0.0")
    assert published_and_host("203.0.113.7", "127.0.0.1") == ("203.0.113.7", "127.0.0.1")


def test_an_address_which_the_chain_refuses_is_refused_here_already():
    with pytest.raises(AddressUnavailable):
        published_and_host("127.0.0.1", None)
