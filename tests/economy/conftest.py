"""The vector files, read once. Every case is {name, op, inputs, expected}."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[1] / "vectors"


@cache
def _load(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def _cases(name: str, op: str) -> list[Any]:
    return [
        pytest.param(case["inputs"], case["expected"], id=case["name"])
        for case in _load(f"economy/{name}.json")["cases"]
        if case["op"] == op
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`@pytest.mark.vectors("a_pool", "swap")` feeds every case of that kind as (given, expected)."""
    marker = metafunc.definition.get_closest_marker("vectors")
    if marker is not None:
        cases = _cases(*marker.args)
        assert cases, f"no cases for {marker.args}"
        metafunc.parametrize(("given", "expected"), cases)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "vectors(file, op): run once per case of that kind")


@pytest.fixture(scope="session")
def vectors() -> Any:
    """Read a vector file by its path below tests/vectors."""
    return _load
