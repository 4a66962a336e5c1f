"""Endpoints which lie get a clear error, within bounds of time and bytes."""

import asyncio
import gzip
import json

import pytest
from aiohttp import web

from ganglion.evidence.fetch import EndpointLies, LogReader
from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.records import FORMAT
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.protocols import Endpoint


@pytest.fixture
async def liar():
    """Starts a server of these answers by path; gives its endpoint."""
    runners = []

    async def start(answers):
        async def answer(request):
            given = answers.get(request.path)
            if given is None:
                raise web.HTTPNotFound
            return await given(request) if callable(given) else web.Response(body=given)

        app = web.Application()
        app.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return Endpoint(*runner.addresses[0][:2])

    yield start
    for runner in runners:
        await runner.cleanup()


def index(*segments):
    listed = [{"segment": number, "bytes": size, "withheld": withheld} for number, size, withheld in segments]
    return json.dumps({"format": FORMAT, "hotkey": "5x", "open_records": 3, "segments": listed}).encode()


async def endless(request):
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 65536)


async def silent(_request):
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "status 404"),
        ({"/evidence": b"<html></html>"}, "no index of evidence"),
        ({"/evidence": b" " * 10_000_000}, "more than"),
        ({"/evidence": endless}, "more than"),
        ({"/evidence": silent}, "no complete answer"),
        ({"/evidence": b"[" * 100_000}, "no index of evidence"),
        ({"/evidence": index().replace(b"evidence/1", b"evidence/9")}, "format"),
        ({"/evidence": index((-1, 5, False))}, "no index"),
        ({"/evidence": index((0, "many", False))}, "no index"),
        ({"/evidence": index((0, 2**40, False))}, "announces more than"),
        ({"/evidence": index((0, 10, False)), "/evidence/0/records": b""}, "ends after 0 of 10"),
        ({"/evidence": index((0, 10, False)), "/evidence/0/records": endless}, "more than"),
        (
            {"/evidence": index((0, 1, False)), "/evidence/0/records": b"x", "/evidence/0/head": b"<html>"},
            "head of segment 0 is none",
        ),
    ],
)
async def test_a_lie_is_named(liar, tmp_path, answers, said):
    reader = LogReader(await liar(answers), SystemClock(), timeout_s=1.0)
    with pytest.raises(EndpointLies, match=said):
        await reader.copy(SegmentFiles(tmp_path))


async def test_nobody_there_is_named(tmp_path):
    with pytest.raises(EndpointLies, match="Connect"):
        await LogReader(Endpoint("127.0.0.1", 1), SystemClock()).copy(SegmentFiles(tmp_path))


async def test_a_redirect_is_not_followed(liar, tmp_path):
    async def elsewhere(_request):
        raise web.HTTPFound("http://127.0.0.1:1/evidence")

    with pytest.raises(EndpointLies, match="status 302"):
        await LogReader(await liar({"/evidence": elsewhere}), SystemClock()).copy(SegmentFiles(tmp_path))


async def test_a_segment_which_is_removed_meanwhile_is_left_out(liar, tmp_path):
    endpoint = await liar({"/evidence": index((0, 10, False))})
    await LogReader(endpoint, SystemClock()).copy(SegmentFiles(tmp_path))
    assert SegmentFiles(tmp_path).numbers() == []


async def test_a_log_which_comes_byte_by_byte_is_given_up(liar, tmp_path):
    async def drop(_request):
        return web.Response(body=b"x")

    endpoint = await liar({"/evidence": index((0, 10**6, False)), "/evidence/0/records": drop})
    with pytest.raises(EndpointLies, match="no complete log"):
        await LogReader(endpoint, SystemClock(), whole_s=0.5).copy(SegmentFiles(tmp_path))


async def test_a_small_answer_which_would_unpack_to_a_large_one_is_not_unpacked(liar, tmp_path):
    async def bomb(_request):
        packed = gzip.compress(b" " * 10_000_000)
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    with pytest.raises(EndpointLies, match="no index of evidence"):
        await LogReader(await liar({"/evidence": bomb}), SystemClock()).copy(SegmentFiles(tmp_path))
