import json

import pytest
from pydantic import BaseModel

from ganglion.neuron.auth import HOTKEY_HEADER, RequestSigner, RequestVerifier
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.service import Route, Service


class Ask(BaseModel, extra="forbid"):
    number: int


class Told(BaseModel):
    number: int
    caller: str


async def double(request: Ask, caller: str) -> Told:
    return Told(number=10 // request.number, caller=caller)


@pytest.fixture
def service(ledger, clock, alice, bob):
    ledger.register(alice.ss58_address, permit=True)
    admission = Admission(min_stake_rao=1)
    admission.update(ledger.metagraph())
    return Service(
        (Route("/ask", Ask, double),),
        verifier=RequestVerifier(bob.ss58_address, clock),
        admission=admission,
        limit=CallerLimit(clock, per_second=1, burst=2),
        max_body=1000,
    )


@pytest.fixture
def ask(service, clock, alice, bob):
    async def send(body=b'{"number": 5}', *, sender=alice, path="/ask"):
        headers = RequestSigner(sender, clock).headers(path=path, body=body, receiver=bob.ss58_address)
        clock.advance(1e-6)
        reply = await service.answer(path=path, headers=headers, body=body)
        return reply.status, json.loads(reply.body)

    return send


async def test_an_admitted_caller_is_answered_and_known(ask, alice):
    assert await ask() == (200, {"number": 2, "caller": alice.ss58_address})


async def test_a_stranger_is_refused_without_a_look_at_its_body(ask, carol):
    status, body = await ask(b"not even json", sender=carol)
    assert (status, body["error"]) == (403, "NotAdmitted")


async def test_a_stranger_in_an_admitted_callers_name_is_refused(service, clock, alice, bob, carol):
    headers = RequestSigner(carol, clock).headers(path="/ask", body=b"", receiver=bob.ss58_address)
    headers[HOTKEY_HEADER] = alice.ss58_address
    reply = await service.answer(path="/ask", headers=headers, body=b"")
    assert reply.status == 401


async def test_an_unsigned_request_is_refused(service):
    reply = await service.answer(path="/ask", headers={}, body=b"{}")
    assert reply.status == 401


async def test_forged_requests_do_not_spend_the_callers_rate(service, ask, alice):
    forged = {HOTKEY_HEADER: alice.ss58_address}
    for _ in range(5):
        assert (await service.answer(path="/ask", headers=forged, body=b"{}")).status == 401
    assert (await ask())[0] == 200


async def test_a_caller_above_its_rate_is_refused_until_time_passes(ask, clock):
    assert [(await ask())[0] for _ in range(3)] == [200, 200, 429]
    clock.advance(1)
    assert (await ask())[0] == 200


@pytest.mark.parametrize("body", [b"", b"[]", b'{"number": "x"}', b'{"number": 1, "more": 2}', b"\xff"])
async def test_a_body_which_does_not_fit_the_model_is_refused(ask, body):
    assert (await ask(body))[0] == 422


async def test_an_oversized_body_and_an_unknown_path_are_refused(ask):
    assert (await ask(b"x" * 1001))[0] == 413
    assert (await ask(path="/other"))[0] == 404


async def test_a_failing_handler_costs_one_answer_only(ask, caplog):
    assert (await ask(b'{"number": 0}'))[0] == 500
    assert "handler failed" in caplog.text
    assert (await ask())[0] == 200
