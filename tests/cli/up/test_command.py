"""What `ganglion up` refuses, before anything starts."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ganglion.cli.main import app


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--subnets", "vision,audio"], "'audio' is not one of vision, text, forecast"),
        (["--subnets", "text,text"], "each subnet once"),
        (["--subnets", ","], "name at least one"),
        (["--miners", "vision=svm,oracle"], "'oracle' is not one of svm"),
        (["--miners", "text=upstream"], "'upstream' is not one of blend"),
        (["--miners", "svm,knn"], "'svm,knn' is not one of vision, text, forecast"),
        (["--miners", "text="], "name at least one"),
        (["--subnets", "vision", "--miners", "text=blend"], "'text' is not one of vision"),
    ],
)
def test_choices_that_cannot_be_are_refused_with_what_could(arguments: list[str], complaint: str) -> None:
    result = CliRunner().invoke(app, ["up", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert complaint in result.output


@pytest.mark.parametrize("option", ["--port", "--market-port"])
def test_a_port_that_is_taken_is_refused_at_once_and_not_when_the_market_opens(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        free = {"--port": "0", "--market-port": "0"} | {option: str(port)}
        arguments = [word for pair in free.items() for word in pair]
        result = CliRunner().invoke(app, ["up", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert f"somebody listens on {port} already" in result.output


def test_a_directory_of_an_earlier_run_is_refused_because_its_wallets_are_not_overwritten(
    tmp_path: Path,
) -> None:
    (tmp_path / "wallets").mkdir()
    result = CliRunner().invoke(app, ["up", "--directory", str(tmp_path)], env={"COLUMNS": "300"})
    assert result.exit_code == 2
    assert "holds an earlier run" in result.output
