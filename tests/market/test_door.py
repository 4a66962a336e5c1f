"""Who is refused at the door, in OpenAI's shape."""

import asyncio
import logging

import openai
import pytest

from market_on_loopback import Speaker

HELLO = {"model": "ganglion/text", "messages": [{"role": "user", "content": "Hello"}]}
CHAT = "/v1/chat/completions"


def error_of(response):
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer sk-ganglion-unknown",
        "Bearer " + "x" * 4000,
        "Basic sk-ganglion-x",
        b"Bearer sk-ganglion-\xff",
    ],
)
@pytest.mark.parametrize(
    "path", [CHAT, "/v1/completions", "/v1/classify", "/v1/forecast", "/v1/models", "/v1/models/x"]
)
async def test_a_stranger_is_refused_everywhere_and_no_miner_hears_of_it(town, header, path):
    speaker = Speaker("Hello")
    await town.miner(speaker)
    headers = {} if header is None else {"Authorization": header}
    method = "GET" if "models" in path else "POST"
    response = await town.http().request(method, path, headers=headers, json=HELLO)
    assert error_of(response) == (401, "invalid_api_key")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert speaker.asked == []


async def test_a_stranger_is_refused_before_its_body_is_read(town):
    address = town.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n".encode())
    assert (await reader.readline()).split()[1] == b"401"
    writer.close()
    await writer.wait_closed()


async def test_openais_client_takes_it_as_an_authentication_error(town):
    with pytest.raises(openai.AuthenticationError):
        await town.customer("sk-ganglion-unknown").models.list()


async def test_a_revoked_key_opens_nothing_from_the_next_request_on(town):
    customer = town.customer(town.key("bob"))
    await customer.models.list()
    town.keys.revoke("bob", now_ns=1)
    with pytest.raises(openai.AuthenticationError):
        await customer.models.list()


async def test_more_requests_than_the_rate_are_refused_for_this_key_only(town):
    few = town.customer(town.key("few", per_minute=2))
    await few.models.list()
    await few.models.list()
    with pytest.raises(openai.RateLimitError) as caught:
        await few.models.list()
    assert caught.value.code == "rate_limit_exceeded"
    await town.customer(town.key("other")).models.list()


async def test_more_requests_at_once_than_allowed_are_refused(town):
    gate = asyncio.Semaphore(1)
    await town.miner(Speaker("Hello", " world", gate=gate))
    customer = town.customer(town.key("one", parallel=1))
    stream = await customer.completions.create(model="ganglion/text", prompt="x", stream=True)
    with pytest.raises(openai.RateLimitError) as caught:
        await customer.models.list()
    assert caught.value.code == "too_many_at_once"
    gate.release()
    assert [chunk.choices[0].finish_reason async for chunk in stream][-1] == "stop"
    await customer.models.list()


async def test_a_spent_budget_ends_a_key_and_clients_do_not_try_again(town):
    await town.miner(Speaker("Hello"))
    customer = town.customer(town.key("poor", budget_rao=1), max_retries=5)
    await customer.chat.completions.create(**HELLO)
    with pytest.raises(openai.RateLimitError) as caught:
        await customer.chat.completions.create(**HELLO)
    assert caught.value.code == "insufficient_quota"
    assert caught.value.response.request.headers["x-stainless-retry-count"] == "0"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"\xff", 400, "invalid_json"),
        (b"[" * 100_000, 400, "invalid_json"),
        (b"[]", 400, "invalid_value"),
        (b"{}", 400, "invalid_value"),
        (b"x" * (1024 * 1024 + 1), 413, "request_too_large"),
    ],
)
async def test_bodies_which_are_no_request_are_refused(town, body, status, code):
    response = await town.http(town.key()).post(CHAT, content=body)
    assert error_of(response) == (status, code)


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"model": 7}, "invalid_value", "model"),
        ({"messages": "Hello"}, "invalid_value", "messages"),
        ({"messages": []}, "invalid_value", "messages"),
        ({"messages": [{"role": "user", "content": "x" * 16_001}]}, "invalid_value", "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "invalid_value", "messages.0.role"),
        ({"max_tokens": 10_000}, "invalid_value", "max_tokens"),
        ({"max_completion_tokens": 0}, "invalid_value", "max_completion_tokens"),
        ({"temperature": "hot"}, "invalid_value", "temperature"),
        ({"seed": -1}, "invalid_value", "seed"),
        ({"stream": "yes"}, "invalid_value", "stream"),
        ({"n": 2}, "invalid_value", "n"),
        ({"tools": [{"type": "function"}]}, "invalid_value", "tools"),
        ({"response_format": {"type": "json_object"}}, "invalid_value", "response_format.type"),
        ({"colour": "red"}, "unknown_parameter", "colour"),
    ],
)
async def test_wrong_fields_are_refused_by_their_names(town, change, code, param):
    speaker = Speaker("Hello")
    await town.miner(speaker)
    response = await town.http(town.key()).post(CHAT, json={**HELLO, **change})
    assert error_of(response) == (400, code)
    assert response.json()["error"]["param"] == param
    assert speaker.asked == []


async def test_a_number_which_is_none_is_refused(town):
    body = b'{"model": "ganglion/text", "messages": [{"role": "user", "content": "x"}], "temperature": NaN}'
    assert error_of(await town.http(town.key()).post(CHAT, content=body)) == (400, "invalid_value")


async def test_many_long_messages_together_are_too_large_for_a_miner(town):
    messages = [{"role": "user", "content": "x" * 15_000}] * 10
    response = await town.http(town.key()).post(CHAT, json={**HELLO, "messages": messages})
    assert error_of(response) == (413, "request_too_large")


@pytest.mark.parametrize(
    "model",
    ["gpt-4o", "", "ganglion/", "ganglion/vision", "ganglion/text@", "ganglion/text@x", "ganglion/text@٣"],
)
async def test_unknown_models_are_404(town, model):
    response = await town.http(town.key()).post(CHAT, json={**HELLO, "model": model})
    assert error_of(response) == (404, "model_not_found")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/x", 404), ("GET", CHAT, 405)])
async def test_unknown_paths_and_methods_have_the_same_shape(town, method, path, status):
    response = await town.http(town.key()).request(method, path)
    assert response.status_code == status
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


async def test_a_body_which_drips_is_given_up(town):
    reader, writer = await asyncio.open_connection(*town.url.removeprefix("http://").split(":"))
    head = (
        f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {town.key()}\r\nContent-Length: 9\r\n\r\n"
    )
    writer.write(head.encode() + b"{")
    assert (await reader.readline()).split()[1] == b"408"
    writer.close()
    await writer.wait_closed()


async def test_refusals_are_logged_and_counted_without_the_key(town, caplog):
    caplog.set_level(logging.INFO, "ganglion.market")
    await town.http("sk-ganglion-secret").get("/v1/models")
    assert "status=401 code=invalid_api_key" in caplog.text
    assert "sk-ganglion-secret" not in caplog.text
    page = (await town.http().get("/metrics")).text
    assert 'ganglion_market_requests_total{outcome="invalid_api_key"} 1.0' in page
