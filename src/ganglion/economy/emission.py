"""Block emission: how much is minted for a given issuance, for TAO and for every subnet's alpha alike.

The reward halves each time half of what was left to issue has been issued: at 1/2, 3/4, 7/8 ... of the cap,
exactly AT the threshold. Halves are floored to whole rao, so the thirtieth halving ends emission although
the cap is not reached.

Source: pallets/subtensor/src/coinbase/block_emission.rs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ganglion.economy.errors import require

SUPPLY_CAP_RAO = 21_000_000 * 10**9
BASE_EMISSION_RAO = 10**9


@dataclass(frozen=True, slots=True)
class Period:
    """Blocks that mint the same: how many came before them, the issuance then, what each mints (rao)."""

    blocks_before: int
    issuance_rao: int
    emission_rao: int


def halvings(issuance_rao: int) -> int:
    """How many halvings lie behind an issuance below the cap: floor(log2(cap / (cap - issuance)))."""
    unissued = SUPPLY_CAP_RAO - issuance_rao
    count = SUPPLY_CAP_RAO.bit_length() - unissued.bit_length()
    return count if unissued << count <= SUPPLY_CAP_RAO else count - 1


def block_emission(issuance_rao: int) -> int:
    """What one block mints, in rao (or alpha-rao if the issuance is a subnet's). 0 from the cap on.

    Raises: OutOfRange unless the issuance is a u64.
    """
    if require("issuance_rao", issuance_rao) >= SUPPLY_CAP_RAO:
        return 0
    return BASE_EMISSION_RAO >> halvings(issuance_rao)


def halving_thresholds() -> Iterator[tuple[int, int]]:
    """(first issuance in rao, emission from there on in rao) of every halving until emission is 0."""
    step = 0
    emission = BASE_EMISSION_RAO
    while emission:
        step += 1
        emission = BASE_EMISSION_RAO >> step
        # Rounded up: the first whole rao at which the unissued part is at most cap / 2**step.
        yield SUPPLY_CAP_RAO - (SUPPLY_CAP_RAO >> step), emission


def halving_path(issuance_rao: int = 0) -> Iterator[Period]:
    """The periods from an issuance on if every block mints all it may; the last one mints nothing.

    Raises: OutOfRange unless the issuance is a u64.
    """
    emission, blocks = block_emission(issuance_rao), 0
    for threshold, lower in halving_thresholds():
        if issuance_rao < threshold:
            yield Period(blocks, issuance_rao, emission)
            # The block that reaches the threshold still mints the higher reward, and may overshoot it.
            count = -(-(threshold - issuance_rao) // emission)
            blocks += count
            issuance_rao += count * emission
            emission = lower
    yield Period(blocks, issuance_rao, 0)
