import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.schedule import MAX_TEMPO, NEVER, EpochClock, due_epochs

clocks = st.builds(EpochClock, st.integers(0, 65535), st.integers(0, 10**6), st.integers(0, 10**6))


@pytest.mark.parametrize(("now", "due"), [(279, False), (280, True), (281, True)])
def test_an_epoch_is_due_when_the_tempo_is_over(now, due):
    assert EpochClock(tempo=180, last_epoch=100).is_due(now) is due


@pytest.mark.parametrize(("now", "due"), [(149, False), (150, True)])
def test_a_trigger_comes_before_the_tempo(now, due):
    clock = EpochClock(tempo=180, last_epoch=100, trigger=150)
    assert clock.is_due(now) is due
    assert clock.next_start() == 150


def test_a_tempo_of_zero_never_runs():
    clock = EpochClock(tempo=0, last_epoch=0, trigger=1, since_success=MAX_TEMPO + 1)
    assert not clock.is_due(10**9)
    assert clock.blocks_left(5) == NEVER
    assert clock.next_start() is None


def test_a_subnet_that_never_succeeded_for_too_long_is_due():
    assert EpochClock(tempo=180, last_epoch=100, since_success=MAX_TEMPO + 1).is_due(101)


def test_what_exceeds_the_cap_is_put_off_in_order():
    ready = EpochClock(tempo=1, last_epoch=0)
    waiting = EpochClock(tempo=100, last_epoch=0)
    order = [(256, ready), (1, waiting), (2, ready), (3, ready)]
    assert due_epochs(order, now=5, most=2) == ([256, 2], [3])


@draw(clocks, st.integers(0, 2 * 10**6))
def test_an_untriggered_epoch_is_due_exactly_when_no_blocks_are_left(clock, now):
    if clock.trigger == 0 or clock.tempo == 0:
        assert clock.is_due(now) == (clock.blocks_left(now) == 0)
