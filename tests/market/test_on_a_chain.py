"""A market before a real chain: the metagraph decides who is asked, and who falls silent is replaced."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import openai
import pytest

PATIENCE_S = 240
MODEL = "ganglion/text"
HELLO = [{"role": "user", "content": "The river rises in the"}]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A node, a text subnet with two miners, and a market: the directory and the market's URL."""
    directory = tmp_path_factory.mktemp("market")
    process = subprocess.Popen(
        [sys.executable, "-m", "ganglion", "up", "--port", "0", "--market-port", "0",
         "--directory", str(directory), "--subnets", "text", "--miners", "text=blend,bigram",
         "--validators", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    watchdog = threading.Timer(PATIENCE_S, process.kill)
    watchdog.start()
    seen = []
    try:
        for line in process.stdout:
            seen.append(line)
            if line.startswith("market: "):
                break
        else:
            pytest.fail("".join(seen))
        threading.Thread(target=process.stdout.read, daemon=True).start()  # so that it is not held up
        yield directory, line.split()[1]
    finally:
        watchdog.cancel()
        process.send_signal(signal.SIGINT)
        process.wait(60)
        process.stdout.close()


@pytest.fixture
def customer(network):
    directory, url = network
    key = (directory / "api-key").read_text().strip()
    with (
        openai.DefaultHttpxClient(trust_env=False) as http,
        openai.OpenAI(base_url=url + "/v1", api_key=key, http_client=http) as client,
    ):
        yield client


def process_of(directory: Path, hotkey: str) -> int:
    """The process of the miner with this hotkey."""
    (name,) = [
        path.parent.parent.name
        for path in (directory / "wallets").glob("*/hotkeys/default")
        if json.loads(path.read_text())["ss58Address"] == hotkey
    ]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(os.getpid()):
            words = (entry / "cmdline").read_bytes().decode().split("\0")
            if {str(directory / "wallets"), name, "miner"} <= set(words):
                return int(entry.name)
    raise LookupError(name)


def test_openais_client_lists_chats_and_streams(customer):
    models = {model.id: model for model in customer.models.list()}
    assert models[MODEL].miners == 2
    assert len(models) == 3
    answer = customer.chat.completions.create(model=MODEL, messages=HELLO, max_tokens=16)
    assert answer.choices[0].message.content
    assert answer.system_fingerprint in {model.owned_by for model in models.values()}
    chunks = list(customer.chat.completions.create(model=MODEL, messages=HELLO, max_tokens=16, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason in {"stop", "length"}


def test_when_the_preferred_miner_falls_silent_another_serves(network, customer):
    directory, _ = network
    answer = customer.chat.completions.create(model=MODEL, messages=HELLO, max_tokens=16)
    process = process_of(directory, answer.system_fingerprint)
    os.kill(process, signal.SIGSTOP)
    try:
        for stream in (False, True):
            told = customer.chat.completions.create(model=MODEL, messages=HELLO, max_tokens=16, stream=stream)
            makers = {chunk.system_fingerprint for chunk in (told if stream else [told])}
            assert len(makers) == 1
            assert answer.system_fingerprint not in makers
    finally:
        os.kill(process, signal.SIGCONT)
