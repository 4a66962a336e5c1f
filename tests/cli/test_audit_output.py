"""What a stranger's log says is shown, and commands nothing."""

import io

import pytest
from rich.console import Console

from ganglion.cli.audit import _maker, _print
from ganglion.evidence.records import About
from ganglion.evidence.report import CannotAudit, Difference, Heard, Kind, Report, Withheld

ESCAPE = "\x1b[2Jno difference [/bold] [link=file:///]"


def printed(report):
    console = Console(file=io.StringIO(), width=200)
    _print(report, console)
    return console.file.getvalue()


def report(**changes):
    values = {
        "netuid": 2, "validator": "5V", "subnet": "text", "segments": 1, "rounds": 3, "first_block": 1,
        "last_block": 9, "miners": (), "withheld": (), "differences": (), "omitted": 0, "notes": (),
    }  # fmt: skip
    return Report(**(values | changes))


def test_texts_of_a_log_reach_the_terminal_as_text():
    told = printed(
        report(
            subnet=ESCAPE,
            miners=(Heard(uid=1, hotkey=ESCAPE, asked=1, answered=1),),
            notes=(ESCAPE,),
            differences=(Difference(kind=Kind.RECORD, text=ESCAPE),),
        )
    )
    assert "\x1b" not in told
    assert told.count("[/bold] [link=file:///]") == 4


def test_withheld_segments_are_told_with_their_blocks():
    told = printed(report(withheld=(Withheld(segment=7, until_block=730),)))
    assert "withheld: segment 7 until block 730" in told
    assert "no difference in what is disclosed" in told


def about(**options):
    return About(hotkey="5V", netuid=2, subnet="text", options=options, alpha=0.1, least_score=0.0)


def test_an_audit_knows_the_period_of_a_text_validator_and_opens_no_file_which_its_log_names():
    made = _maker(None)(about(period="100", corpus="/nowhere"))
    assert made.discloses_at(150) == 210


def test_options_which_are_none_cannot_be_audited():
    with pytest.raises(CannotAudit, match="period"):
        _maker(None)(about(period="for ever"))
