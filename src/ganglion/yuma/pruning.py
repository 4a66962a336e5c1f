"""Whom a registration replaces in a full subnet.

Source: subtensor pallets/subtensor/src/subnets/registration.rs.
"""

from collections.abc import Collection, Sequence


def is_immune(now: int, registered_at: int, immunity_period: int) -> bool:
    """Registered less than `immunity_period` blocks ago."""
    return now - registered_at < immunity_period


def uid_to_prune(
    emission: Sequence[int],
    registered_at: Sequence[int],
    *,
    now: int,
    immunity_period: int,
    protected: Collection[int],
    min_non_immune: int,
) -> int | None:
    """The uid with the lowest (emission, registration block, uid), or None if nobody may go.

    Taken from the uids past their immunity if more than `min_non_immune` of them exist, else from
    the immune ones. Protected uids never go. A uid without emission entry has 0.
    """
    immune: list[tuple[int, int, int]] = []
    exposed: list[tuple[int, int, int]] = []
    for uid, block in enumerate(registered_at):
        if uid not in protected:
            earned = emission[uid] if uid < len(emission) else 0
            group = immune if is_immune(now, block, immunity_period) else exposed
            group.append((earned, block, uid))
    candidates = exposed if len(exposed) > min_non_immune else immune
    return min(candidates)[2] if candidates else None
