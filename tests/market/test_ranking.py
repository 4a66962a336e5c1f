import numpy as np
import pytest

from ganglion.market.ranking import EXPLORED, miners, ranked
from ganglion.market.records import Record, Records
from ganglion.neuron.client import Fault
from ganglion.neuron.protocols import Endpoint, Metagraph, Neuron, WeightRules

AXON = Endpoint("10.0.0.1", 1)


def neuron(uid, incentive=0.5, *, permit=False, axon=AXON):
    return Neuron(uid, f"key{uid}", "cold", 0, permit, 0, incentive, 0.0, axon)


def metagraph(*neurons):
    return Metagraph(1, 1, 10, 0, "owner", WeightRules(0, 0, 1, 65535, commit_reveal=False), neurons)


@pytest.fixture
def records():
    return Records()


def order(candidates, records, *, rng=None, now=0.0, streams=False):
    return [each.uid for each in ranked(candidates, records, streams=streams, now=now, rng=rng)]


def test_miners_serve_are_not_the_market_and_no_idle_validators():
    graph = metagraph(
        neuron(0),
        neuron(1, axon=None),
        neuron(2, incentive=0.0, permit=True),
        neuron(3, permit=True),
        neuron(4, incentive=0.0),
        neuron(5),
    )
    assert [each.uid for each in miners(graph, "key5")] == [0, 3, 4]


def test_among_the_unknown_incentive_decides_and_then_the_uid(records):
    assert order([neuron(0, 0.1), neuron(1, 0.9), neuron(2, 0.9)], records) == [1, 2, 0]


def test_among_equals_the_faster_goes_first(records):
    records.of("key0").whole.note(0.9)
    records.of("key1").whole.note(0.1)
    assert order([neuron(0), neuron(1)], records) == [1, 0]


def test_the_pace_of_streams_is_that_of_their_first_piece(records):
    records.of("key0").first.note(0.9)
    records.of("key1").first.note(0.1)
    records.of("key1").whole.note(5.0)
    records.of("key0").whole.note(0.5)
    assert order([neuron(0), neuron(1)], records, streams=True) == [1, 0]
    assert order([neuron(0), neuron(1)], records, streams=False) == [0, 1]


def test_who_is_busy_waits_its_turn(records):
    with records.of("key0").asked():
        assert order([neuron(0), neuron(1)], records) == [1, 0]
    assert order([neuron(0), neuron(1)], records) == [0, 1]


def test_who_failed_rests_and_is_last_until_then_and_less_liked_after(records):
    records.of("key0").failed_by(Fault.LATE, now=10.0)
    assert order([neuron(0, 1.0), neuron(1, 0.01)], records, now=10.5) == [1, 0]
    assert order([neuron(0, 1.0), neuron(1, 0.01)], records, now=11.5) == [0, 1]
    assert order([neuron(0, 0.5), neuron(1, 0.45)], records, now=11.5) == [1, 0]


def test_rests_double_up_to_a_minute_and_end_with_an_answer():
    record, rests = Record(), []
    for _ in range(9):
        record.failed_by(Fault.UNREACHABLE, now=0.0)
        rests.append(record.rests_until)
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    record.succeeded()
    assert record.rests_until == 0
    record.failed_by(Fault.UNREACHABLE, now=0.0)
    assert record.rests_until == 1


def test_now_and_then_another_who_earns_goes_first_the_same_ones_for_the_same_seed(records):
    candidates = [neuron(0, 0.9), neuron(1, 0.3), neuron(2, 0.0)]

    def firsts(seed):
        rng = np.random.default_rng(seed)
        return [order(candidates, records, rng=rng)[0] for _ in range(1000)]

    drawn = firsts(1)
    assert set(drawn) == {0, 1}
    assert drawn.count(1) == pytest.approx(1000 * EXPLORED, rel=0.5)
    assert firsts(1) == drawn != firsts(2)


def test_the_usual_pace_is_known_after_a_few_and_forgets_the_old():
    record = Record()
    for _ in range(7):
        record.whole.note(9.0)
    assert record.whole.usual_s() is None
    for n in range(64):
        record.whole.note(0.01 * n)
    assert record.whole.usual_s() == pytest.approx(0.6)


def test_being_broken_off_counts_only_where_it_took_longer_than_usual():
    record = Record()
    record.whole.note(1.0)
    record.whole.note_at_least(0.5)
    assert record.whole.mean_s == 1.0
    record.whole.note_at_least(2.0)
    assert record.whole.mean_s == pytest.approx(1.2)


def test_records_of_those_who_left_are_forgotten(records):
    records.of("key0").succeeded()
    records.of("key1").succeeded()
    records.keep({"key1"})
    assert (records.of("key0").answered, records.of("key1").answered) == (0, 1)


def test_who_only_refuses_rests_a_second_each_time():
    record, rests = Record(), []
    for _ in range(4):
        record.failed_by(Fault.REFUSED, now=0.0)
        rests.append(record.rests_until)
    assert rests == [1, 1, 1, 1]
