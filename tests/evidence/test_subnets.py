"""The subnets which come with ganglion: what their validators do can be done again from the log alone."""

from contextlib import AsyncExitStack

import pytest
from tests.support.audited_package import work

from ganglion.evidence.audit import audit


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
        worked = await work(name, kinds, rounds, tmp_path, ends)
        package, files, ledger, key = worked.package, worked.files, worked.ledger, worked.key
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
