import pytest

from ganglion.neuron.errors import ChainUnavailable


async def test_a_round_for_later_is_graded_when_its_block_has_come(validator, subnet, echo, wire, address):
    echo.horizon = 10
    wire.miners[1] = (wire.miners[1][0], lambda _body: b'{"number": 110}')
    loop = validator()
    await loop.step()
    subnet.block = 109
    await loop.step()
    assert (loop.state.scores, loop.state.waiting) == ({}, {1: 110, 2: 119})
    subnet.block = 110
    echo.horizon = 0
    await loop.step()
    assert loop.state.waiting == {2: 119}
    assert loop.state.scores[address["honest"]] > 0


async def test_waiting_rounds_survive_a_restart_with_what_was_said(validator, subnet, echo, wire, address):
    echo.horizon = 10
    wire.miners[1] = (wire.miners[1][0], lambda _body: b'{"number": 110}')
    await validator().step()
    resumed = validator()
    subnet.block, echo.horizon = 110, 50
    await resumed.step()
    assert resumed.state.scores[address["honest"]] == 0.5
    assert resumed.state.waiting == {2: 160}


async def test_a_round_is_graded_once_and_its_file_goes(validator, subnet, echo, evidence, tmp_path):
    echo.horizon = 10
    await validator().step()
    subnet.block = 110
    echo.horizon = 0
    await validator().step()
    await validator().step()
    assert [graded.round.number for graded in evidence.rounds] == [1, 2, 3]
    assert list((tmp_path / "state.json.rounds").iterdir()) == []


async def test_a_broken_round_file_costs_its_round_only(validator, subnet, echo, tmp_path, caplog):
    echo.horizon = 10
    await validator().step()
    (tmp_path / "state.json.rounds" / "1.json").write_text("{")
    resumed = validator()
    subnet.block, echo.horizon = 110, 0
    await resumed.step()
    assert "round=1 lost" in caplog.text
    assert (len(resumed.state.scores), resumed.state.waiting) == (3, {})


async def test_while_prices_cannot_be_read_a_due_round_waits(validator, subnet, echo):
    echo.horizon = 10
    loop = validator()
    await loop.step()
    subnet.block, subnet.prices_down = 110, True
    with pytest.raises(ChainUnavailable):
        await loop.step()
    assert 1 in loop.state.waiting
    subnet.prices_down = False
    await loop.step()
    assert 1 not in loop.state.waiting


async def test_a_round_whose_prices_are_gone_for_ever_is_dropped_and_moves_no_score(
    validator, subnet, echo, caplog
):
    echo.horizon = 10
    loop = validator()
    await loop.step()
    subnet.block, subnet.oldest = 110, 111
    await loop.step()
    assert (loop.state.scores, loop.state.waiting) == ({}, {2: 120})
    assert "not graded" in caplog.text


async def test_no_more_rounds_wait_than_may(validator, subnet, echo, wire):
    echo.horizon = 1000
    loop = validator(most_waiting=2)
    for _ in range(4):
        await loop.step()
    assert loop.state.waiting == {1: 1100, 2: 1100}
    assert len(wire.asked) == 6
