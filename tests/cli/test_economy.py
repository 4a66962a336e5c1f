"""The command `ganglion economy`."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from ganglion.cli.main import app

DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"


def run(*arguments):
    return CliRunner().invoke(app, ["economy", "halvings", *map(str, arguments)])


@pytest.fixture
def picture(tmp_path):
    """The plot, drawn by the command."""
    assert run("--output", tmp_path / "plot.svg").exit_code == 0
    return ElementTree.parse(tmp_path / "plot.svg").getroot()


def test_five_halvings_are_printed_to_the_rao():
    lines = [line.split() for line in run().stdout.splitlines()]
    assert lines[1:] == [
        ["0", "0", "0.00", "0", "1"],
        ["1", "10,500,000", "3.99", "10,500,000", "0.5"],
        ["2", "21,000,000", "7.99", "15,750,000", "0.25"],
        ["3", "31,500,000", "11.98", "18,375,000", "0.125"],
        ["4", "42,000,000", "15.97", "19,687,500", "0.0625"],
        ["5", "52,500,000", "19.96", "20,343,750", "0.03125"],
    ]


def test_rewards_that_are_no_half_are_floored():
    assert run("--count", 10).stdout.split()[-1] == "0.000976562"


def test_the_plot_bends_at_every_halving(picture):
    line = picture.find(f"{SVG}path[@class='one']").get("d")
    points = [tuple(map(float, point.split())) for point in line.removeprefix("M").split("L")]
    assert len(points) == 7
    heights = [points[0][1] - y for _, y in points]
    # Each period adds half of what the one before it did.
    added = [after - before for before, after in pairwise(heights)]
    assert added == pytest.approx([120, 60, 30, 15, 7.5, 3.75], abs=0.11)
    assert len(picture.findall(f"{SVG}circle")) == 5


def test_the_plot_names_issuance_and_reward_at_every_halving(picture):
    texts = {text.text for text in picture.findall(f"{SVG}text")}
    assert texts >= {"10.5", "15.75", "18.375", "19.6875", "20.34375"}
    assert texts >= {"1", "0.5", "0.25", "0.125", "0.0625", "0.03125"}
    assert texts >= {"0 M", "10.5 M", "52.5 M", "63 M", "4.0 y", "24.0 y"}


def test_the_plot_in_the_docs_is_the_commands(tmp_path):
    run("--output", tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").read_text() == (DOCS / "issuance.svg").read_text()


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    result = run("--output", tmp_path / "missing" / "plot.svg")
    assert result.exit_code == 1
    assert "plot.svg" in result.stderr
