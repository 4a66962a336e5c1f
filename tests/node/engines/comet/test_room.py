"""A node stops before its disk is full."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ganglion.node.engines.comet import room
from ganglion.node.engines.comet.room import NoRoom, check_room, watch_room

MORE_THAN_THERE_IS = 1 << 62


def test_a_disk_with_room_is_fine(tmp_path: Path) -> None:
    check_room(tmp_path, least_bytes=1)


def test_a_disk_without_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoRoom, match="make room, and start again") as caught:
        check_room(tmp_path, least_bytes=MORE_THAN_THERE_IS)
    assert caught.value.directory == tmp_path


async def test_it_is_looked_again_and_again(
    tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([1, 1, MORE_THAN_THERE_IS])
    monkeypatch.setattr(room, "check_room", lambda path: check_room(path, next(looks)))
    with pytest.raises(NoRoom):
        await watch_room(tmp_path, clock)
    assert next(looks, None) is None
