import pytest

from ganglion.neuron.checkpoint import Checkpoint, load, save
from ganglion.neuron.errors import CheckpointInvalid


@pytest.fixture
def saved():
    return Checkpoint(netuid=1, hotkey="me", round=7, weights_block=90, scores={"a": 0.5, "b": 0.0})


def test_without_a_file_a_validator_begins_anew(tmp_path):
    assert load(tmp_path / "none.json", netuid=1, hotkey="me") == Checkpoint(netuid=1, hotkey="me")


def test_what_was_saved_is_loaded(tmp_path, saved):
    save(saved, tmp_path / "deep" / "state.json")
    assert load(tmp_path / "deep" / "state.json", netuid=1, hotkey="me") == saved


def test_saving_again_replaces_the_whole_file_and_leaves_no_other(tmp_path, saved):
    save(saved, tmp_path / "state.json")
    save(saved.model_copy(update={"scores": {}}), tmp_path / "state.json")
    assert load(tmp_path / "state.json", netuid=1, hotkey="me").scores == {}
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize(("netuid", "hotkey"), [(2, "me"), (1, "other")])
def test_anothers_checkpoint_is_refused(tmp_path, saved, netuid, hotkey):
    save(saved, tmp_path / "state.json")
    with pytest.raises(CheckpointInvalid, match="belongs to"):
        load(tmp_path / "state.json", netuid=netuid, hotkey=hotkey)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"netuid": 1, "hotkey": "me", "scores": {"a": 2.0}}',
        b'{"netuid": 1, "hotkey": "me", "scores": {"a": NaN}}',
    ],
)
def test_a_broken_checkpoint_is_refused_and_kept(tmp_path, content):
    file = tmp_path / "state.json"
    file.write_bytes(content)
    with pytest.raises(CheckpointInvalid):
        load(file, netuid=1, hotkey="me")
    assert file.read_bytes() == content
