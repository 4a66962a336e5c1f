"""Whatever a log says, an audit ends with a report or a clear refusal."""

import json
import random
from dataclasses import replace

import pytest
from tests.support.audited_subnet import OpenEchoValidator

from ganglion.evidence import audit, files, replay
from ganglion.evidence.files import EvidenceInvalid
from ganglion.evidence.records import SignedHead
from ganglion.evidence.report import CannotAudit
from ganglion.neuron.rounds import Round

NASTY = (
    None,
    True,
    -1,
    0,
    2**80,
    -(2**80),
    1e308,
    -1e308,
    "",
    "x" * 10_000,
    "\ud800",
    [],
    {},
    [[]],
    {"a": 1},
)


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        return [leaf for key in value for leaf in leaves(value[key], (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for index in range(len(value)) for leaf in leaves(value[index], (*path, index))]
    return [path]


def spoiled(value, path, nasty):
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = nasty
    return value


@pytest.mark.parametrize("seed", range(12))
async def test_a_record_with_one_wrong_value_never_ends_the_audit(world, seed):
    chance = random.Random(seed)
    await world.validate(rounds=2)
    whole = {number: list(world.files.lines(number)) for number in world.files.numbers()}
    for _ in range(25):
        segment = chance.choice(list(whole))
        lines = list(whole[segment])
        at = chance.randrange(len(lines))
        record = json.loads(lines[at])
        nasty = chance.choice(NASTY)
        lines[at] = json.dumps(spoiled(record, chance.choice(leaves(record)), nasty)).encode()
        world.files.records(segment).write_bytes(b"".join(line + b"\n" for line in lines))
        try:
            report = await world.audit()
        except CannotAudit:
            pass
        else:
            assert not report.is_clean
            assert report.model_dump_json()
        world.files.records(segment).write_bytes(b"".join(line + b"\n" for line in whole[segment]))


@pytest.mark.parametrize(
    "head", ["", "{}", "[" * 100_000, "\ud800", '{"format": "ganglion-evidence/1", "segment": "one"}']
)
async def test_a_head_which_is_none_ends_the_audit_with_a_word(world, head):
    await world.validate(rounds=2)
    signed = SignedHead(head="x", signature="sr25519:00").model_dump() | {"head": head}
    world.files.head(1).write_text(json.dumps(signed))
    with pytest.raises(CannotAudit, match="segment 1"):
        await world.audit()


async def test_lines_which_are_no_json_are_named(world):
    await world.validate(rounds=2)
    with world.files.records(1).open("ab") as file:
        file.write(b"\xff\xfe\n" + b"[" * 100_000 + b"\n\n")
    found = (await world.audit()).differences
    assert [each.kind for each in found] == ["record", "record", "record", "root"]


async def test_an_empty_log_cannot_be_audited(world):
    with pytest.raises(CannotAudit, match="empty"):
        await world.audit()


async def test_a_record_without_end_is_refused_before_it_fills_the_memory(world, monkeypatch):
    await world.validate(rounds=2)
    monkeypatch.setattr(files, "MAX_RECORD", 500)
    with pytest.raises(EvidenceInvalid, match="more than 500 bytes"):
        await world.audit()


async def test_a_segment_of_very_many_records_is_checked_up_to_a_bound(world, monkeypatch):
    await world.validate(rounds=2)
    monkeypatch.setattr(audit, "MOST_RECORDS", 100)
    with world.files.records(1).open("ab") as file:
        file.write(b"\n" * 100_000)
    report = await world.audit()
    assert len(report.differences) < 110
    assert "more than 100 records" in " ".join(found.text for found in report.differences)


async def test_rounds_which_are_never_graded_do_not_fill_the_memory(world, monkeypatch):
    monkeypatch.setattr(replay, "MOST_WAITING", 2)
    log = world.log()
    for number in range(1, 6):
        log.asked(Round(netuid=1, number=number, block=1, asked=()))
    log.weighed(1)
    world.ledger.next_block()
    found = [each for each in (await world.audit()).differences if "more than 2 rounds" in each.text]
    assert [each.place.round for each in found] == [1, 2, 3]


async def test_a_round_cannot_make_the_node_tell_prices_without_end(world, monkeypatch):
    monkeypatch.setattr(replay, "MOST_PRICE_BLOCKS", 3)
    validator = OpenEchoValidator()
    drawn = validator.challenges
    validator.challenges = lambda miners, draw: [
        replace(each, price_blocks=tuple(range(draw.block))) for each in drawn(miners, draw)
    ]
    asked = []
    told = world.ledger.prices

    async def counted(block):
        asked.append(block)
        return await told(block)

    for _ in range(9):
        world.ledger.next_block()
    await world.validate(rounds=1, validator=validator)
    world.ledger.prices = counted
    found = (await world.audit()).differences
    assert any("needs the prices of" in each.text for each in found)
    assert asked == [0, 1, 2]
