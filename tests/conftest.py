"""Settings of every test.

Property tests have no deadline, since a loaded machine must not fail them, and always draw the same
examples, so that a failure can be repeated. A test may record a table for the end of the run as the user
property named below; it is shown also when tests ran in several processes.
"""

from typing import Any

import pytest
from hypothesis import settings

TABLE = "coverage of the published interface"

settings.register_profile("ganglion", deadline=None, derandomize=True)
settings.load_profile("ganglion")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for name, table in report.user_properties:
            if name == TABLE:
                terminalreporter.section(f"{TABLE} (served/published)")
                terminalreporter.write_line(table)
