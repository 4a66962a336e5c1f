"""How a subnet's alpha reaches owner, miners, validators and root: pots per block, payout per epoch.

Terms: the *server* pot pays miners, the *validator* pot pays alpha stakers, the *root* pot pays TAO stakers
on the root network. The epoch's dividends are weights only: the pots are divided in their proportion.
Units vanish at every floor; nothing collects them.

Source: pallets/subtensor/src/coinbase/run_coinbase.rs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ganglion.economy.errors import U64_MAX
from ganglion.economy.fractions import fraction_u16, part_of
from ganglion.fixed import U96F32

DEFAULT_OWNER_CUT_U16 = 11_796
_HALF = U96F32.one >> 1


@dataclass(frozen=True, slots=True)
class Pots:
    """Alpha-rao for each kind of receiver: of one block, or gathered for an epoch."""

    owner: int = 0
    server: int = 0
    validator: int = 0
    root: int = 0

    def __add__(self, other: "Pots") -> "Pots":
        return Pots(
            min(self.owner + other.owner, U64_MAX),
            min(self.server + other.server, U64_MAX),
            min(self.validator + other.validator, U64_MAX),
            min(self.root + other.root, U64_MAX),
        )

    @property
    def budget(self) -> int:
        """What the epoch distributes as its total emission: all but the owner's cut."""
        return min(self.server + self.validator + self.root, U64_MAX)

    def validator_pot(self, all_incentives: int) -> int:
        """What validators share; the server pot too when no miner earned anything."""
        return self.validator if all_incentives else min(self.validator + self.server, U64_MAX)

    def without(self, recycled: int) -> "Pots":
        """What is left after `recycled` alpha-rao of the epoch's dividends went to nobody.

        Root gives its proportion, floored, validators the rest; what they do not have is the server pot's,
        which is theirs as well when no miner earned anything.
        """
        root = min(recycled * self.root // max(self.validator + self.root, 1), self.root)
        validator = min(recycled - root, self.validator)
        server = min(recycled - root - validator, self.server)
        return Pots(self.owner, self.server - server, self.validator - validator, self.root - root)


def split_block(alpha_out: int, owner_cut_u16: int, root_proportion: int) -> Pots:
    """One block's alpha (U96F32) into pots, each floored. An owner cut that is switched off is 0.

    `root_proportion` (U96F32) is the one after this block's injection and mint. Unless root may sell, the
    caller recycles the root part instead of gathering it. Raises: OutOfRange.
    """
    owner = U96F32.mul(alpha_out, fraction_u16(owner_cut_u16))
    rest = U96F32.sub(alpha_out, owner)
    root = U96F32.mul(U96F32.mul(root_proportion, rest), _HALF)
    server = U96F32.mul(rest, _HALF)
    validator = U96F32.sub(U96F32.sub(rest, server), root)
    return Pots(*(U96F32.to_u64(part) for part in (owner, server, validator, root)))


@dataclass(frozen=True, slots=True)
class DividendClaim:
    """A hotkey's dividend weight (whole) with its own alpha stake and its root TAO stake (u64)."""

    dividend: int
    alpha: int
    root: int


@dataclass(frozen=True, slots=True)
class Dividends:
    """Alpha for one hotkey, raw U96F32: `alpha` for its stakers on the subnet, `root` for those on root."""

    alpha: int
    root: int


def distribute_pots(
    claims: Sequence[DividendClaim], validator_pot: int, root_pot: int, tao_weight: int
) -> tuple[Dividends, ...]:
    """Divide both pots (alpha-rao) over the hotkeys, in the order given; `tao_weight` is raw U96F32.

    A weight counts towards the root pot by the part that TAO has in the hotkey's stake, and towards the
    validator pot by the rest. A pot for which nobody has weight is lost.
    """
    weights = [_divide_weight(claim, tao_weight) for claim in claims]
    all_alpha = U96F32.saturate(sum(weight.alpha for weight in weights))
    all_root = U96F32.saturate(sum(weight.root for weight in weights))
    return tuple(
        Dividends(
            part_of(validator_pot, U96F32.safe_div(weight.alpha, all_alpha)),
            part_of(root_pot, U96F32.safe_div(weight.root, all_root)),
        )
        for weight in weights
    )


def _divide_weight(claim: DividendClaim, tao_weight: int) -> Dividends:
    root_stake = part_of(claim.root, tao_weight)
    stake = U96F32.add(U96F32.from_int(claim.alpha), root_stake)
    dividend = U96F32.from_int(claim.dividend)
    root = U96F32.mul(dividend, U96F32.safe_div(root_stake, stake))
    return Dividends(U96F32.sub(dividend, root), root)


def split_take(amount: int, take_u16: int) -> tuple[int, int]:
    """(take, rest) of an amount (U96F32), in alpha-rao. They floor separately, so a unit can vanish.

    The take is staked for the hotkey's owner before the rest is paid, and so earns from it.
    Raises: OutOfRange.
    """
    take = U96F32.mul(fraction_u16(take_u16), amount)
    return U96F32.to_u64(take), U96F32.to_u64(U96F32.sub(amount, take))


def withheld_proportion(to_owner: int, all_miners: int) -> int:
    """The part of all incentives that fell to the owner's hotkeys (U96F32): `miner_burned` from now on."""
    return U96F32.from_ratio(to_owner, all_miners)
