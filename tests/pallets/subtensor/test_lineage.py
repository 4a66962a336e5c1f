"""Lineage: a key's successor and the first key of its line, for hotkeys by subnet and for coldkeys."""

import pytest

from ganglion.pallets.subtensor.coldkey_swap import ColdkeySwap
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.hotkey_swap import HotkeySwap
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.lineage import Lineage
from ganglion.pallets.subtensor.registration import Registration


@pytest.fixture
def netuid(chain):
    """A subnet with the neuron `a` of `cold`, on a chain where keys may be swapped at any time."""
    netuid = chain.subnet()
    chain.neuron(netuid, "a", "cold")
    chain.fund("cold", 10)
    chain[Hyperparameters].tx_rate_limit.set(0)
    chain[HotkeySwap].hotkey_swap_on_subnet_interval = -1
    return netuid


def swap(chain, old, new, netuid=None):
    chain.call(HotkeySwap.swap_hotkey, chain.who(old), chain.who(new), netuid, by="cold")


def line(chain, netuid, *names):
    """(successor, root) of hotkeys, by name."""
    lineage, known = chain[Lineage], {chain.who(name): name for name in "abc"}
    return [
        tuple(
            known.get(item[netuid, chain.who(name)])
            for item in (lineage.hotkey_successor, lineage.hotkey_root)
        )
        for name in names
    ]


@pytest.mark.parametrize("everywhere", [False, True])
def test_each_hotkey_knows_its_successor_and_the_last_one_the_first(chain, netuid, everywhere):
    where = None if everywhere else netuid
    swap(chain, "a", "b", where)
    swap(chain, "b", "c", where)
    assert line(chain, netuid, *"abc") == [("b", None), ("c", "a"), (None, "a")]


def test_where_a_hotkey_took_no_part_it_has_no_line(chain, netuid):
    other = chain.subnet("second", "second_hotkey")
    swap(chain, "a", "b")
    assert line(chain, other, *"ab") == [(None, None), (None, None)]


def test_a_hotkey_that_comes_back_is_the_end_of_its_line(chain, netuid):
    swap(chain, "a", "b", netuid)
    swap(chain, "b", "a", netuid)
    assert line(chain, netuid, *"ab") == [(None, "a"), ("a", "a")]


def test_a_hotkey_that_registers_anew_has_no_successor(chain, netuid, who):
    swap(chain, "a", "b", netuid)
    chain.fund("cold", 10)
    chain.call(Registration.burned_register, netuid, who("a"), by="cold")
    assert line(chain, netuid, *"ab") == [(None, None), (None, "a")]


def test_a_dissolved_subnet_leaves_no_lines(chain, netuid, root):
    swap(chain, "a", "b", netuid)
    chain.call(Dissolution.root_dissolve_network, netuid, by=root)
    assert line(chain, netuid, *"ab") == [(None, None), (None, None)]


def test_coldkeys_have_a_line_too(chain, netuid, who, root):
    for old, new in (("cold", "warm"), ("warm", "hot")):
        chain.call(ColdkeySwap.swap_coldkey, who(old), who(new), 0, by=root)
    successors, roots = chain[Lineage].coldkey_successor, chain[Lineage].coldkey_root
    assert [successors[who(name)] for name in ("cold", "warm", "hot")] == [who("warm"), who("hot"), None]
    assert [roots[who(name)] for name in ("cold", "warm", "hot")] == [None, who("cold"), who("cold")]


def test_a_coldkey_that_takes_over_from_itself_begins_no_line(chain, netuid, who, root):
    chain.call(ColdkeySwap.swap_coldkey, who("new"), who("new"), 0, by=root)
    assert chain[Lineage].coldkey_successor[who("new")] is None
    assert chain[Lineage].coldkey_root[who("new")] is None
