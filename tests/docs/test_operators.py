"""The operators' pages name every option there is and no other, and quote the log as it is written."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from ganglion.cli.main import app

ROOT = Path(__file__).parents[2]
ROLES = ("miner", "validator")


def page(role: str) -> str:
    return (ROOT / "docs" / f"{role}.md").read_text()


def table(role: str, heading: str) -> list[str]:
    """The first cells of the table below a heading."""
    section = page(role).split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split(" | ")[0].strip("| ") for line in section.splitlines() if line.startswith("| ")]
    return [cell for cell in cells[1:] if cell.strip("- ")]


@pytest.mark.parametrize("role", ROLES)
def test_the_table_has_the_commands_options(role):
    command = get_command(app).commands["neuron"].commands[role]
    options = {name for parameter in command.params for name in parameter.opts} - {"--help"}
    told = {name for cell in table(role, "Options") for name in re.findall(r"--[a-z-]+", cell)}
    assert told == options


@pytest.mark.parametrize("role", ROLES)
def test_what_the_log_says_is_what_the_code_writes(role):
    code = "".join(path.read_text() for path in (ROOT / "src" / "ganglion" / "neuron").glob("*.py"))
    quoted = [text for cell in table(role, "What goes wrong") for text in re.findall(r"`([^`]+)`", cell)]
    assert len(quoted) > 5
    for text in quoted:
        for part in re.split(r"(?<=cannot start:) |%d", text):
            assert part in code or re.sub(r"(\w+)$", r"{", part) in code, text
