import pytest

from ganglion.neuron.access import AccessLists, read_hotkeys
from ganglion.neuron.errors import AccessListInvalid


def test_hotkeys_stand_one_a_line_with_room_for_remarks(tmp_path, alice, bob):
    file = tmp_path / "list"
    file.write_text(f"# friends\n\n{alice.ss58_address}  # since May\n{bob.ss58_address}\n")
    assert read_hotkeys(file) == {alice.ss58_address, bob.ss58_address}


@pytest.mark.parametrize("content", [b"nobody", b"5Grw", b"\xff\xfe", b"\n\nhello world"])
def test_a_line_which_is_no_hotkey_is_refused_at_the_start(tmp_path, content):
    (tmp_path / "list").write_bytes(content)
    with pytest.raises(AccessListInvalid, match="list"):
        AccessLists(blacklist=tmp_path / "list")


def test_a_missing_file_is_refused_at_the_start(tmp_path):
    with pytest.raises(AccessListInvalid):
        AccessLists(whitelist=tmp_path / "none")


def test_a_list_broken_later_changes_nothing(tmp_path, alice, caplog):
    file = tmp_path / "list"
    file.write_text(alice.ss58_address)
    lists = AccessLists(blacklist=file)
    file.write_text("oops")
    lists.refresh()
    assert lists.blacklisted == {alice.ss58_address}
    assert "former lists hold" in caplog.text
