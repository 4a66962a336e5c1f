"""Moving what is locked: more, less, to another holder, to another hotkey.

Beside each coldkey's *individual* lock there is an *aggregate* per hotkey, or for the owner's hotkey per
subnet, and per kind (perpetual or decaying). It follows the individual locks' losses, not their gains: it
is not their sum, and may be wiped as dust while an individual lock lives.

Source: pallets/subtensor/src/staking/lock.rs.
"""

from dataclasses import dataclass, replace

from ganglion.economy.errors import U64_MAX, AmountTooLow, InsufficientStakeForLock
from ganglion.economy.locks import Lock, LockRules, merged, reduced, roll
from ganglion.fixed import U64F64

# Blocks before which nobody can take a subnet from its owner: 365 days and 6 hours.
OWNER_PROTECTION_BLOCKS = 7200 * 365 + 1800


@dataclass(frozen=True, slots=True)
class LockPair:
    """A coldkey's individual lock and the aggregate that it belongs to."""

    individual: Lock
    aggregate: Lock


def roll_pair(pair: LockPair, now: int, rules: LockRules) -> LockPair:
    """Both locks at block `now`. The aggregate drops by what the individual lost, or else rolls itself."""
    rolled = roll(pair.individual, now, rules)
    lost_mass = max(pair.individual.mass - rolled.mass, 0)
    lost_conviction = max(pair.individual.conviction - rolled.conviction, 0)
    if not lost_mass and not lost_conviction:
        return LockPair(rolled, roll(pair.aggregate, now, rules))
    return LockPair(rolled, replace(reduced(pair.aggregate, lost_mass, lost_conviction), last_update=now))


def lock_more(pair: LockPair, amount: int, stake: int, now: int, rules: LockRules) -> LockPair:
    """Lock `amount` more alpha-rao of a coldkey that has `stake` on the subnet, at block `now`.

    Raises: AmountTooLow for 0, InsufficientStakeForLock.
    """
    if amount == 0:
        raise AmountTooLow(amount, 1)
    pair = roll_pair(pair, now, rules)
    mass = min(pair.individual.mass + amount, U64_MAX)
    if stake < mass:
        raise InsufficientStakeForLock(stake, mass)
    individual = replace(pair.individual, mass=mass) if pair.individual else Lock(mass, 0, now)
    aggregate = joined(pair.aggregate, Lock(amount, 0, now), now, rules)
    return LockPair(roll(individual, now, rules), aggregate)


def reduce_lock(pair: LockPair, amount: int, now: int, rules: LockRules) -> LockPair:
    """Unlock `amount` alpha-rao by force, and conviction in proportion; all of both if the amount is more."""
    pair = roll_pair(pair, now, rules)
    before = pair.individual
    after = _without(before, amount, now)
    lost = Lock(before.mass - after.mass, U64F64.sub(before.conviction, after.conviction))
    return LockPair(after, parted(pair.aggregate, lost, now, rules))


def _without(lock: Lock, amount: int, now: int) -> Lock:
    if amount >= lock.mass:
        return Lock(last_update=now)
    kept = U64F64.sub(U64F64.one, U64F64.from_ratio(amount, lock.mass))
    return Lock(lock.mass - amount, U64F64.mul(lock.conviction, kept), now)


def leaving_part(lock: Lock, amount: int, stake: int, now: int) -> Lock:
    """What of a rolled lock goes along when its holder, who has `stake` on the subnet, gives `amount` away.

    Unlocked alpha leaves first. Conviction leaves in proportion to mass. The giver keeps `reduced`, the
    receiver gets `merged`, both rolled again; with an empty part the aggregates do not change.
    """
    mass = min(max(amount - max(stake - lock.mass, 0), 0), lock.mass)
    if mass == 0:
        return Lock(last_update=now)
    return Lock(mass, U64F64.mul(lock.conviction, U64F64.from_ratio(mass, lock.mass)), now)


def joined(aggregate: Lock, part: Lock, now: int, rules: LockRules) -> Lock:
    """An aggregate after a lock, or a part of one, joined it."""
    return roll(merged(roll(aggregate, now, rules), part), now, rules)


def parted(aggregate: Lock, part: Lock, now: int, rules: LockRules) -> Lock:
    """An aggregate after a lock, or a part of one, left it."""
    return reduced(roll(aggregate, now, rules), part.mass, part.conviction)


def can_be_taken_over(total_conviction: int, alpha_out: int, age: int) -> bool:
    """Whether the hotkey with most conviction gets the subnet, `age` blocks after its registration.

    It needs a tenth of all alpha outside the pool as conviction (U64F64) over all hotkeys.
    """
    enough = U64F64.mul(total_conviction, U64F64.from_int(10)) >= U64F64.from_int(alpha_out)
    return alpha_out > 0 and age >= OWNER_PROTECTION_BLOCKS and enough
