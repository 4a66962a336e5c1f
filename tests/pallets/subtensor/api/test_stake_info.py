from ganglion.fixed import U64F64
from ganglion.pallets.subtensor.api.stake_info import StakeAvailability
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.types import LockState

TAO = 10**9


def test_stakes_of_a_coldkey_are_listed_by_subnet(chain, who, ask, netuid):
    chain.stake(0, "validator", "cold", 5)
    stakes = ask("StakeInfoRuntimeApi_get_stake_info_for_coldkey", who("cold"))
    assert [(each.netuid, each.stake) for each in stakes] == [
        (0, 5 * TAO),
        (netuid, chain.stake_of("validator", "cold", netuid)),
    ]
    assert [each.is_registered for each in stakes] == [False, True]


def test_several_coldkeys_are_answered_in_the_order_asked(who, ask, netuid):
    answer = ask("StakeInfoRuntimeApi_get_stake_info_for_coldkeys", (who("nobody"), who("cold")))
    assert [(coldkey, len(stakes)) for coldkey, stakes in answer] == [(who("nobody"), 0), (who("cold"), 1)]


def test_a_stake_that_does_not_exist_is_zero(who, ask, netuid):
    info = ask(
        "StakeInfoRuntimeApi_get_stake_info_for_hotkey_coldkey_netuid", who("miner"), who("nobody"), netuid
    )
    assert info is not None
    assert (info.stake, info.is_registered) == (0, True)


def test_all_stake_can_be_unstaked(chain, who, ask, netuid):
    alpha = chain.stake_of("validator", "cold", netuid)
    answer = ask("StakeInfoRuntimeApi_get_stake_availability_for_coldkeys", (who("cold"),), None)
    assert answer == {who("cold"): {netuid: StakeAvailability(alpha, 0, alpha)}}


def test_only_the_subnets_asked_for_are_answered(who, ask, netuid):
    answer = ask("StakeInfoRuntimeApi_get_stake_availability_for_coldkeys", (who("cold"),), (0, 99))
    assert answer == {who("cold"): {}}


def test_more_subnets_than_there_are_get_no_answer(who, ask, netuid):
    asked = (0, netuid, 5, 6)
    answer = ask("StakeInfoRuntimeApi_get_stake_availability_for_coldkeys", (who("cold"),), asked)
    assert answer == {who("cold"): {}}


def test_a_lock_shows_in_the_answers(chain, who, ask, netuid):
    alpha = chain.stake_of("validator", "cold", netuid)
    chain.call(Locks.set_perpetual_lock, netuid, True, by="cold")
    chain.call(Locks.lock_stake, who("owner_hotkey"), netuid, 10 * TAO, by="cold")
    answer = ask("StakeInfoRuntimeApi_get_stake_availability_for_coldkeys", (who("cold"),), None)
    assert answer == {who("cold"): {netuid: StakeAvailability(alpha, 10 * TAO, alpha - 10 * TAO)}}
    conviction = U64F64.from_int(10 * TAO)
    lock = ask("StakeInfoRuntimeApi_get_coldkey_lock", who("cold"), netuid)
    assert lock == LockState(10 * TAO, conviction, chain.number)
    owner_hotkey = who("owner_hotkey")
    assert ask("StakeInfoRuntimeApi_get_hotkey_conviction", owner_hotkey, netuid) == conviction
    assert ask("StakeInfoRuntimeApi_get_most_convicted_hotkey_on_subnet", netuid) == owner_hotkey


def test_moving_within_one_place_costs_nothing(who, ask, netuid):
    place = (who("validator"), netuid)
    assert ask("StakeInfoRuntimeApi_get_stake_fee", place, who("cold"), place, who("cold"), TAO) == 0
    assert ask("StakeInfoRuntimeApi_get_stake_fee", None, who("cold"), place, who("cold"), TAO) > 0


def test_nobody_has_a_lock(who, ask, netuid):
    assert ask("StakeInfoRuntimeApi_get_coldkey_lock", who("cold"), netuid) is None
    assert ask("StakeInfoRuntimeApi_get_hotkey_conviction", who("validator"), netuid) == 0
    assert ask("StakeInfoRuntimeApi_get_most_convicted_hotkey_on_subnet", netuid) is None
