"""The command `ganglion yuma`."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ganglion.cli.yuma import yuma
from ganglion.cli.yuma_tables import STEPS

VECTORS = Path(__file__).parents[1] / "vectors" / "yuma"
app = typer.Typer()
app.command("yuma")(yuma)


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.mark.parametrize("name", ["02_two_validators_agree", "51_mechanisms_uneven"])
def test_the_outcome_is_printed_as_json(name):
    path = VECTORS / f"{name}.json"
    result = run(path)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads(path.read_text())["expected"]


def test_the_outcome_goes_to_a_file(tmp_path):
    path, output = VECTORS / "25_yuma3_liquid_alpha.json", tmp_path / "out.json"
    result = run(path, "--output", output)
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(output.read_text()) == json.loads(path.read_text())["expected"]


def test_explaining_shows_every_step_and_the_outcome():
    result = run(VECTORS / "02_two_validators_agree.json", "--explain")
    assert result.exit_code == 0
    assert all(f"\n{step}. " in result.stdout for step in range(1, 11))
    assert "Pay in rao" in result.stdout


def test_explaining_mechanisms_shows_each():
    result = run(VECTORS / "50_mechanisms_even.json", "--explain")
    assert "epoch of mechanism 1" in result.stdout


def test_explaining_a_large_subnet_says_what_is_left_out():
    result = run(VECTORS / "48_n256_yuma2.json", "--explain")
    assert "12 of" in result.stdout


def test_the_steps_are_drawn_on_a_page_of_their_own(tmp_path):
    path = VECTORS / "50_mechanisms_even.json"
    result = run(path, "--html", tmp_path / "steps.html")
    assert json.loads(result.stdout) == json.loads(path.read_text())["expected"]
    page = (tmp_path / "steps.html").read_text()
    assert page.count("Plotly.newPlot(") >= 2 * len(STEPS) + 1
    assert "Epoch of mechanism 1" in page
    assert "<script src" not in page


def test_a_bad_case_is_refused_by_the_name_of_the_field(tmp_path):
    path = tmp_path / "case.json"
    case = json.loads((VECTORS / "01_one_validator_one_miner.json").read_text())
    case["inputs"]["kappa"] = -1
    path.write_text(json.dumps(case))
    result = run(path)
    assert result.exit_code == 1
    assert "kappa" in result.stderr


def test_a_missing_file_is_refused():
    result = run("nowhere.json")
    assert result.exit_code == 1
    assert "nowhere.json" in result.stderr
