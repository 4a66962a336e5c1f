"""What is asked stays secret until it may be told, and no longer."""

import aiohttp
import pytest
from tests.support.audited_subnet import OpenEchoValidator

from ganglion.evidence.blocks import NewestBlock
from ganglion.evidence.fetch import LogReader
from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.report import CannotAudit
from ganglion.evidence.server import EvidenceServer
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.errors import ChainUnavailable

PERIOD = 60


class Secret(OpenEchoValidator):
    """Tells nothing of a period before it is over."""

    def discloses_at(self, block):
        return (block // PERIOD + 1) * PERIOD


def secret_log(world, discloses_at=None):
    return world.log(discloses_at=discloses_at or Secret().discloses_at)


def serving(world, newest=None):
    clock = SystemClock()
    newest = newest or NewestBlock(world.ledger.of(world.hotkey).block, clock)
    return EvidenceServer(secret_log(world), newest, clock, host="127.0.0.1", port=0)


async def status(server, path):
    async with aiohttp.ClientSession() as http, http.get(server.endpoint.url + path) as answer:
        return answer.status, await answer.text()


async def reach(world, block):
    while world.ledger.block < block:
        world.ledger.next_block()


async def fetched(world, directory):
    """What anybody gets to see at the chain's block now."""
    async with serving(world) as server:
        await LogReader(server.endpoint, SystemClock()).copy(files := SegmentFiles(directory))
    return files


async def audited(world, directory):
    return await world.audit(await fetched(world, directory), validator=Secret)


@pytest.fixture
async def two_periods(world):
    """Three segments of the first period, and two of the second, which runs still."""
    await world.validate(log=secret_log(world))
    await reach(world, PERIOD)
    await world.validate(rounds=2, log=secret_log(world))
    return world


async def test_a_withheld_segment_is_served_to_nobody_and_its_head_to_all(two_periods):
    async with serving(two_periods) as server:
        assert [(await status(server, f"/evidence/{n}/head"))[0] for n in range(5)] == [200] * 5
        assert [(await status(server, f"/evidence/{n}/records"))[0] for n in range(5)] == [200] * 3 + [
            403
        ] * 2
        assert await status(server, "/evidence/4/records?offset=7") == (403, "withheld until block 120")


async def test_it_is_served_from_its_block_on(two_periods, tmp_path):
    await reach(two_periods, 2 * PERIOD - 1)
    assert [n for n in range(5) if (await fetched(two_periods, tmp_path / "early")).is_withheld(n)] == [3, 4]
    await reach(two_periods, 2 * PERIOD)
    files = await fetched(two_periods, tmp_path / "late")
    assert [files.is_withheld(number) for number in range(5)] == [False] * 5
    report = await two_periods.audit(files, validator=Secret)
    assert (report.differences, report.withheld, report.rounds) == ((), (), 5)


async def test_the_open_segment_is_never_served_and_its_records_are_counted(world):
    await world.validate(rounds=1)
    log = world.log()
    log.resumed({}, ())
    log.lost(2, "a reason")
    newest = NewestBlock(world.ledger.of(world.hotkey).block, SystemClock())
    async with EvidenceServer(log, newest, SystemClock(), host="127.0.0.1", port=0) as server:
        assert [(await status(server, f"/evidence/1/{what}"))[0] for what in ("head", "records")] == [
            404,
            404,
        ]
        count = len(list(world.files.lines(1)))
        assert count >= 2
        assert f'"open_records": {count},' in (await status(server, "/evidence"))[1]


async def test_an_audit_checks_what_is_disclosed_and_says_what_is_not(two_periods, tmp_path):
    report = await audited(two_periods, tmp_path / "copy")
    assert report.differences == ()
    assert [(each.segment, each.until_block) for each in report.withheld] == [(3, 120), (4, 120)]
    assert (report.segments, report.rounds) == (3, 3)
    assert "newer than what is disclosed" in report.notes[0]


async def test_where_all_is_withheld_nothing_can_be_audited(world, tmp_path):
    await world.validate(log=secret_log(world))
    with pytest.raises(CannotAudit, match="all 3 segments are withheld still, the last until block 60"):
        await audited(world, tmp_path / "copy")


async def test_a_segment_withheld_beyond_its_time_is_named(two_periods, tmp_path):
    files = await fetched(two_periods, tmp_path / "copy")
    await reach(two_periods, 2 * PERIOD + 11)
    found = (await two_periods.audit(files, validator=Secret)).differences
    assert [(each.kind, each.place.segment) for each in found] == [("withheld", 3), ("withheld", 4)]
    assert "was to be disclosed at block 120" in found[0].text


async def test_a_validator_which_promises_its_records_for_the_end_of_days_is_named(world, tmp_path):
    await world.validate(log=secret_log(world, lambda _block: 10**9))
    found = (await audited(world, tmp_path / "copy")).differences
    assert [(each.kind, each.place.segment) for each in found] == [("withheld", n) for n in range(3)]
    assert "until block 1000000000, and by the rules until" in found[0].text


async def test_withheld_heads_which_are_not_committed_are_named(world, tmp_path):
    await world.validate(log=secret_log(world))
    await reach(world, PERIOD)
    chain = world.ledger.of(world.hotkey)

    async def nothing(*_):
        return None

    chain.commit = nothing
    await world.validate(rounds=2, log=secret_log(world), chain=chain)
    found = (await audited(world, tmp_path / "copy")).differences
    assert [(each.kind, each.place.segment) for each in found] == [("commitment", 3), ("commitment", 4)]


async def test_a_round_is_not_told_before_it_is_due(world):
    validator = OpenEchoValidator()
    validator.horizon = 5
    await world.validate(rounds=1, validator=validator)
    log = world.log()
    log.weighed(world.ledger.block)
    assert world.files.signed_head(0).parsed().disclosed_at >= 6


async def test_a_restart_forgets_no_secrecy(world):
    loop = world.loop(log=secret_log(world), validator=Secret())
    loop._set_weights = lambda _metagraph: pytest.fail("the process ended before")
    with pytest.raises(pytest.fail.Exception):
        await loop.step()
    secret_log(world).weighed(world.ledger.block)
    assert world.files.signed_head(0).parsed().disclosed_at == PERIOD


async def test_where_the_chain_is_silent_secrets_are_kept(two_periods):
    async def silent():
        raise ChainUnavailable("ws://nowhere", 1)

    async with serving(two_periods, NewestBlock(silent, SystemClock())) as server:
        assert (await status(server, "/evidence/0/records"))[0] == 403


async def test_strangers_do_not_make_the_chain_busy():
    asked = []

    async def block():
        asked.append(1)
        return 5

    newest = NewestBlock(block, SystemClock())
    assert [await newest.known(9) for _ in range(100)] == [5] * 100
    assert len(asked) == 1
