import pytest

from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.pools import Pools

TAO = 10**9


@pytest.fixture
def netuid(chain):
    netuid = chain.subnet()
    chain.stake(netuid, "owner_hotkey", "cold", 10)
    return netuid


def test_recycled_alpha_leaves_the_issuance(chain, who, netuid):
    staked, issued = chain.stake_of("owner_hotkey", "cold", netuid), chain[Pools].alpha_issuance(netuid)
    chain.call(AlphaBurn.recycle_alpha, who("owner_hotkey"), TAO, netuid, by="cold")
    assert chain.stake_of("owner_hotkey", "cold", netuid) == staked - TAO
    assert chain[Pools].alpha_issuance(netuid) == issued - TAO


def test_burnt_alpha_stays_issued(chain, who, netuid):
    issued = chain[Pools].alpha_issuance(netuid)
    chain.call(AlphaBurn.burn_alpha, who("owner_hotkey"), TAO, netuid, by="cold")
    assert chain[Pools].alpha_issuance(netuid) == issued
    assert chain.events(events.AlphaBurned)[-1].alpha == TAO


def test_no_more_is_given_up_than_there_is(chain, who, netuid):
    staked = chain.stake_of("owner_hotkey", "cold", netuid)
    chain.call(AlphaBurn.recycle_alpha, who("owner_hotkey"), 2**63, netuid, by="cold")
    assert chain.events(events.AlphaRecycled)[-1].alpha == staked


@pytest.mark.parametrize("limit", [None, 100 * TAO])
def test_alpha_bought_to_be_burnt_is_gone_at_once(chain, who, netuid, limit):
    staked = chain.stake_of("owner_hotkey", "cold", netuid)
    chain.fund("cold", 5)
    chain.call(AlphaBurn.add_stake_burn, who("owner_hotkey"), netuid, 5 * TAO, limit, by="cold")
    assert chain.stake_of("owner_hotkey", "cold", netuid) == staked
    assert chain.events(events.AddStakeBurn)[-1].alpha > 0


@pytest.mark.parametrize("call", [AlphaBurn.recycle_alpha, AlphaBurn.burn_alpha])
@pytest.mark.parametrize(
    ("hotkey", "netuid_asked", "error"),
    [
        ("owner_hotkey", 0, errors.CannotBurnOrRecycleOnRootSubnet),
        ("owner_hotkey", 9, errors.SubnetNotExists),
        ("unknown", 1, errors.HotKeyAccountNotExists),
    ],
)
def test_alpha_that_is_not_there_cannot_be_given_up(chain, netuid, call, hotkey, netuid_asked, error):
    with chain.refuses(error):
        chain.call(call, chain.who(hotkey), TAO, netuid_asked, by="cold")
