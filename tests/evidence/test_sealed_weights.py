"""Where weights are sealed first, the chain's are those of an earlier segment."""

from dataclasses import replace

import pytest
from tests.support.audited_subnet import RULES
from tests.support.echo_subnet import lying

from ganglion.neuron.protocols import Weights


@pytest.fixture
def sealing(world):
    world.ledger.rules = replace(RULES, commit_reveal=True)
    return world


async def work(world, *, rounds=4, waiting=2, **parts):
    """A validator whose weights are opened when so many wait; its miners change their ways meanwhile."""
    loop = world.loop(**parts)
    for number in range(rounds):
        if number == 2:
            world.wire.miners[1] = (world.wire.miners[1][0], lying)
        await loop.step()
        while len(world.ledger.sealed) > waiting:
            world.ledger.reveal(world.hotkey)
    for _ in range(12):
        world.ledger.next_block()


async def test_an_honest_validator_audits_clean(sealing):
    await work(sealing)
    report = await sealing.audit()
    assert (report.differences, report.notes) == ((), ())


async def test_all_opened_is_clean_too(sealing):
    await work(sealing, waiting=0)
    assert (await sealing.audit()).differences == ()


async def test_weights_which_were_never_opened_are_noted(sealing):
    await work(sealing)
    sealing.ledger.sealed.clear()
    report = await sealing.audit()
    assert report.differences == ()
    assert any("stayed sealed" in note for note in report.notes)


async def test_weight_shifted_to_a_friend_under_the_seal_is_named(sealing):
    chain = sealing.ledger.of(sealing.hotkey)
    accepted = chain.set_weights

    async def shifted(netuid, weights, version_key):
        await accepted(netuid, Weights((sealing.uid("friend"),), (65535,)), version_key)

    chain.set_weights = shifted
    await work(sealing, chain=chain)
    report = await sealing.audit()
    assert {found.kind for found in report.differences} == {"chain"}
    assert {found.uid for found in report.differences} >= {sealing.uid("rival"), sealing.uid("third")}
