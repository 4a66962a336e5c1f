from hypothesis import given
from hypothesis import strategies as st

from ganglion.neuron.copies import originals
from ganglion.neuron.task import Message
from ganglion.neuron.validator import Case, Challenge


class Number(Message):
    value: int


def case(hotkey, value, *, uid=0, registered_at=0):
    answer = None if value is None else Number(value=value)
    return Case(uid, hotkey, registered_at, Challenge(Number(value=0), Number(value=0)), answer, 0.1)


def near(older, newer):
    return abs(older.value - newer.value) <= 1


def test_of_equal_answers_only_the_one_registered_first_stands():
    cases = [case("late", 5, uid=0, registered_at=9), case("early", 5, uid=7, registered_at=3)]
    assert originals(cases, near) == {"early"}


def test_of_one_block_the_smaller_uid_is_the_earlier():
    assert originals([case("b", 5, uid=2), case("a", 5, uid=1)], near) == {"a"}


def test_answers_of_their_own_all_stand():
    assert originals([case("a", 1), case("b", 10, uid=1), case("c", 20, uid=2)], near) == {"a", "b", "c"}


def test_who_gave_no_answer_neither_stands_nor_shades_others():
    assert originals([case("silent", None), case("b", 5, uid=1)], near) == {"b"}


def test_a_copy_casts_no_shadow_of_its_own():
    """Else whoever mixes two models' answers could take another's pay away."""
    assert originals([case("a", 1), case("copy", 2, uid=1), case("c", 3, uid=2)], near) == {"a", "c"}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), max_size=12), st.randoms())
def test_the_order_in_which_cases_are_listed_does_not_matter(drawn, random):
    cases = [case(str(uid), value, uid=uid, registered_at=at) for uid, (value, at) in enumerate(drawn)]
    shuffled = random.sample(cases, len(cases))
    assert originals(cases, near) == originals(shuffled, near)
