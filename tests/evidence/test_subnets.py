"""The subnets which come with ganglion: what their validators do can be done again from the log alone."""

from contextlib import AsyncExitStack

import pytest
from tests.support.audited_subnet import SEED, Remembering
from tests.support.subnet_on_loopback import NETUID, Subnet

from ganglion.evidence.audit import audit
from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.log import EvidenceLog
from ganglion.evidence.records import About
from ganglion.evidence.seeds import stock_seed
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings
from ganglion.subnets.registry import subnet as package_of


@pytest.mark.parametrize(
    ("name", "kinds", "rounds", "asks_prices"),
    [
        ("vision", ("knn", "constant"), 3, False),
        ("text", ("bigram", "echo"), 3, False),
        ("forecast", ("short", "constant"), 90, True),  # once enough were seen
    ],
)
async def test_an_honest_validator_audits_clean(tmp_path, name, kinds, rounds, asks_prices):
    async with AsyncExitStack() as ends:
        package = package_of(name)
        subnet = Subnet(package, tmp_path / "wallets", ends)
        subnet.ledger = ledger = Remembering()
        for kind in kinds:
            await subnet.miner(kind)
        key = subnet.key("validator")
        ledger.register(key.ss58_address, permit=True)
        made = package.make_validator(stock_seed(SEED), {})
        settings = ValidatorSettings()
        about = About(
            hotkey=key.ss58_address,
            netuid=NETUID,
            subnet=name,
            options={},
            alpha=settings.alpha,
            least_score=settings.least_score,
            private=stock_seed(SEED) if made.open_draws else None,
        )
        files = SegmentFiles(tmp_path / "evidence")
        loop = ValidatorLoop(
            made,
            netuid=NETUID,
            hotkey=key.ss58_address,
            chain=ledger.of(key.ss58_address),
            client=subnet.client(key),
            clock=SystemClock(),
            reporter=subnet.events,
            seed=SEED,
            checkpoint=tmp_path / "state.json",
            settings=settings,
            round_log=EvidenceLog(files, key, about, seed=SEED, keep=rounds),
        )
        await subnet.sync()
        await subnet.sync()
        await made.start()
        for _ in range(rounds):
            await loop.step()
        facts = await ledger.facts(key.ss58_address)
        report = await audit(
            files,
            key.ss58_address,
            lambda about: package.make_validator(about.private or 0, about.options),
            facts,
            ledger,
        )
        assert report.differences == ()
        assert report.rounds == rounds
        graded = [
            line for number in files.numbers() for line in files.lines(number) if b'"graded"' in line[:20]
        ]
        assert any(b'"prices":{}' not in line for line in graded) == asks_prices
        assert any(heard.answered == rounds for heard in report.miners)
