import pytest
from aiohttp import web

from ganglion.neuron.auth import SIGNATURE_HEADER
from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.signature import HEADER, sign_answer
from ganglion.subnets.vision.kinds import ModelKind


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
    liars_key = subnet.key("liar")

    async def lie(request):
        signature = sign_answer(liars_key, request.headers[SIGNATURE_HEADER], 200, body)
        return web.Response(body=body, headers={HEADER: signature})

    honest = await subnet.miner(ModelKind.KNN)
    subnet.ledger.register(liars_key.ss58_address)
    liar = web.Application()
    liar.router.add_post("/classify", lie)
    runner = web.AppRunner(liar)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await subnet.ledger.of(liars_key.ss58_address).serve_axon(1, Endpoint(*runner.addresses[0][:2]))
    validator = subnet.validator(tmp_path, timeout_s=5.0)
    await subnet.sync()
    await validator.step()
    await runner.cleanup()
    scored = subnet.events.scored()[1]
    lied = next(miner for miner in scored.miners if miner.hotkey != honest)
    assert (lied.outcome, lied.quality, lied.score) == (outcome, 0.0, 0.0)
    assert validator.state.moving().of(honest) > 0
