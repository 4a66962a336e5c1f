"""Locks: alpha that its holder promises not to sell, and the conviction which grows from it.

Terms: *mass* is the locked alpha, which unlocks exponentially unless the lock is *perpetual*; *conviction*
is the memory of mass over time, which matures and fades exponentially. A lock on the subnet owner's hotkey
has conviction equal to its mass at once. All of a lock is brought to a block by *rolling* it.

Source: pallets/subtensor/src/staking/lock.rs.
"""

from dataclasses import dataclass, replace

from ganglion.economy.errors import U64_MAX
from ganglion.fixed import I64F64, U64F64, exp

DEFAULT_RATE = 934_866
# Below this many alpha-rao, and as little conviction, a lock is nothing.
ZERO_THRESHOLD = 100
_LEAST_EXPONENT = I64F64.from_int(-40)


@dataclass(frozen=True, slots=True)
class Lock:
    """`mass` in alpha-rao, `conviction` raw U64F64, `last_update` the block of the last roll."""

    mass: int = 0
    conviction: int = 0
    last_update: int = 0

    def __bool__(self) -> bool:
        return self.mass > 0 or self.conviction > 0

    @property
    def is_dust(self) -> bool:
        """Whether so little is left of it that it counts as nothing."""
        return self.mass < ZERO_THRESHOLD and self.conviction < U64F64.from_int(ZERO_THRESHOLD)


@dataclass(frozen=True, slots=True)
class LockRules:
    """Time constants in blocks, and which kind of lock it is."""

    unlock_rate: int = DEFAULT_RATE
    maturity_rate: int = DEFAULT_RATE
    owner: bool = False
    perpetual: bool = False


def decay(blocks: int, tau: int) -> int:
    """e**(-blocks / tau) as U64F64: one for no time, else 0 for tau 0; the exponent is at least -40."""
    if blocks == 0:
        return U64F64.one
    if tau == 0:
        return 0
    ratio = I64F64.checked_div(I64F64.from_int(-blocks), I64F64.from_int(tau))
    factor = exp(I64F64, _LEAST_EXPONENT if ratio is None else max(ratio, _LEAST_EXPONENT))
    return U64F64.convert(factor or 0, I64F64)


def roll(lock: Lock, now: int, rules: LockRules) -> Lock:
    """The lock at block `now`; unchanged if that is not later, but for the owner's conviction and dust."""
    if now > lock.last_update:
        lock = _aged(lock, now, rules)
    if rules.owner:
        lock = replace(lock, conviction=U64F64.from_int(lock.mass))
    if lock.is_dust:
        return Lock(last_update=lock.last_update)
    return lock


def merged(lock: Lock, added: Lock) -> Lock:
    """The sum of two locks, at the later of their blocks; saturating."""
    return Lock(
        min(lock.mass + added.mass, U64_MAX),
        U64F64.add(lock.conviction, added.conviction),
        max(lock.last_update, added.last_update),
    )


def reduced(lock: Lock, mass: int, conviction: int) -> Lock:
    """The lock less mass and conviction, neither below 0."""
    return replace(lock, mass=max(lock.mass - mass, 0), conviction=U64F64.sub(lock.conviction, conviction))


def _aged(lock: Lock, now: int, rules: LockRules) -> Lock:
    blocks = now - lock.last_update
    unlocking, maturing = decay(blocks, rules.unlock_rate), decay(blocks, rules.maturity_rate)
    mass = U64F64.from_int(lock.mass)
    gain = U64F64.mul(mass, _gain(blocks, unlocking, maturing, rules))
    conviction = U64F64.add(U64F64.mul(maturing, lock.conviction), gain)
    kept = lock.mass if rules.perpetual else U64F64.to_u64(U64F64.mul(unlocking, mass))
    return Lock(kept, conviction, now)


def _gain(blocks: int, unlocking: int, maturing: int, rules: LockRules) -> int:
    """Conviction per mass (U64F64) that the time brought."""
    if rules.perpetual:
        return U64F64.sub(U64F64.one, maturing)
    if rules.unlock_rate == rules.maturity_rate:
        return U64F64.mul(U64F64.from_ratio(blocks, rules.maturity_rate), maturing)
    if rules.unlock_rate == 0 or rules.maturity_rate == 0:
        return 0
    difference = I64F64.sub(I64F64.convert(unlocking, U64F64), I64F64.convert(maturing, U64F64))
    product = I64F64.mul(I64F64.from_int(rules.unlock_rate), difference)
    gain = I64F64.safe_div(product, I64F64.from_int(rules.unlock_rate - rules.maturity_rate))
    return U64F64.convert(gain, I64F64)
