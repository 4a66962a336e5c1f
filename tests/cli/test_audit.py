from typer.testing import CliRunner

from ganglion.cli.main import app

SOMEBODY = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"


def audit(*options):
    common = ["audit", "--netuid", "1", "--validator", SOMEBODY, "--chain", "ws://127.0.0.1:1"]
    return CliRunner().invoke(app, [*common, *options])


def test_without_a_chain_there_is_no_audit_and_status_two():
    result = audit()
    assert (result.exit_code, "cannot audit: chain ws://127.0.0.1:1 unavailable" in result.output) == (
        2,
        True,
    )


def test_a_directory_with_another_log_is_left_alone(tmp_path):
    (tmp_path / "000000.jsonl").write_text("mine")
    result = audit("--directory", str(tmp_path))
    assert (result.exit_code, "has a log already" in result.output) == (2, True)
    assert (tmp_path / "000000.jsonl").read_text() == "mine"
