"""Links between parents and children: both ends agree, whatever is asked for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.frame.dispatch import DispatchFailed, InvariantBroken
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.child_links import WHOLE, ChildLinks
from ganglion.pallets.subtensor.stake_weight import StakeWeights

HOTKEYS = [bytes([number]) * 32 for number in range(1, 8)]
A, B, C, D, *MORE = HOTKEYS


@pytest.fixture
def links(chain):
    return chain[ChildLinks]


def test_a_link_is_stored_from_both_ends_in_order_of_hotkey(chain, links):
    links.set_children(B, 1, ((7, C), (5, A)))
    assert chain[StakeWeights].child_keys[B, 1] == ((5, A), (7, C))
    assert chain[StakeWeights].parent_keys[A, 1] == ((5, B),)
    assert chain[StakeWeights].parent_keys[C, 1] == ((7, B),)


def test_children_are_replaced_not_added(chain, links):
    links.set_children(A, 1, ((5, B), (6, C)))
    links.set_children(A, 1, ((9, C), (1, D)))
    assert links.children(A, 1) == {C: 9, D: 1}
    assert links.parents(C, 1) == {A: 9}
    assert (B, 1) not in chain[StakeWeights].parent_keys


def test_other_parents_of_a_child_keep_their_places(chain, links):
    for parent in (C, A, B):
        links.set_children(parent, 1, ((5, D),))
    links.set_children(A, 1, ((8, D),))
    assert chain[StakeWeights].parent_keys[D, 1] == ((5, C), (8, A), (5, B))


def test_subnets_do_not_share_links(links):
    links.set_children(A, 1, ((5, B),))
    assert links.children(A, 2) == {}


@pytest.mark.parametrize(
    ("children", "error"),
    [
        (((1, A),), errors.InvalidChild),
        (tuple((1, each) for each in (B, C, D, *MORE)), errors.TooManyChildren),
        (((WHOLE, B), (1, C)), errors.ProportionOverflow),
        (((1, D),), errors.ChildParentInconsistency),
    ],
)
def test_what_cannot_be_linked_is_refused(chain, links, children, error):
    links.set_children(D, 1, ((1, A),))
    with chain.refuses(error):
        links.check(A, 1, children)


def test_a_hotkey_takes_anothers_place_with_all_its_links(links):
    links.set_children(A, 1, ((5, B),))
    links.set_children(C, 1, ((6, A),))
    links.move(A, D, 1, None)
    assert (links.children(D, 1), links.parents(D, 1)) == ({B: 5}, {C: 6})
    assert (links.children(A, 1), links.parents(A, 1)) == ({}, {})
    assert (links.parents(B, 1), links.children(C, 1)) == ({D: 5}, {D: 6})
    links.try_state()


def test_a_hotkey_cannot_take_the_place_of_its_own_parent(chain, links):
    links.set_children(A, 1, ((5, B),))
    with chain.refuses(errors.InvalidChild), chain.world.transaction():
        links.move(A, B, 1, None)


def test_a_link_with_one_end_is_found(chain, links):
    chain[StakeWeights].child_keys[A, 1] = ((5, B),)
    with pytest.raises(InvariantBroken, match="one end"):
        links.try_state()


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(HOTKEYS),
        st.lists(st.tuples(st.integers(0, WHOLE // 2), st.sampled_from(HOTKEYS)), max_size=6),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, moves=st.lists(st.tuples(st.sampled_from(HOTKEYS), st.sampled_from(HOTKEYS))))
def test_whatever_happens_both_ends_agree(make_chain, changes, moves):
    chain = make_chain()
    links = chain[ChildLinks]
    for parent, children in changes:
        attempt(chain, links.set_children, parent, 1, tuple(children))
    for old, new in moves:
        if old != new:
            attempt(chain, links.move, old, new, 1, None)
    links.try_state()


def attempt(chain, change, *args):
    try:
        with chain.world.transaction():
            change(*args)
    except DispatchFailed:
        pass
