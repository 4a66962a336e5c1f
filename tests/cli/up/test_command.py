"""What `ganglion up` refuses, before anything starts."""

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
