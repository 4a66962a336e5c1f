import pytest
from tests.support.echo_subnet import silent

from ganglion.neuron.errors import ChainUnavailable, CheckpointInvalid


async def test_no_question_is_asked_twice_to_anybody_even_after_a_restart(validator, subnet, wire):
    for _ in range(2):
        loop = validator()
        for _ in range(3):
            await loop.step()
    assert len(set(wire.asked)) == len(wire.asked) == 18


async def test_a_round_which_a_crash_cut_off_is_not_asked_again(validator, subnet, wire):
    def crash(_body):
        raise ZeroDivisionError

    wire.miners[3] = (wire.miners[3][0], crash)
    with pytest.raises(ZeroDivisionError):
        await validator().step()
    wire.miners[3] = (wire.miners[3][0], silent)
    await validator().step()
    assert len(set(wire.asked)) == len(wire.asked)


async def test_scores_survive_a_restart(validator, subnet, address):
    await validator().step()
    resumed = validator()
    assert (resumed.state.round, resumed.state.scores[address["honest"]]) == (1, 0.5)
    await resumed.step()
    assert resumed.state.scores[address["honest"]] == 0.75


async def test_a_broken_checkpoint_stops_the_start(validator, tmp_path):
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(CheckpointInvalid):
        validator()


async def test_a_new_hotkey_on_an_old_uid_inherits_nothing(validator, subnet, address):
    loop = validator()
    await loop.step()
    subnet.change(address["honest"], hotkey=address["newcomer"], axon=None)
    await loop.step()
    assert address["honest"] not in loop.state.scores
    assert loop.state.moving().of(address["newcomer"]) == 0


async def test_an_unregistered_validator_asks_nobody(validator, subnet, alice, wire):
    subnet.change(alice.ss58_address, hotkey="replaced")
    await validator().step()
    assert wire.asked == []


async def test_a_lost_chain_loses_no_scores(validator, subnet, address):
    loop = validator()
    await loop.step()
    subnet.down = True
    with pytest.raises(ChainUnavailable):
        await loop.step()
    assert loop.state.scores[address["honest"]] == 0.5


async def test_a_validator_registered_anew_under_another_uid_goes_on_with_its_scores(
    validator, subnet, alice, address
):
    loop = validator()
    await loop.step()
    subnet.change(alice.ss58_address, hotkey="replaced")
    await loop.step()
    subnet.register(alice.ss58_address, permit=True)
    await loop.step()
    assert (loop.state.round, loop.state.scores[address["honest"]]) == (2, 0.75)
