import pytest

from ganglion.neuron.errors import KeyUnavailable
from ganglion.neuron.keys import load_hotkey


def test_a_hotkey_is_read_without_any_coldkey(wallets):
    assert load_hotkey(wallets, "alice", "default").ss58_address.startswith("5")
    assert not (wallets / "alice" / "coldkey").exists()


def test_a_missing_hotkey_is_named_with_its_path(wallets):
    with pytest.raises(KeyUnavailable) as caught:
        load_hotkey(wallets, "nobody", "default")
    assert caught.value.path == wallets / "nobody" / "hotkeys" / "default"


@pytest.mark.parametrize("content", ["{}", "not a key", "\x00\x01"])
def test_a_broken_hotkey_file_is_refused(tmp_path, content):
    file = tmp_path / "broken" / "hotkeys" / "default"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    with pytest.raises(KeyUnavailable):
        load_hotkey(tmp_path, "broken", "default")
