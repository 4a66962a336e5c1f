"""Honest validators audit clean, whatever befalls them."""

from dataclasses import replace

import pytest
from tests.support.audited_subnet import OpenEchoValidator
from tests.support.echo_subnet import honest, lying, silent

from ganglion.neuron.errors import ChainRefused
from ganglion.neuron.rounds import NoLog


async def test_an_honest_validator_audits_clean(world):
    await world.validate()
    report = await world.audit()
    assert report.differences == ()
    assert (report.segments, report.rounds, report.notes) == (3, 3, ())
    assert [(heard.asked, heard.answered) for heard in report.miners] == [(3, 3)] * 3


async def test_miners_which_lie_or_are_silent_make_no_difference(world):
    for port, behaviour in ((1, lying), (2, silent)):
        world.wire.miners[port] = (world.wire.miners[port][0], behaviour)
    await world.validate()
    report = await world.audit()
    assert report.differences == ()
    assert [heard.answered for heard in report.miners] == [3, 0, 3]


async def test_a_restart_makes_no_difference(world):
    await world.validate(rounds=2)
    await world.validate(rounds=2)
    assert (await world.audit()).differences == ()


async def test_a_crash_before_the_checkpoint_makes_no_difference(world):
    await world.validate(rounds=2)
    before = (world.directory / "state.json").read_bytes()
    loop = world.loop()
    loop._set_weights = lambda metagraph: pytest.fail("the process ended before")
    with pytest.raises(pytest.fail.Exception):
        await loop.step()
    state = loop.state.model_copy(update={"scores": type(loop.state).model_validate_json(before).scores})
    (world.directory / "state.json").write_text(state.model_dump_json())
    await world.validate(rounds=2)
    report = await world.audit()
    assert report.differences == ()
    assert any("round 3 does not count" in note for note in report.notes)


async def test_a_torn_last_record_is_cut_and_makes_no_difference(world):
    loop = await world.validate(rounds=2)
    world.log().resumed(loop.state.scores, ())
    with world.files.records(2).open("ab") as file:
        file.write(b'{"kind":"asked","round":{"net')
    await world.validate(rounds=2)
    assert (await world.audit()).differences == ()


async def test_work_without_evidence_in_between_is_a_difference(world):
    await world.validate(rounds=2)
    await world.validate(rounds=2, log=NoLog())
    await world.validate(rounds=1)
    kinds = {found.kind for found in (await world.audit()).differences}
    assert kinds == {"scores"}


async def test_refused_weights_make_no_difference(world):
    chain = world.ledger.of(world.hotkey)
    accepted = chain.set_weights

    async def refused(*_):
        raise ChainRefused("set_weights", "SettingWeightsTooFast", "")

    loop = world.loop(chain=chain)
    await loop.step()
    chain.set_weights = refused
    await loop.step()
    assert (await world.audit()).differences == ()
    chain.set_weights = accepted
    await loop.step()
    assert (await world.audit()).differences == ()


async def test_a_lost_commitment_is_made_good_by_the_next(world):
    chain = world.ledger.of(world.hotkey)
    accepted = chain.commit

    async def refused(*_):
        raise ChainRefused("set_commitment", "SpaceLimitExceeded", "")

    loop = world.loop(chain=chain)
    chain.commit = refused
    await loop.step()
    chain.commit = accepted
    await loop.step()
    assert (await world.audit()).differences == ()


async def test_segments_which_were_removed_are_trusted_as_long_as_they_weigh_little(world):
    log = world.log(keep=9)
    await world.validate(rounds=12, log=log)
    report = await world.audit()
    assert (report.differences, world.files.numbers()[0]) == ((), 3)


async def test_too_few_segments_are_a_difference(world):
    await world.validate(rounds=4, log=world.log(keep=1))
    report = await world.audit()
    assert [found.kind for found in report.differences] == ["untraceable"]


async def test_a_newcomer_under_the_uid_of_one_who_left_makes_no_difference(world, keys):
    loop = world.loop()
    await loop.step()
    newcomer, rival = keys["newcomer"], world.miners["rival"]
    here = {"hotkey": newcomer.ss58_address, "registered_at": world.ledger.block + 1, "served_at": 10**6}
    neurons = [replace(n, **here) if n.hotkey == rival else n for n in world.ledger.neurons.values()]
    world.ledger.neurons = {neuron.hotkey: neuron for neuron in neurons}
    world.wire.miners[2] = (newcomer, honest)
    await loop.step()
    assert (await world.audit()).differences == ()
    assert loop.state.scores.keys() == {world.miners["friend"], newcomer.ss58_address, world.miners["third"]}


async def test_rounds_graded_later_make_no_difference(world):
    validator = OpenEchoValidator()
    validator.horizon = 5
    await world.validate(rounds=6, validator=validator)

    def later():
        made = OpenEchoValidator()
        made.horizon = 5
        return made

    assert (await world.audit(validator=later)).differences == ()


async def test_a_node_which_forgot_the_past_is_noted(world):
    await world.validate()
    world.ledger.oldest = world.ledger.block
    report = await world.audit()
    assert report.differences == ()
    assert any("no longer knows" in note for note in report.notes)
