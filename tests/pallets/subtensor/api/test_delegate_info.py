import pytest

from ganglion.pallets.subtensor.takes import Takes

TAO = 10**9


@pytest.fixture
def delegate(chain, who, netuid):
    chain[Takes].become_delegate(who("validator"))
    return who("validator")


def test_a_delegate_names_its_owner_nominators_and_subnets(chain, who, ask, netuid, delegate):
    info = ask("DelegateInfoRuntimeApi_get_delegate", delegate)
    assert info.owner_ss58 == who("validator_coldkey")
    assert (who("cold"), ((netuid, chain.stake_of("validator", "cold", netuid)),)) in info.nominators
    assert info.registrations == (netuid,)
    assert ask("DelegateInfoRuntimeApi_get_delegates") == (info,)


def test_a_hotkey_that_is_no_delegate_is_none(who, ask, netuid):
    assert ask("DelegateInfoRuntimeApi_get_delegate", who("miner")) is None


def test_a_coldkey_sees_what_it_staked_with_delegates(chain, who, ask, netuid, delegate):
    ((info, stake),) = ask("DelegateInfoRuntimeApi_get_delegated", who("cold"))
    assert info.delegate_ss58 == delegate
    assert stake == (netuid, chain.stake_of("validator", "cold", netuid))


def test_the_daily_return_is_that_of_the_last_epoch_many_times(chain, ask, netuid, delegate):
    chain.stake(0, "validator", "cold", 1_000)
    chain.advance(3)
    info = ask("DelegateInfoRuntimeApi_get_delegate", delegate)
    assert info.total_daily_return > 0
    kept = 1 - chain[Takes].delegates[delegate] / 65_535
    assert info.return_per_1000 == pytest.approx(info.total_daily_return * kept, rel=1e-6)
