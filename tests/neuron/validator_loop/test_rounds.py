import asyncio

import pytest
from tests.support.echo_subnet import honest, silent

from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.report import RoundScored
from ganglion.neuron.validator import Grade


async def test_each_miner_gets_its_own_score_and_only_the_honest_a_good_one(validator, subnet, events):
    await validator().step()
    scored = next(event for event in events.seen if isinstance(event, RoundScored))
    assert [(m.uid, m.quality, m.score, m.outcome) for m in scored.miners] == [
        (1, 1.0, 0.5, "ok"),
        (2, 0.0, 0.0, "ok"),
        (3, 0.0, 0.0, "late"),
    ]


async def test_the_same_seed_asks_the_same_and_another_seed_another(validator, subnet, wire, tmp_path):
    for seed in (1, 1, 2):
        (tmp_path / "state.json").unlink(missing_ok=True)
        await validator(seed=seed).step()
    first, second, third = wire.asked[:3], wire.asked[3:6], wire.asked[6:]
    assert first == second
    assert not set(first) & set(third)


async def test_a_miner_which_falls_silent_loses_its_score_step_by_step(validator, subnet, wire, address):
    loop = validator()
    await loop.step()
    wire.miners[1] = (wire.miners[1][0], silent)
    for expected in (0.25, 0.125):
        await loop.step()
        assert loop.state.scores[address["honest"]] == expected


async def test_every_miner_asked_is_a_case_with_its_registration_and_its_silence(validator, subnet, echo):
    await validator().step()
    assert [(case.uid, case.registered_at) for case in echo.graded] == [(1, 100), (2, 100), (3, 100)]
    assert [case.answer is None for case in echo.graded] == [False, False, True]


@pytest.mark.parametrize("said", [b"<html>", b'{"number": NaN}', b"", b"\xff", b'{"number": 1, "x": 2}'])
async def test_whatever_a_miner_says_costs_itself_only(validator, subnet, wire, said, address):
    wire.miners[2] = (wire.miners[2][0], lambda _body: said)
    loop = validator()
    await loop.step()
    assert loop.state.scores == {address["honest"]: 0.5, address["lying"]: 0.0, address["silent"]: 0.0}


async def test_an_answer_signed_by_another_earns_nothing(validator, subnet, wire, keys, address):
    wire.miners[1] = (keys["newcomer"], honest)
    loop = validator()
    await loop.step()
    assert loop.state.scores[address["honest"]] == 0.0


@pytest.mark.parametrize(
    "grades",
    [
        lambda cases, truth: 1 / 0,
        lambda cases, truth: [],
        lambda cases, truth: [Grade(0.0, float("nan"))] * len(cases),
        lambda cases, truth: [Grade(0.0, 1.5)] * len(cases),
    ],
)
async def test_grading_which_fails_moves_no_score_and_ends_nothing(validator, subnet, echo, caplog, grades):
    echo.grades = grades
    loop = validator()
    await loop.step()
    assert loop.state.scores == {}
    assert "not graded" in caplog.text


async def test_256_miners_are_asked_at_once_and_each_once(validator, ledger, wire, alice, bob):
    ledger.register(alice.ss58_address, permit=True)
    for port in range(1, 257):
        wire.miners[port] = (bob, honest)
        ledger.register(f"miner{port}", axon=Endpoint("10.0.0.1", port))
    under_way, everybody = [], asyncio.Event()
    post = wire.post

    async def all_together(endpoint, *arguments, **bounds):
        under_way.append(endpoint.port)
        if len(under_way) == 256:
            everybody.set()
        await everybody.wait()
        return await post(endpoint, *arguments, **bounds)

    wire.post = all_together
    await asyncio.wait_for(validator().step(), 60)
    assert sorted(under_way) == list(range(1, 257))
