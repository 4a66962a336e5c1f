"""The text subnet's secret split cannot be had from the evidence while it still pays."""

from contextlib import AsyncExitStack

import aiohttp
from tests.support.audited_package import work

from ganglion.cli.audit import _maker
from ganglion.evidence.audit import audit
from ganglion.evidence.blocks import NewestBlock
from ganglion.evidence.fetch import LogReader
from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.records import RECORD
from ganglion.evidence.server import EvidenceServer
from ganglion.neuron.clock import SystemClock
from ganglion.subnets.text.challenge import TextKey

PERIOD, UNDER_WAY = 30, 10


def split_of(files):
    """The secret of the only period there is, from the validator's own files."""
    asked = [RECORD.validate_json(line) for n in files.numbers() for line in files.lines(n)]
    rounds = [record.round for record in asked if record.kind == "asked"]
    (split,) = {TextKey.model_validate_json(each.key).split for one in rounds for each in one.asked}
    return str(split).encode()


async def all_served(server, segments):
    """Every byte which anybody gets."""
    served = b""
    async with aiohttp.ClientSession() as http:
        for path in ("", *(f"/{n}/{what}" for n in range(segments) for what in ("head", "records"))):
            async with http.get(f"{server.endpoint.url}/evidence{path}") as answer:
                served += await answer.read()
    return served


async def test_the_split_is_told_when_its_period_is_over_and_audits_clean_then(tmp_path):
    clock = SystemClock()
    async with AsyncExitStack() as ends:
        worked = await work("text", ("blend", "bigram"), 3, tmp_path, ends, {"period": str(PERIOD)})
        ledger, hotkey = worked.ledger, worked.key.ss58_address
        split = split_of(worked.files)

        async def served(at):
            while ledger.block < at:
                ledger.next_block()
            newest = NewestBlock(ledger.of(hotkey).block, clock)
            async with EvidenceServer(worked.evidence, newest, clock, host="127.0.0.1", port=0) as server:
                await LogReader(server.endpoint, clock).copy(files := SegmentFiles(tmp_path / f"at{at}"))
                return files, await all_served(server, 4)

        early, told = await served(PERIOD + UNDER_WAY - 1)
        assert split not in told
        numbers = early.numbers()
        assert numbers
        assert all(early.is_withheld(number) for number in numbers)

        late, told = await served(PERIOD + UNDER_WAY)
        assert split in told
        report = await audit(late, hotkey, _maker(None), await ledger.facts(hotkey), ledger)
        assert (report.differences, report.segments, report.withheld) == ((), len(numbers), ())
        while ledger.block <= PERIOD + 2 * UNDER_WAY:
            ledger.next_block()
        report = await audit(early, hotkey, _maker(None), await ledger.facts(hotkey), ledger)
        assert [found.kind for found in report.differences] == ["withheld"] * len(numbers)
