import pytest

from ganglion.evidence.files import EvidenceInvalid
from ganglion.evidence.records import RECORD, Started, draw_hash
from ganglion.evidence.seeds import draws_secret, kept_seed, stock_seed
from ganglion.neuron.rounds import Round


def kinds(world, segment):
    return [RECORD.validate_json(line).kind for line in world.files.lines(segment)]


async def test_a_segment_is_closed_with_each_setting_of_weights_and_its_head_names_the_one_before(world):
    await world.validate(rounds=2)
    assert kinds(world, 0) == ["started", "asked", "graded", "weighing"]
    first, second = (world.files.signed_head(number) for number in (0, 1))
    assert (first.parsed().previous, second.parsed().previous) == (None, first.digest.hex())
    assert draw_hash(second.parsed().draw_seed) == first.parsed().next_draw
    assert world.ledger.commitments[world.hotkey] == second.digest


async def test_a_full_disk_leaves_the_log_as_it_was(world, monkeypatch):
    log = world.log()
    log.resumed({}, ())
    whole = world.files.records(0).read_bytes()

    def fail(_descriptor):
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        log.lost(1, "a reason")
    monkeypatch.undo()
    assert world.files.records(0).read_bytes() == whole
    log.lost(1, "a reason")
    assert kinds(world, 0) == ["started", "lost"]


async def test_a_torn_record_is_cut_when_the_log_is_opened_again(world):
    world.log().resumed({}, ())
    whole = world.files.records(0).read_bytes()
    world.files.records(0).write_bytes(whole + b'{"kind":"lost","num')
    world.log()
    assert world.files.records(0).read_bytes() == whole


def test_a_broken_record_stops_the_start_and_is_left_as_it_is(world):
    world.log().resumed({}, ())
    world.files.records(0).write_bytes(b"{}\n")
    with pytest.raises(EvidenceInvalid):
        world.log()
    assert world.files.records(0).read_bytes() == b"{}\n"


async def test_a_log_of_another_validator_is_not_gone_on_with(world, keys):
    await world.validate(rounds=1)
    world.hotkey = keys["rival"].ss58_address
    with pytest.raises(EvidenceInvalid, match="another validator"):
        world.log()


async def test_old_segments_go_whole(world):
    await world.validate(rounds=5, log=world.log(keep=2))
    assert world.files.numbers() == [3, 4]
    assert world.files.signed_head(2) is None


def test_a_segment_which_grows_too_large_is_closed_without_weights(world):
    log = world.log(max_segment=200)
    log.resumed({"somebody": 0.25}, ())
    for number in (1, 2):
        log.asked(Round(netuid=1, number=number, block=5, asked=()))
    assert world.files.is_closed(0)
    begun = RECORD.validate_json(next(world.files.lines(1)))
    assert isinstance(begun, Started)
    assert begun.scores == {"somebody": 0.25}


def test_each_segment_draws_from_a_seed_of_its_own_which_its_predecessors_do_not_give_away(world):
    log = world.log()
    first = log.draw_seed(0)
    log.resumed({}, ())
    log.weighed(1)
    assert log.draw_seed(0) != first
    assert world.log().draw_seed(0) == log.draw_seed(0)


def test_a_log_keeps_the_seed_it_was_begun_with(tmp_path):
    path = tmp_path / "evidence" / "seed"
    assert [kept_seed(path, 5), kept_seed(path, 6)] == [5, 5]
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("five")
    with pytest.raises(EvidenceInvalid):
        kept_seed(path, 5)


def test_the_seed_of_the_stock_can_be_told_without_that_of_the_draws():
    assert 0 <= stock_seed(5) < 2**63
    assert stock_seed(5) != stock_seed(6)
    assert stock_seed(5) != int.from_bytes(draws_secret(5)[:8], "big") >> 1


def test_what_is_withheld_is_withheld_from_other_users_of_the_machine_too(world):
    world.log()
    assert world.files.directory.stat().st_mode & 0o077 == 0
