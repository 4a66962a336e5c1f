"""A node that runs its chain's beacon brings each round into the blocks, once and in order."""

from collections.abc import Callable
from typing import Any

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.node.beacon import LocalBeacon
from ganglion.node.chain import Chain, Imported
from ganglion.pallets.drand import Drand
from ganglion.pallets.drand.pallet import MOST_PULSES
from ganglion.pallets.drand.types import QUICKNET
from ganglion.pallets.timestamp import Timestamp
from ganglion.presets import LOCAL_BEACON
from ganglion.state.overlay import Overlay

PERIOD = QUICKNET.period
NOW_S = 1_800_000_000
LATEST = QUICKNET.schedule.latest(NOW_S)


@pytest.fixture
def beacon() -> LocalBeacon:
    return LocalBeacon(LOCAL_BEACON)


@pytest.fixture
def make(chain: Chain, authority: Keypair, beacon: LocalBeacon) -> Callable[..., Imported]:
    """Makes a block so many seconds after the beginning."""
    return lambda after_s=0, by=beacon: chain.produce((), (NOW_S + after_s) * 1000, authority, beacon=by)


def rounds(chain: Chain) -> list[int]:
    with chain.view() as view:
        return sorted(chain.runtime.on(Overlay(view))[Drand].pulses.keys())


def test_the_first_block_brings_the_newest_round_only(chain: Chain, make: Any) -> None:
    make()
    assert rounds(chain) == [LATEST]


def test_a_block_brings_the_rounds_since_the_block_before(chain: Chain, make: Any) -> None:
    for after_s in (0, 1, 2 * PERIOD, 2 * PERIOD + 1, 5 * PERIOD):
        make(after_s)
    assert rounds(chain) == list(range(LATEST, LATEST + 6))


def test_a_block_without_new_rounds_has_no_extrinsic_for_them(make: Any) -> None:
    with_pulse, without = make(), make(1)
    assert len(with_pulse.block.extrinsics) == len(without.block.extrinsics) + 1


def test_after_a_pause_blocks_catch_up_at_most_so_many_rounds_each(chain: Chain, make: Any) -> None:
    make()
    pause_s = (MOST_PULSES + 10) * PERIOD
    make(pause_s)
    assert len(rounds(chain)) == 1 + MOST_PULSES
    make(pause_s + 1)
    assert rounds(chain) == list(range(LATEST, LATEST + MOST_PULSES + 11))


def test_the_pulses_of_a_chain_verify_where_the_block_is_imported(
    new_chain: Callable[..., Chain], make: Any
) -> None:
    follower = new_chain()
    for after_s in (0, PERIOD):
        follower.import_block(make(after_s).block)
    assert rounds(follower) == [LATEST, LATEST + 1]


def test_who_has_another_secret_or_runs_no_beacon_brings_nothing(chain: Chain, make: Any) -> None:
    for by in (LocalBeacon("//Other"), None):
        make(by=by)
    assert rounds(chain) == []


def test_a_block_brings_no_round_before_the_first(chain: Chain, beacon: LocalBeacon) -> None:
    with chain.view() as view:
        drand = chain.runtime.on(Overlay(view))[Drand]
        assert beacon.due(drand, QUICKNET.genesis_time * 1000 - 1) == ()
        assert [pulse.round for pulse in beacon.due(drand, QUICKNET.genesis_time * 1000)] == [1]


def test_a_beacon_without_a_period_has_no_rounds(chain: Chain, beacon: LocalBeacon) -> None:
    with chain.view() as view:
        drand = chain.runtime.on(Overlay(view))[Drand]
        config = drand.beacon_config.get()
        drand.beacon_config.set(type(config)(**{**vars(config), "period": 0}))
        assert beacon.due(drand, NOW_S * 1000) == ()


def test_rounds_follow_the_block_s_time_even_if_the_clock_is_behind(chain: Chain, make: Any) -> None:
    make(PERIOD)
    make(0)
    assert rounds(chain) == [LATEST + 1]
    with chain.view() as view:
        assert chain.runtime.on(Overlay(view))[Timestamp].now.get() == (NOW_S + PERIOD) * 1000 + 1
