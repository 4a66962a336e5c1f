"""The explanation of Yuma computes what it says."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "yuma.md"


def test_the_worked_example_has_the_numbers_of_the_page():
    result = doctest.testfile(str(PAGE), module_relative=False)
    assert result.failed == 0
    assert result.attempted > 20
