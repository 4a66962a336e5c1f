"""Claims of root stakers on the alpha that subnets pay them, settled by a rate instead of by visits.

Per hotkey and subnet a *rate* (alpha-rao per rao of root stake, I96F32) grows with every payout. What a
staker is *owed* is rate * root stake - *claimed*; whoever comes or goes has `claimed` moved so that the past
is neither gained nor paid twice. Leaving forfeits what is owed.

Source: pallets/subtensor/src/staking/claim_root.rs.
"""

from ganglion.economy.errors import U64_MAX, U128_MAX, require
from ganglion.fixed import I96F32

DEFAULT_THRESHOLD_RAO = 500_000
DEFAULT_CLAIMS_PER_BLOCK = 5


def rate_after(rate: int, amount: int, hotkey_root_stake: int) -> int | None:
    """The rate (I96F32) after `amount` alpha-rao came in for a hotkey's root stakers (stake in rao).

    None if the amount exceeds the root stake: it then goes to the hotkey's owner as stake. An increment
    below 2**-32 is lost. Raises: OutOfRange.
    """
    if require("amount", amount) > hotkey_root_stake:
        return None
    return I96F32.add(rate, I96F32.from_ratio(amount, hotkey_root_stake))


def owed(rate: int, root_stake: int, claimed: int) -> int:
    """What a staker is owed (I96F32 alpha-rao); negative when more was claimed than the rate now gives."""
    due = I96F32.mul(rate, I96F32.from_int(root_stake))
    return I96F32.sub(due, I96F32.from_int(claimed))


def payable(owed_amount: int, threshold: int) -> int:
    """Alpha-rao that a claim pays: the floor of what is owed, or 0 below the threshold (both I96F32)."""
    return I96F32.to_u64(owed_amount) if owed_amount >= threshold else 0


def claimed_after_staking(claimed: int, rate: int, amount: int) -> int:
    """`claimed` (u128) after `amount` rao joined the root stake: they are owed nothing for the past."""
    return min(claimed + _past(rate, amount), U128_MAX)


def claimed_after_unstaking(claimed: int, rate: int, amount: int) -> int:
    """`claimed` (u128) after `amount` rao left the root stake; not below 0."""
    return max(claimed - _past(rate, amount), 0)


def auto_claim_indices(block_hash: bytes, claims: int, stakers: int) -> tuple[int, ...]:
    """Which entries of the staker list claim in this block, ascending, each once; (0,) for an empty list.

    `block_hash` is the parent block's, read as four big-endian words. Every pick adds a word to the one
    before it; duplicates collapse, so fewer than `claims` may come out.
    """
    words = [int.from_bytes(block_hash[start : start + 8], "big") for start in range(0, 32, 8)]
    picks = set()
    last = words[0]
    for step in range(claims):
        last = min(last + words[step % 4], U64_MAX) % stakers if stakers else 0
        picks.add(last)
    return tuple(sorted(picks))


def _past(rate: int, amount: int) -> int:
    """Whole alpha-rao which the rate gave so far for `amount` rao of root stake."""
    return max(I96F32.floor(I96F32.mul(rate, I96F32.from_int(require("amount", amount)))), 0)
