import pytest

from ganglion.neuron.package import OptionInvalid, no_more, whole_number


def test_an_option_is_its_number_and_without_it_the_default():
    assert whole_number({"n": "7"}, "n", 3, least=1, most=9) == 7
    assert whole_number({}, "n", 3, least=1, most=9) == 3


@pytest.mark.parametrize("text", ["", "0", "10", "-1", "1.5", "seven", "٧", "1_0", " 7"])
def test_what_is_no_number_in_bounds_is_refused_with_its_name(text):
    with pytest.raises(OptionInvalid, match="option n"):
        whole_number({"n": text}, "n", 3, least=1, most=9)


def test_unknown_options_are_refused_with_the_known_ones():
    no_more({"a": "1"}, "a", "b")
    with pytest.raises(OptionInvalid, match="known: a, b"):
        no_more({"c": "1"}, "a", "b")
