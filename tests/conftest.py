"""Settings of every test.

Property tests have no deadline, since a loaded machine must not fail them, and always draw the same
examples, so that a failure can be repeated. A test may record a table for the end of the run as the user
property named below; it is shown also when tests ran in several processes. Recorded vectors are read once;
every case of the economy's is {name, op, inputs, expected}.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

TABLE = "coverage of the published interface"
VECTORS = Path(__file__).parent / "vectors"

settings.register_profile("ganglion", deadline=None, derandomize=True)
settings.load_profile("ganglion")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for name, table in report.user_properties:
            if name == TABLE:
                terminalreporter.section(f"{TABLE} (served/published)")
                terminalreporter.write_line(table)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "vectors(file, op): run once per case of that kind")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`@pytest.mark.vectors("a_pool", "swap")` feeds every case of that kind as (given, expected)."""
    marker = metafunc.definition.get_closest_marker("vectors")
    if marker is not None:
        cases = _cases(*marker.args)
        assert cases, f"no cases for {marker.args}"
        metafunc.parametrize(("given", "expected"), cases)


@pytest.fixture(scope="session")
def vectors() -> Any:
    """Read a vector file by its path below tests/vectors."""
    return _load


@cache
def _load(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def _cases(name: str, op: str) -> list[Any]:
    return [
        pytest.param(case["inputs"], case["expected"], id=case["name"])
        for case in _load(f"economy/{name}.json")["cases"]
        if case["op"] == op
    ]
