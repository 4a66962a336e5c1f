import json
import signal
import subprocess
import sys

import pytest
from aiohttp import web
from bittensor import Wallet
from typer.testing import CliRunner

from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.report import RoundScored
from ganglion.subnets.vision.kinds import ModelKind
from ganglion.subnets.vision.validator import app


@pytest.fixture
def options(tmp_path):
    Wallet(name="validator", hotkey="default", path=str(tmp_path)).create_new_hotkey(suppress=True)
    return ["--netuid", "1", "--wallet-path", str(tmp_path), "--wallet-name", "validator"]


def test_the_process_starts_without_a_chain_and_ends_orderly(options):
    command = [
        sys.executable,
        "-m",
        "ganglion.subnets.vision.validator",
        *options,
        "--chain",
        "ws://127.0.0.1:1",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        ready = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert (ready["event"], ready["role"]) == ("ready", "validator")


def test_a_broken_checkpoint_ends_the_start_with_status_one(options, tmp_path, caplog):
    state = tmp_path / "state.json"
    state.write_text("{")
    result = CliRunner().invoke(app, [*options, "--checkpoint", str(state)])
    assert result.exit_code == 1
    assert "cannot start: checkpoint" in caplog.text


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b'{"labels": [1, 2, 3]}', "ok"),
        (b'{"labels": [NaN]}', "malformed"),
        (b"<html></html>", "malformed"),
        (b" " * 10_000_000, "oversized"),
    ],
)
async def test_a_lying_miner_costs_itself_its_score_and_the_honest_one_nothing(
    subnet, tmp_path, body, outcome
):
    async def lie(_request):
        return web.Response(body=body)

    honest = await subnet.miner(ModelKind.KNN)
    subnet.ledger.register("5" + "C" * 47)
    liar = web.Application()
    liar.router.add_post("/classify", lie)
    runner = web.AppRunner(liar)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await subnet.ledger.of("5" + "C" * 47).serve_axon(1, Endpoint(*runner.addresses[0][:2]))
    validator = subnet.validator(tmp_path, timeout_s=5.0)
    await subnet.sync()
    await validator.step()
    await runner.cleanup()
    scored = next(event for event in subnet.events.seen if isinstance(event, RoundScored))
    lied = next(miner for miner in scored.miners if miner.hotkey != honest)
    assert (lied.outcome, lied.accuracy, lied.score) == (outcome, 0.0, 0.0)
    assert validator.state.moving().of(honest) > 0
