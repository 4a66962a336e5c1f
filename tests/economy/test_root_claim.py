import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.pool import Pool
from ganglion.economy.root_claim import (
    auto_claim_indices,
    claimed_after_staking,
    claimed_after_unstaking,
    owed,
    payable,
    rate_after,
)
from ganglion.economy.swap import sell
from ganglion.fixed import I96F32

amounts = st.integers(0, 21 * 10**15)


@pytest.mark.vectors("g_root_claim", "claimable_increment")
def test_increments_match(given, expected):
    assert rate_after(0, given["amount"], given["hotkey_root_stake"]) == expected["increment_x32"]


@pytest.mark.vectors("g_root_claim", "owed")
def test_what_is_owed_and_paid_matches(given, expected):
    due = owed(given["rate_x32"], given["root_stake"], given["claimed"])
    assert due == expected["owed_x32"]
    assert payable(due, given["threshold_x32"]) == expected["pays"]


@pytest.mark.vectors("g_root_claim", "stake_moved")
def test_moved_stake_matches(given, expected):
    rate, amount = given["rate_x32"], given["amount"]
    assert claimed_after_staking(given["claimed"], rate, amount) == expected["after_add"]
    assert claimed_after_unstaking(given["claimed"], rate, amount) == expected["after_remove"]


@pytest.mark.vectors("g_root_claim", "auto_claim")
def test_automatic_picks_match(given, expected):
    block_hash = bytes.fromhex(given["block_hash"])
    assert list(auto_claim_indices(block_hash, given["claims"], given["stakers"])) == expected


class Claims:
    """One hotkey, one subnet and its stakers, as a pallet would keep them."""

    def __init__(self, given):
        self.pool = Pool(**given["subnet_pool"])
        self.root_tao = given["root_tao"]
        self.threshold = I96F32.from_int(given["threshold"])
        self.owner = given["hotkey_owner"]
        self.rate = 0
        self.root, self.alpha, self.claimed = {}, {}, {}

    def stake(self, name, amount):
        self.root[name] = self.root.get(name, 0) + amount
        self.alpha.setdefault(name, 0)
        self.claimed[name] = claimed_after_staking(self.claimed.get(name, 0), self.rate, amount)

    def unstake(self, name, amount):
        self.root[name] -= amount
        self.claimed[name] = claimed_after_unstaking(self.claimed[name], self.rate, amount)

    def dividend(self, amount):
        rate = rate_after(self.rate, amount, sum(self.root.values()))
        if rate is None:
            self.alpha[self.owner] = self.alpha.get(self.owner, 0) + amount
        else:
            self.rate = rate

    def claim(self, name, kind):
        amount = payable(self.owed(name), self.threshold)
        if kind == "keep":
            self.alpha[name] += amount
        elif amount:
            swap = sell(self.pool, amount)
            self.pool = swap.pool
            self.root_tao += swap.paid_out
            self.stake(name, swap.paid_out)
        self.claimed[name] += amount

    def owed(self, name):
        return owed(self.rate, self.root[name], self.claimed[name])

    def seen(self):
        return {
            "rate_x32": self.rate,
            "root_stake": self.root,
            "alpha_stake": self.alpha,
            "claimed": self.claimed,
            "owed_x32": {name: self.owed(name) for name in self.root},
            "pool": [self.pool.tao, self.pool.alpha],
            "root_tao": self.root_tao,
        }


@pytest.mark.vectors("g_root_claim", "story")
def test_every_step_of_every_story_matches(given, expected):
    claims = Claims(given)
    for wanted in expected:
        action, *arguments = wanted["step"]
        getattr(claims, action)(*arguments)
        assert {"step": wanted["step"], **claims.seen()} == wanted


@draw(amounts, amounts, st.integers(0, 2**40))
def test_new_stake_is_owed_less_than_one_for_the_past(stake, more, rate):
    claimed = claimed_after_staking(claimed_after_staking(0, rate, stake), rate, more)
    assert 0 <= owed(rate, stake + more, claimed) < 2 * I96F32.one + 2**33


@draw(amounts, amounts.filter(bool))
def test_a_hotkeys_stakers_are_never_owed_more_than_came_in(amount, stake):
    rate = rate_after(0, min(amount, stake), stake)
    assert payable(owed(rate, stake, 0), 0) <= min(amount, stake)


@draw(st.binary(min_size=32, max_size=32), st.integers(0, 20), st.integers(1, 2**32))
def test_picks_are_in_the_list_and_ascend(block_hash, claims, stakers):
    picks = auto_claim_indices(block_hash, claims, stakers)
    assert list(picks) == sorted(set(picks))
    assert len(picks) <= claims
    assert all(0 <= pick < stakers for pick in picks)


def test_an_amount_outside_u64_is_refused():
    with pytest.raises(OutOfRange):
        rate_after(0, 2**64, 2**64)
