"""The gate on emission: off until root asks, then with a bar that stands for a while."""

import pytest

from ganglion.economy.emission_gate import BAR_INTERVAL
from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.admin_utils import errors
from ganglion.pallets.admin_utils.emission_settings import EmissionSettings
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.system import System

ONE = 1 << 64
QUANTILE = EmissionSettings.sudo_set_emission_bar_quantile
EXPONENT = EmissionSettings.sudo_set_emission_gate_exponent
RANK = EmissionSettings.sudo_set_emission_bar_rank


@pytest.fixture
def emission(chain):
    return chain[SubnetEmission]


@pytest.fixture
def pair(chain, emission):
    """Two subnets, the second with twice the first one's moving price."""
    pair = (chain.subnet(), chain.subnet("second", "second_hotkey"))
    for price, netuid in enumerate(pair, start=1):
        emission.subnet_emission_enabled[netuid] = True
        chain[Prices].subnet_moving_price[netuid] = price << 30
    return pair


def given(chain, emission, pair):
    """The TAO that each got in a block, put in or spent for it."""
    chain.advance()
    chain.advance()
    return [emission.subnet_tao_in_emission[netuid] + emission.subnet_excess_tao[netuid] for netuid in pair]


def test_until_root_asks_shares_follow_the_prices(chain, emission, pair):
    first, second = given(chain, emission, pair)
    assert second == pytest.approx(2 * first, rel=0.01)
    assert emission.emission_gate_bar.get() == 0


@pytest.mark.parametrize(("call", "value"), [(RANK, 1), (QUANTILE, ONE // 2), (EXPONENT, 3 * ONE)])
def test_any_setting_switches_the_gate_on(chain, emission, pair, root, call, value):
    chain.call(RANK, 1, by=root)
    chain.call(call, value, by=root)
    first, second = given(chain, emission, pair)
    assert second == pytest.approx(9 * first, rel=0.05)


def test_a_bar_stands_until_its_time_is_over_or_a_setting_changes(chain, emission, pair, root):
    chain.call(RANK, 1, by=root)
    chain.advance()
    bar = emission.emission_gate_bar.get()
    chain[Prices].subnet_moving_price[pair[0]] = 1 << 33
    chain.advance()
    assert emission.emission_gate_bar.get() == bar > 0
    chain[System].number.set(BAR_INTERVAL)
    emission.emit_block(10**9)
    assert emission.emission_gate_bar.get() != bar
    chain.call(RANK, 2, by=root)
    assert emission.emission_gate_bar.get() == 0


@pytest.mark.parametrize(
    ("call", "value"), [(QUANTILE, 0), (QUANTILE, ONE), (EXPONENT, ONE - 1), (EXPONENT, 8 * ONE + 1)]
)
def test_values_out_of_range_are_refused(chain, root, call, value):
    with chain.refuses(errors.InvalidValue):
        chain.call(call, value, by=root)


@pytest.mark.parametrize("call", [QUANTILE, EXPONENT, RANK])
def test_strangers_move_no_bar(chain, stranger, call):
    with chain.refuses(BadOrigin):
        chain.call(call, ONE if call is not RANK else 1, by=stranger)
