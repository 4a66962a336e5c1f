"""An era begins, lives and ends where the real chain says, and has one encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.frame.era import ERA, Era
from ganglion.scale import ScaleError

PERIODS = [1 << power for power in range(2, 17)]


def test_every_two_bytes_are_an_era_in_its_only_encoding_or_refused() -> None:
    good = 0
    for encoded in range(1 << 16):
        data = encoded.to_bytes(2, "little")
        try:
            era = ERA.decode(data)
        except ScaleError:
            continue
        assert ERA.encode(era) == data
        good += 1
    # All phases of the periods up to 4,096, 4,096 phases of each longer one, less those that begin with
    # a zero byte, which is the immortal era.
    assert good == sum(min(period, 4_096) for period in PERIODS)


@pytest.mark.parametrize("data", ["", "01", "0000", "0001", "f003", "4100", "0100ff"])
def test_other_bytes_are_refused(data: str) -> None:
    with pytest.raises(ScaleError):
        ERA.decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    "era", [Era(3, 0), Era(2, 0), Era(1 << 17, 0), Era(64, 64), Era(64, -1), Era(65_536, 5), "era", None]
)
def test_what_is_no_era_is_refused(era: object) -> None:
    with pytest.raises(ScaleError):
        ERA.encode(era)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "current", "expected"),
    [
        (64, 42, Era(64, 42)),
        (64, 106, Era(64, 42)),
        (0, 3, Era(4, 3)),
        (5, 13, Era(8, 5)),
        (32_768, 20_000, Era(32_768, 20_000)),
        (65_536, 65_535, Era(65_536, 65_520)),
        (10**9, 17, Era(65_536, 16)),
    ],
)
def test_an_era_is_made_of_a_period_and_the_present(period: int, current: int, expected: Era) -> None:
    assert Era.mortal(period, current) == expected


@given(st.sampled_from(PERIODS), st.integers(0, 2**32 - 1))
def test_an_era_lives_for_its_period_around_the_block_it_was_made_at(period: int, current: int) -> None:
    era = Era.mortal(period, current)
    birth, death = era.birth(current), era.death(current)
    assert birth <= current < death == birth + period
    assert birth % period == era.phase
    assert era.birth(death - 1) == birth
    assert era.birth(death) == death


def test_before_its_first_phase_an_era_is_born_in_the_future() -> None:
    assert Era(64, 10).birth(3) == 10


def test_the_immortal_era_is_born_at_genesis_and_never_dies() -> None:
    assert (Era().birth(10**9), Era().death(10**9)) == (0, 2**64 - 1)
    assert ERA.encode(Era()) == b"\0"
