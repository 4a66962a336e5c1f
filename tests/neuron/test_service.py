import asyncio
import json

import pytest

from ganglion.neuron.auth import HOTKEY_HEADER, SIGNATURE_HEADER, RequestSigner
from ganglion.neuron.errors import Refusal
from ganglion.neuron.signature import HEADER, is_answer_of, signature_of_end


@pytest.fixture
def service(service_of, tenth):
    return service_of(tenth, per_second=2)


@pytest.fixture
def headers_of(clock, alice, bob):
    def make(body, *, sender=alice, path="/tenth"):
        clock.advance(1e-6)
        return RequestSigner(sender, clock).headers(path=path, body=body, receiver=bob.ss58_address)

    return make


@pytest.fixture
def ask(service, headers_of):
    async def send(body=b'{"value": 5}', *, path="/tenth", **signed):
        headers = headers_of(body, path=path, **signed)
        try:
            reply = await service.reply(service.admit(path=path, headers=headers, body=body))
        except Refusal as refusal:
            return refusal.status, refusal.error
        return 200, json.loads(reply.body)

    return send


async def test_an_admitted_caller_is_answered_and_known(ask, tenth, alice):
    assert await ask() == (200, {"value": 2})
    assert (tenth.asked[0].hotkey, tenth.asked[0].validator_permit) == (alice.ss58_address, True)


async def test_an_answer_is_signed_for_its_request(service, headers_of, bob):
    body = b'{"value": 5}'
    headers = headers_of(body)
    reply = await service.reply(service.admit(path="/tenth", headers=headers, body=body))
    signature, asked = reply.headers[HEADER], headers[SIGNATURE_HEADER]
    assert is_answer_of(bob.ss58_address, signature, asked, 200, reply.body)


async def test_a_stranger_is_refused_without_a_look_at_its_body(ask, carol):
    assert await ask(b"not even json", sender=carol) == (403, "NotAdmitted")


async def test_a_stranger_in_an_admitted_callers_name_is_refused(service, headers_of, alice, carol):
    headers = headers_of(b"{}", sender=carol) | {HOTKEY_HEADER: alice.ss58_address}
    with pytest.raises(Refusal) as caught:
        service.admit(path="/tenth", headers=headers, body=b"{}")
    assert caught.value.status == 401


async def test_no_stranger_reaches_the_miner(ask, service, headers_of, tenth, alice, carol):
    await ask(sender=carol)
    for headers in ({}, {HOTKEY_HEADER: alice.ss58_address}, headers_of(b"other body")):
        with pytest.raises(Refusal):
            service.admit(path="/tenth", headers=headers, body=b'{"value": 5}')
    assert tenth.asked == []


async def test_forged_requests_do_not_spend_the_callers_rate(service, ask, alice):
    forged = {HOTKEY_HEADER: alice.ss58_address}
    for _ in range(5):
        with pytest.raises(Refusal):
            service.admit(path="/tenth", headers=forged, body=b"{}")
    assert (await ask())[0] == 200


async def test_a_caller_above_its_rate_is_refused_until_time_passes(ask, clock):
    assert [(await ask())[0] for _ in range(3)] == [200, 200, 429]
    clock.advance(1)
    assert (await ask())[0] == 200


@pytest.mark.parametrize("body", [b"", b"[]", b'{"value": "5"}', b'{"value": 1, "more": 2}', b"\xff", b"NaN"])
async def test_a_body_which_does_not_fit_the_model_is_refused(ask, body):
    assert await ask(body) == (422, "InvalidRequest")


async def test_an_oversized_body_and_an_unknown_path_are_refused(ask):
    assert (await ask(b"x" * 1001))[0] == 413
    assert (await ask(path="/other"))[0] == 404


async def test_a_failing_miner_costs_one_answer_only(ask, caplog):
    assert await ask(b'{"value": 0}') == (500, "MinerFailed")
    assert "ZeroDivisionError" in caplog.text
    assert (await ask())[0] == 200


async def test_an_answer_beyond_the_tasks_limit_is_not_sent(ask, tenth, monkeypatch):
    monkeypatch.setattr(type(tenth), "answer", lambda self, request, caller: huge())
    assert await ask() == (500, "AnswerTooLarge")


async def huge():
    from pydantic import BaseModel

    class Huge(BaseModel):
        text: str = "x" * 2000

    return Huge()


async def test_a_draining_miner_takes_no_new_request(ask, service):
    service.draining = True
    assert await ask() == (503, "Draining")


async def test_requests_above_what_runs_wait_and_above_what_waits_are_refused(service_of, headers_of, tenth):
    service, finish = service_of(tenth, running=1, queued=1), asyncio.Event()
    tenth.pause = finish.wait

    async def send():
        body = b'{"value": 5}'
        return await service.reply(service.admit(path="/tenth", headers=headers_of(body), body=body))

    tasks = [asyncio.create_task(send()) for _ in range(3)]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    assert (service.gate.in_flight, service.gate.waiting) == (1, 1)
    finish.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [getattr(outcome, "error", "ok") for outcome in outcomes] == ["ok", "ok", "Busy"]


async def test_a_streamed_answer_ends_with_a_signature_over_its_lines(service, headers_of, bob):
    body = b'{"value": 5}'
    headers = headers_of(body, path="/tenth/stream")
    call = service.admit(path="/tenth/stream", headers=headers, body=body)
    *pieces, end = [line async for line in service.lines(call)]
    assert pieces == [b'{"value":1}\n'] * 2
    signature = signature_of_end(end)
    assert is_answer_of(bob.ss58_address, signature, headers[SIGNATURE_HEADER], 200, b"".join(pieces))


async def test_a_task_without_pieces_has_no_stream(service_of, headers_of, tenth):
    from dataclasses import replace

    tenth.task = replace(tenth.task, piece=None)
    with pytest.raises(Refusal) as caught:
        service_of(tenth).admit(path="/tenth/stream", headers=headers_of(b"{}"), body=b"{}")
    assert caught.value.status == 404
