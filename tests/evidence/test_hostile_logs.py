"""Whatever a log says, an audit ends with a report or a clear refusal."""

import json
import random

import pytest

from ganglion.evidence.records import SignedHead
from ganglion.evidence.report import CannotAudit

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
