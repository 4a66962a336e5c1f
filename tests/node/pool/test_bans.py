"""Bans end, and do not grow without bound."""

from ganglion.node.pool.bans import BAN_S, MOST_BANS, Bans


def test_a_ban_ends_after_its_time() -> None:
    now = [0.0]
    bans = Bans(lambda: now[0])
    bans.ban(b"x")
    assert bans.is_banned(b"x")
    now[0] = BAN_S
    assert not bans.is_banned(b"x")


def test_the_oldest_ban_is_forgotten_when_there_are_too_many() -> None:
    bans = Bans(lambda: 0.0)
    for number in range(MOST_BANS + 1):
        bans.ban(number.to_bytes(4, "big"))
    assert not bans.is_banned(bytes(4))
    assert bans.is_banned(MOST_BANS.to_bytes(4, "big"))
