from dataclasses import replace

import pytest

from ganglion.neuron.due import weights_due


@pytest.fixture
def graph(ledger):
    ledger.register("me", permit=True)
    return ledger.metagraph()


def own_of(graph, **changes):
    return replace(graph.neurons[0], **changes)


def test_never_set_is_due(graph):
    assert weights_due(graph, own_of(graph), None)


def test_set_since_the_last_epoch_is_not_due(graph):
    assert not weights_due(graph, own_of(graph), 91)
    assert not weights_due(graph, own_of(graph), 90)  # read after the epoch of that block
    assert weights_due(graph, own_of(graph), 89)


def test_a_record_from_the_future_belongs_to_another_chain(graph):
    assert weights_due(graph, own_of(graph), 5000)


def test_within_the_rate_limit_is_not_due(graph):
    limited = replace(graph, rules=replace(graph.rules, rate_limit=20))
    assert not weights_due(limited, own_of(graph, last_update=81), None)
    assert weights_due(limited, own_of(graph, last_update=80), None)
    assert weights_due(limited, own_of(graph, last_update=0), None)


def test_without_permit_only_the_owner_may(graph):
    assert not weights_due(graph, own_of(graph, validator_permit=False), None)
    assert weights_due(graph, own_of(graph, validator_permit=False, hotkey="owner"), None)
