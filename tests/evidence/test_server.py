import asyncio

import aiohttp
import pytest

from ganglion.evidence import server as serving
from ganglion.evidence.blocks import NewestBlock
from ganglion.evidence.fetch import LogReader
from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.server import EvidenceServer
from ganglion.neuron.clock import SystemClock


def newest(world):
    return NewestBlock(world.ledger.of(world.hotkey).block, SystemClock())


@pytest.fixture
async def server(world):
    await world.validate(rounds=2)
    async with EvidenceServer(world.log(), newest(world), SystemClock(), host="127.0.0.1", port=0) as server:
        yield server


async def status(server, path, method="GET"):
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, server.endpoint.url + path, allow_redirects=False) as answer,
    ):
        return answer.status


async def test_a_log_which_was_fetched_is_the_same_and_audits_alike(world, server, tmp_path):
    files = SegmentFiles(tmp_path / "copy")
    await LogReader(server.endpoint, SystemClock()).copy(files)
    assert files.numbers() == world.files.numbers() == [0, 1]
    for number in files.numbers():
        assert files.records(number).read_bytes() == world.files.records(number).read_bytes()
        assert files.signed_head(number) == world.files.signed_head(number)
    assert (await world.audit(files)).differences == ()


async def test_a_segment_larger_than_a_page_comes_whole(world, server, tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "PAGE", 1500)
    files = SegmentFiles(tmp_path / "copy")
    await LogReader(server.endpoint, SystemClock()).copy(files)
    assert files.records(0).read_bytes() == world.files.records(0).read_bytes()


@pytest.mark.parametrize(
    "path",
    ["/", "/evidence/9/head", "/evidence/9/records", "/evidence/seed", "/evidence/../state.json", "/seed"],
)
async def test_nothing_else_is_served(server, path):
    assert await status(server, path) == 404


@pytest.mark.parametrize("offset", ["-1", "x", "1" * 13, "1e3"])
async def test_an_offset_which_is_none_is_refused(server, offset):
    assert await status(server, f"/evidence/0/records?offset={offset}") == 400


async def test_nobody_can_write(server):
    for method in ("POST", "PUT", "DELETE"):
        assert await status(server, "/evidence", method) == 405


async def test_an_address_which_asks_too_often_is_told_so(world):
    clock = SystemClock()
    limited = EvidenceServer(
        world.log(), newest(world), clock, host="127.0.0.1", port=0, per_second=0.001, burst=2
    )
    async with limited as server:
        assert [await status(server, "/evidence") for _ in range(3)] == [200, 200, 429]


async def test_a_reader_waits_where_it_is_asked_for_patience(world, tmp_path):
    await world.validate(rounds=2)

    class Quick(SystemClock):
        waited = 0

        async def sleep(self, seconds):
            self.waited += 1
            self.now += seconds

        now = 0.0

        def monotonic(self):
            return self.now

    clock = Quick()
    slow = EvidenceServer(world.log(), newest(world), clock, host="127.0.0.1", port=0, per_second=1, burst=1)
    async with slow as server:
        await LogReader(server.endpoint, clock).copy(SegmentFiles(tmp_path / "copy"))
    assert SegmentFiles(tmp_path / "copy").numbers() == [0, 1]
    assert clock.waited == 4


async def test_who_does_not_take_its_answer_is_left_and_others_are_served(world, monkeypatch):
    monkeypatch.setattr(serving, "_AT_ONCE", 1)
    monkeypatch.setattr(serving, "_TAKING_S", 0.3)
    monkeypatch.setattr(serving, "PAGE", 2**26)
    await world.validate(rounds=2)
    world.files.records(0).write_bytes(b"x" * 2**26)
    async with EvidenceServer(world.log(), newest(world), SystemClock(), host="127.0.0.1", port=0) as server:
        _, writer = await asyncio.open_connection(server.endpoint.ip, server.endpoint.port)
        writer.write(b"GET /evidence/0/records HTTP/1.1\r\nHost: x\r\n\r\n")
        await writer.drain()
        assert await status(server, "/evidence/1/head") == 200
        writer.transport.abort()


async def test_an_address_has_few_connections(server):
    held = [await asyncio.open_connection(server.endpoint.ip, server.endpoint.port) for _ in range(8)]
    with pytest.raises(aiohttp.ClientError):
        await status(server, "/evidence")
    for _, writer in held:
        writer.close()
