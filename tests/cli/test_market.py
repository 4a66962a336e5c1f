"""`ganglion market` as an operator runs it, with a chain which is not there."""

import json
import signal
import subprocess
import sys

import openai
import pytest
from bittensor import Wallet
from typer.testing import CliRunner

from ganglion.cli.main import app
from ganglion.market.database import open_database
from ganglion.market.keys import Keys
from ganglion.market.ledger import Ledger, Use


@pytest.fixture
def data(tmp_path):
    return tmp_path / "market.sqlite"


def market(data, *arguments):
    return CliRunner().invoke(app, ["market", *arguments, "--data", str(data)])


def found(data, text):
    database = open_database(data)
    try:
        return Keys(database).find(text)
    finally:
        database.close()


def test_a_new_key_is_printed_once_and_holds_until_it_is_revoked(data):
    made = market(data, "key", "new", "bob", "--per-minute", "7", "--parallel", "3", "--budget", "1.5")
    text = made.stdout.strip()
    key = found(data, text)
    assert (key.per_minute, key.parallel, key.budget_rao) == (7, 3, 1_500_000_000)
    listed = market(data, "key", "list").stdout
    assert "bob" in listed
    assert "1.500000000" in listed
    assert text not in listed
    assert market(data, "key", "revoke", "bob").exit_code == 0
    assert found(data, text) is None
    assert "revoked" in market(data, "key", "list").stdout


def test_two_keys_made_alike_differ(data):
    assert market(data, "key", "new", "a").stdout != market(data, "key", "new", "b").stdout


@pytest.mark.parametrize(
    "arguments", [("key", "new", "bob"), ("key", "revoke", "nobody"), ("key", "new", "x", "--parallel", "0")]
)
def test_a_command_which_cannot_be_done_says_so(data, arguments):
    market(data, "key", "new", "bob")
    result = market(data, *arguments)
    assert result.exit_code == 2
    assert "Invalid value" in result.output


def test_usage_is_summed_by_key_and_model(data):
    market(data, "key", "new", "bob")
    database = open_database(data)
    for rao in (600, 634):
        Ledger(database).record(Use(2**62, 1, "req", "ganglion/text", 1, 7, "5F", "ok", 1000, 20, rao, 0.5))
    database.close()
    table = market(data, "usage").stdout
    for shown in ("bob", "ganglion/text", "2,000", "0.000001234"):
        assert shown in table


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--sell", "text"),
        ("--sell", "music=1"),
        ("--sell", "text=one"),
        ("--price", "text=1"),
        ("--price", "text=1:x"),
        ("--price", "music=1:1"),
    ],
)
def test_offers_which_mean_nothing_are_refused(data, option, value):
    result = market(data, "serve", "--wallet-name", "me", "--sell", "text=1", option, value)
    assert result.exit_code == 2
    assert "Invalid value" in result.output


def test_a_file_which_is_no_database_is_refused(data):
    data.write_text("no database " * 100)
    assert "not a database" in market(data, "key", "list").output


def test_a_market_opens_without_a_chain_serves_and_ends_orderly(data, tmp_path):
    Wallet(name="me", hotkey="default", path=str(tmp_path)).create_new_hotkey(suppress=True)
    key = market(data, "key", "new", "bob").stdout.strip()
    process = subprocess.Popen(
        [sys.executable, "-m", "ganglion", "market", "serve", "--sell", "text=2", "--price", "text=5:7",
         "--wallet-name", "me", "--wallet-path", str(tmp_path), "--chain", "ws://127.0.0.1:1",
         "--port", "0", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )  # fmt: skip
    try:
        ready = json.loads(process.stdout.readline())
        assert (ready["event"], ready["role"], ready["models"]) == ("ready", "market", ["ganglion/text"])
        with (
            openai.DefaultHttpxClient(trust_env=False) as http,
            openai.OpenAI(
                base_url=ready["url"] + "/v1", api_key=key, http_client=http, max_retries=0
            ) as customer,
        ):
            (model,) = customer.models.list()
            assert (model.id, model.netuid) == ("ganglion/text", 2)
            assert model.pricing["output"]["rao_per_1000"] == 7
            with pytest.raises(openai.InternalServerError, match="no miner serves"):
                customer.completions.create(model=model.id, prompt="x")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
