import pytest

from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.stake_moves import StakeMoves

TAO = 10**9


@pytest.fixture
def netuid(chain, who):
    netuid = chain.subnet()
    chain.call(Accounts.try_associate_hotkey, who("other_hotkey"), by="other")
    return netuid


def test_moving_on_one_subnet_hands_the_alpha_over_as_it_is(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    chain.call(
        StakeMoves.move_stake, who("owner_hotkey"), who("other_hotkey"), netuid, netuid, alpha, by="cold"
    )
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 0
    assert chain.stake_of("other_hotkey", "cold", netuid) == alpha
    assert chain.events(events.StakeMoved)[-1].destination_hotkey == who("other_hotkey")


def test_stake_given_to_another_coldkey_is_its_own(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    chain.call(StakeMoves.transfer_stake, who("heir"), who("owner_hotkey"), netuid, netuid, alpha, by="cold")
    assert chain.stake_of("owner_hotkey", "heir", netuid) == alpha
    assert chain.balance("heir") == 0


def test_stake_is_given_to_another_coldkey_with_another_hotkey(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    hotkeys = who("owner_hotkey"), who("other_hotkey")
    chain.call(StakeMoves.transfer_stake_and_hotkey, who("heir"), *hotkeys, netuid, netuid, alpha, by="cold")
    assert chain.stake_of("other_hotkey", "heir", netuid) == alpha
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 0
    (told,) = chain.events(events.StakeAndHotkeyTransferred)
    assert (told.origin_coldkey, told.destination_coldkey) == (who("cold"), who("heir"))
    assert (told.origin_hotkey, told.destination_hotkey) == hotkeys


def test_stake_is_not_given_away_with_another_hotkey_where_transfers_are_off(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    chain[Hyperparameters].transfer_toggle[netuid] = False
    with chain.refuses(errors.TransferDisallowed):
        chain.call(
            StakeMoves.transfer_stake_and_hotkey,
            who("heir"),
            who("owner_hotkey"),
            who("other_hotkey"),
            netuid,
            netuid,
            alpha,
            by="cold",
        )


def test_swapping_to_another_subnet_pays_one_fee(chain, who, netuid):
    second = chain.subnet("second", "second_hotkey")
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    chain.call(StakeMoves.swap_stake, who("owner_hotkey"), netuid, second, alpha, by="cold")
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 0
    assert chain.stake_of("owner_hotkey", "cold", second) > 0
    assert chain.events(events.StakeRemoved)[-1].fee > 0
    assert chain.events(events.StakeAdded)[-1].fee == 0


def test_swapping_from_root_pays_the_fee_where_the_pool_is(chain, who, netuid):
    chain.stake(0, "owner_hotkey", "cold", 10)
    chain.call(StakeMoves.swap_stake, who("owner_hotkey"), 0, netuid, 10 * TAO, by="cold")
    assert chain.events(events.StakeRemoved)[-1].fee == 0
    assert chain.events(events.StakeAdded)[-1].fee > 0


def test_a_move_to_the_same_place_is_refused(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    with chain.refuses(errors.SameNetuid):
        chain.call(StakeMoves.swap_stake, who("owner_hotkey"), netuid, netuid, alpha, by="cold")


def test_a_move_to_an_unknown_hotkey_is_refused(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    with chain.refuses(errors.HotKeyAccountNotExists):
        chain.call(
            StakeMoves.move_stake, who("owner_hotkey"), who("unknown"), netuid, netuid, alpha, by="cold"
        )


def test_a_transfer_where_the_subnet_forbids_it_is_refused(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    chain[Hyperparameters].transfer_toggle[netuid] = False
    with chain.refuses(errors.TransferDisallowed):
        chain.call(
            StakeMoves.transfer_stake, who("heir"), who("owner_hotkey"), netuid, netuid, alpha, by="cold"
        )


def test_moving_nothing_is_refused(chain, who, netuid):
    with chain.refuses(errors.AmountTooLow):
        chain.call(
            StakeMoves.move_stake, who("owner_hotkey"), who("other_hotkey"), netuid, netuid, TAO, by="cold"
        )


def swap_at(chain, netuids, limit, partial):
    alpha = chain.stake_of("owner_hotkey", "cold", netuids[0])
    chain.call(
        StakeMoves.swap_stake_limit, chain.who("owner_hotkey"), *netuids, alpha, limit, partial, by="cold"
    )


def test_a_swap_within_its_limit_moves_all(chain, netuid):
    chain.stake(netuid, "owner_hotkey", "cold", 10)
    swap_at(chain, (netuid, 0), TAO // 2, False)
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 0
    assert chain.stake_of("owner_hotkey", "cold", 0) > 9 * TAO


def test_a_swap_beyond_its_limit_moves_a_part_or_nothing(chain, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 1_000)
    limit = 2 * TAO
    with chain.refuses(errors.SlippageTooHigh):
        swap_at(chain, (netuid, 0), limit, False)
    swap_at(chain, (netuid, 0), limit, True)
    assert 0 < chain.stake_of("owner_hotkey", "cold", netuid) < alpha


def test_a_move_between_pools_keeps_to_the_relative_price(chain, who, netuid):
    second = chain.subnet("second", "second_hotkey")
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    arguments = (who("owner_hotkey"), who("other_hotkey"), netuid, second, alpha)
    with chain.refuses(errors.SlippageTooHigh):
        chain.call(StakeMoves.move_stake_limit, *arguments, 100 * TAO, False, by="cold")
    chain.call(StakeMoves.move_stake_limit, *arguments, TAO // 100, False, by="cold")
    assert chain.stake_of("other_hotkey", "cold", second) > 0
