"""Swaps of coldkeys: announced, disputed, carried out, and what a coldkey may do meanwhile."""

from hashlib import blake2b

import pytest

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import ROOT
from ganglion.pallets.admin_utils.chain_settings import ChainSettings
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.auto_stake import AutoStake
from ganglion.pallets.subtensor.coldkey_swap import ALLOWED, ColdkeySwap
from ganglion.pallets.subtensor.identity import Identities
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ChainIdentity
from ganglion.runtime import runtime

TAO = 10**9
IDENTITY = ChainIdentity(b"name", b"", b"", b"", b"", b"", b"")
ANNOUNCE, CARRY_OUT = ColdkeySwap.announce_coldkey_swap, ColdkeySwap.swap_coldkey_announced
DISPUTE, CLEAR = ColdkeySwap.dispute_coldkey_swap, ColdkeySwap.clear_coldkey_swap_announcement
RESET, SWAP = ColdkeySwap.reset_coldkey_swap, ColdkeySwap.swap_coldkey


@pytest.fixture
def swapping(chain):
    """`old` owns subnet 1 and has stake there and on the root network; waits of 5 and 3 blocks."""
    netuid = chain.subnet("old", "hot")
    chain.stake(netuid, "hot", "old", 50)
    chain.stake(0, "hot", "old", 20)
    chain.fund("old", 10)
    chain[ColdkeySwap].coldkey_swap_announcement_delay.set(5)
    chain[ColdkeySwap].coldkey_swap_reannouncement_delay.set(3)
    chain.advance()
    return chain


def announce(chain, new="new", by="old"):
    chain.call(ANNOUNCE, blake2b(chain.who(new), digest_size=32).digest(), by=by)


def test_everything_goes_to_the_announced_coldkey_when_it_is_due(swapping, who):
    chain, old, new = swapping, who("old"), who("new")
    chain[Identities].identities_v2[old] = IDENTITY
    chain.call(AutoStake.set_coldkey_auto_stake_hotkey, 1, who("hot"), by="old")
    stakes = [chain.stake_of("hot", "old", netuid) for netuid in (0, 1)]
    announce(chain)
    balance = chain.balance("old")
    chain.advance(5)
    chain.call(CARRY_OUT, new, by="old")
    assert chain.events(events.ColdkeySwapped) == [events.ColdkeySwapped(old, new)]
    assert [chain.stake_of("hot", "new", netuid) for netuid in (0, 1)] == stakes
    assert [chain.stake_of("hot", "old", netuid) for netuid in (0, 1)] == [0, 0]
    assert (chain.balance("new"), chain.balance("old")) == (balance, 0)
    assert chain[Subnets].subnet_owner[1] == new
    assert chain[Accounts].owner_of(who("hot")) == new
    assert chain[Accounts].owned_hotkeys[new] == chain[Accounts].staking_hotkeys[new] == (who("hot"),)
    assert chain[Accounts].owned_hotkeys[old] == chain[Accounts].staking_hotkeys[old] == ()
    assert chain[Identities].identities_v2[new] == IDENTITY
    assert chain[Identities].identities_v2[old] is None
    assert chain[AutoStake].auto_stake_destination[new, 1] == who("hot")
    assert chain[AutoStake].auto_stake_destination_coldkeys[who("hot"), 1] == (new,)
    assert chain[RootStakers].staking_coldkeys[new] is not None
    assert chain[RootStakers].staking_coldkeys[old] is None
    assert old not in chain[ColdkeySwap].coldkey_swap_announcements
    chain.advance(2)


def test_what_was_claimed_is_not_claimed_again(swapping, who, root):
    claims = swapping[RootClaims]
    claims.root_claimable[who("hot")] = {7: 1 << 32}
    claims.root_claimed[7, who("hot"), who("old")] = 20 * TAO
    claims.root_claimed[1, who("hot"), who("old")] = 5
    swapping[Subnets].networks_added[7] = True
    owed = claims.owed(who("hot"), who("old"), 7)
    swapping.call(SWAP, who("old"), who("new"), 0, by=root)
    assert claims.owed(who("hot"), who("new"), 7) == owed
    assert claims.root_claimed[1, who("hot"), who("new")] == 5


def test_only_the_first_announcement_costs(swapping):
    before, issued = swapping.balance("old"), swapping[Balances].total_issuance.get()
    announce(swapping)
    assert before - swapping.balance("old") == TAO // 10
    assert issued - swapping[Balances].total_issuance.get() == TAO // 10
    swapping.advance(8)
    announce(swapping, "other")
    assert before - swapping.balance("old") == TAO // 10


def test_an_announcement_is_told_with_its_hash(swapping, who):
    announce(swapping)
    digest = blake2b(who("new"), digest_size=32).digest()
    assert swapping.events(events.ColdkeySwapAnnounced) == [events.ColdkeySwapAnnounced(who("old"), digest)]
    due = swapping.number + 5
    assert swapping[ColdkeySwap].coldkey_swap_announcements[who("old")] == (due, digest)


def test_who_cannot_pay_cannot_announce(swapping):
    swapping[Balances].deposit(swapping.who("poor"), TAO // 10)
    with swapping.refuses(errors.NotEnoughBalanceToPaySwapColdKey):
        announce(swapping, by="poor")


def test_another_announcement_must_wait(swapping):
    announce(swapping)
    swapping.advance(7)
    with swapping.refuses(errors.ColdkeySwapReannouncedTooEarly):
        announce(swapping, "other")


def test_a_swap_before_it_is_due_is_refused(swapping, who):
    announce(swapping)
    swapping.advance(4)
    with swapping.refuses(errors.ColdkeySwapTooEarly):
        swapping.call(CARRY_OUT, who("new"), by="old")


def test_only_the_announced_coldkey_can_take_over(swapping, who):
    announce(swapping)
    swapping.advance(5)
    with swapping.refuses(errors.AnnouncedColdkeyHashDoesNotMatch):
        swapping.call(CARRY_OUT, who("thief"), by="old")


@pytest.mark.parametrize("function", [DISPUTE, CLEAR, CARRY_OUT], ids=lambda each: each.__name__)
def test_without_announcement_there_is_nothing_to_do(swapping, who, function):
    args = (who("new"),) if function is CARRY_OUT else ()
    with swapping.refuses(errors.ColdkeySwapAnnouncementNotFound):
        swapping.call(function, *args, by="old")


def test_a_disputed_coldkey_can_do_nothing_until_root_decides(swapping, who, root):
    announce(swapping)
    swapping.call(DISPUTE, by="old")
    assert swapping.events(events.ColdkeySwapDisputed) == [events.ColdkeySwapDisputed(who("old"))]
    swapping.advance(10)
    for function, args in ((CARRY_OUT, (who("new"),)), (CLEAR, ()), (DISPUTE, ())):
        with swapping.refuses(errors.ColdkeySwapDisputed):
            swapping.call(function, *args, by="old")
    swapping.call(RESET, who("old"), by=root)
    assert swapping.events(events.ColdkeySwapReset) == [events.ColdkeySwapReset(who("old"))]
    swapping.call(Accounts.try_associate_hotkey, who("second"), by="old")


def test_an_announcement_can_be_taken_back_later(swapping, who):
    announce(swapping)
    swapping.advance(7)
    with swapping.refuses(errors.ColdkeySwapClearTooEarly):
        swapping.call(CLEAR, by="old")
    swapping.advance()
    swapping.call(CLEAR, by="old")
    assert swapping.events(events.ColdkeySwapCleared) == [events.ColdkeySwapCleared(who("old"))]
    swapping.call(Accounts.try_associate_hotkey, who("second"), by="old")


def test_an_announced_coldkey_can_do_nothing_else(swapping, who):
    announce(swapping)
    with swapping.refuses(errors.ColdkeySwapAnnounced):
        swapping.call(Accounts.try_associate_hotkey, who("second"), by="old")
    swapping.call(Accounts.try_associate_hotkey, who("second"), by="someone")


def test_the_calls_that_stay_allowed_are_all_of_the_runtime():
    for path in ALLOWED:
        pallet, _, function = path.partition(".")
        assert runtime().call_codec.entry(RuntimeCall(pallet, function, ()))


def test_root_may_swap_at_once_and_charge(swapping, who, root):
    announce(swapping)
    before = swapping.balance("old")
    swapping.call(SWAP, who("old"), who("new"), TAO, by=root)
    assert swapping.balance("new") == before - TAO
    assert who("old") not in swapping[ColdkeySwap].coldkey_swap_announcements
    swapping.advance()


def test_a_coldkey_with_hotkeys_cannot_take_over(swapping, who, root):
    swapping.call(Accounts.try_associate_hotkey, who("its"), by="new")
    with swapping.refuses(errors.ColdKeyAlreadyAssociated):
        swapping.call(SWAP, who("old"), who("new"), 0, by=root)


def test_a_hotkey_cannot_take_over(swapping, who, root):
    with swapping.refuses(errors.NewColdKeyIsHotkey):
        swapping.call(SWAP, who("old"), who("hot"), 0, by=root)


def test_strangers_neither_swap_nor_reset(swapping, who, stranger):
    with swapping.refuses(BadOrigin):
        swapping.call(SWAP, who("old"), who("new"), 0, by=stranger)
    with swapping.refuses(BadOrigin):
        swapping.call(RESET, who("old"), by=stranger)


def test_the_old_way_is_given_up(swapping, who):
    for by in ("old", ROOT):
        with swapping.refuses(errors.Deprecated):
            swapping.call(ColdkeySwap.schedule_swap_coldkey, who("new"), by=by)


def test_root_sets_the_waits(chain, root, stranger):
    for function, item, event in (
        (
            ChainSettings.sudo_set_coldkey_swap_announcement_delay,
            "coldkey_swap_announcement_delay",
            events.ColdkeySwapAnnouncementDelaySet,
        ),
        (
            ChainSettings.sudo_set_coldkey_swap_reannouncement_delay,
            "coldkey_swap_reannouncement_delay",
            events.ColdkeySwapReannouncementDelaySet,
        ),
    ):
        with chain.refuses(BadOrigin):
            chain.call(function, 9, by=stranger)
        chain.call(function, 9, by=root)
        assert getattr(chain[ColdkeySwap], item).get() == 9
        assert chain.events(event) == [event(9)]


def test_locks_go_with_the_coldkey(swapping, who, root):
    swapping.call(Locks.lock_stake, who("hot"), 1, TAO, by="old")
    swapping.call(SWAP, who("old"), who("new"), 0, by=root)
    assert swapping[Locks].of(who("new"), 1) is not None
    assert swapping[Locks].of(who("old"), 1) is None
    swapping.advance()
