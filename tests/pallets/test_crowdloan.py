"""Crowdloans raise money for a purpose, or give it back; their books balance whatever happens."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ganglion.frame.address import AddressId
from ganglion.frame.dispatch import BadOrigin, CallFiltered, DispatchFailed
from ganglion.frame.origin import NONE, ROOT
from ganglion.pallets.balances import Balances
from ganglion.pallets.crowdloan import Crowdloan, errors, events
from ganglion.pallets.crowdloan.pallet import funds_account
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.preimage.types import Inline, Lookup
from ganglion.pallets.system import System

TAO = 10**9
END = 60_000


@pytest.fixture
def loan(chain):
    """A chain where alice raises 100 TAO for dave, having given 10; she, bob and carol have 1,000 each."""
    for name in ("alice", "bob", "carol"):
        chain.fund(name, 1_000)
    chain.create = lambda **other: create(chain, **other)
    chain.create()
    return chain


def create(chain, by="alice", **other):
    given = {
        "deposit": 10 * TAO,
        "min_contribution": TAO,
        "cap": 100 * TAO,
        "end": END,
        "call": None,
        "target_address": chain.who("dave"),
    }
    chain.call(Crowdloan.create, by=by, **(given | other))


def give(chain, name, tao, number=0):
    chain.call(Crowdloan.contribute, number, tao * TAO, by=name)


def info(chain, number=0):
    return chain[Crowdloan].get(number)


def test_the_deposit_is_the_first_contribution(loan):
    assert info(loan).raised == 10 * TAO
    assert info(loan).contributors_count == 1
    assert loan.balance("alice") == 990 * TAO
    assert loan[Balances].free(funds_account(0)) == 10 * TAO
    assert loan.events(events.Created) == [events.Created(0, loan.who("alice"), END, 100 * TAO)]


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"deposit": 10 * TAO - 1}, errors.DepositTooLow),
        ({"cap": 10 * TAO}, errors.CapTooLow),
        ({"min_contribution": TAO // 10 - 1}, errors.MinimumContributionTooLow),
        ({"target_address": None}, errors.InvalidFinalizationConfig),
        ({"end": 1}, errors.CannotEndInPast),
        ({"end": 50_400}, errors.BlockDurationTooShort),
        ({"end": 432_002}, errors.BlockDurationTooLong),
        ({"deposit": 5_000 * TAO, "cap": 6_000 * TAO}, errors.InsufficientBalance),
    ],
)
def test_bad_terms_are_refused(loan, other, error):
    with loan.refuses(error):
        loan.create(**other)


def test_a_call_and_a_target_are_too_much(loan):
    with loan.refuses(errors.InvalidFinalizationConfig):
        loan.create(call=loan.runtime.call(System.remark, b""))


def test_contributions_add_up_to_the_cap_and_no_further(loan):
    give(loan, "bob", 30)
    give(loan, "bob", 10)
    give(loan, "carol", 500)
    assert loan[Crowdloan].contributions[0, loan.who("bob")] == 40 * TAO
    assert loan[Crowdloan].contributions[0, loan.who("carol")] == 50 * TAO
    assert (info(loan).raised, info(loan).contributors_count) == (100 * TAO, 3)
    with loan.refuses(errors.CapRaised):
        give(loan, "bob", 1)


def test_contributions_that_are_not_taken_change_nothing(loan):
    with loan.refuses(errors.ContributionTooLow):
        loan.call(Crowdloan.contribute, 0, TAO - 1, by="bob")
    with loan.refuses(errors.InvalidCrowdloanId):
        give(loan, "bob", 1, number=7)
    with loan.refuses(errors.InsufficientBalance):
        give(loan, "poor", 1)
    loan[System].number.set(END)
    with loan.refuses(errors.ContributionPeriodEnded):
        give(loan, "bob", 1)


def test_nobody_gives_more_than_the_creator_allows(loan):
    loan.call(Crowdloan.set_max_contribution, 0, 20 * TAO, by="alice")
    give(loan, "bob", 50)
    assert loan[Crowdloan].contributions[0, loan.who("bob")] == 20 * TAO
    with loan.refuses(errors.MaxContributionReached):
        give(loan, "bob", 1)
    with loan.refuses(errors.MaximumContributionTooLow):
        loan.call(Crowdloan.set_max_contribution, 0, 10 * TAO - 1, by="alice")
    with loan.refuses(errors.MinimumContributionTooHigh):
        loan.call(Crowdloan.update_min_contribution, 0, 20 * TAO + 1, by="alice")
    loan.call(Crowdloan.set_max_contribution, 0, None, by="alice")
    give(loan, "bob", 1)


def test_there_are_no_more_contributors_than_may_be(loan):
    loan[Crowdloan].crowdloans[0] = type(info(loan))(
        **{
            **{name: getattr(info(loan), name) for name in info(loan).__dataclass_fields__},
            "contributors_count": 500,
        }
    )
    with loan.refuses(errors.MaxContributorsReached):
        give(loan, "bob", 1)


def test_a_contributor_gets_everything_back_and_the_creator_what_exceeds_the_deposit(loan):
    give(loan, "bob", 30)
    give(loan, "alice", 5)
    loan.call(Crowdloan.withdraw, 0, by="bob")
    loan.call(Crowdloan.withdraw, 0, by="alice")
    assert (loan.balance("bob"), loan.balance("alice")) == (1_000 * TAO, 990 * TAO)
    assert (info(loan).raised, info(loan).contributors_count) == (10 * TAO, 1)
    with loan.refuses(errors.DepositCannotBeWithdrawn):
        loan.call(Crowdloan.withdraw, 0, by="alice")
    with loan.refuses(errors.NoContribution):
        loan.call(Crowdloan.withdraw, 0, by="bob")


def test_what_was_raised_goes_to_the_target(loan):
    give(loan, "bob", 90)
    loan.call(Crowdloan.finalize, 0, by="alice")
    assert loan.balance("dave") == 100 * TAO
    assert info(loan).finalized
    loan.advance()
    for function in (Crowdloan.finalize, Crowdloan.withdraw, Crowdloan.refund, Crowdloan.dissolve):
        with loan.refuses(errors.AlreadyFinalized):
            loan.call(function, 0, by="alice")


def test_only_a_full_crowdloan_is_finalized(loan):
    with loan.refuses(errors.CapNotRaised):
        loan.call(Crowdloan.finalize, 0, by="alice")


def spend(chain, rao, number=1):
    """A call that pays out of a crowdloan's account, as only root can."""
    return chain.runtime.call(
        Balances.force_transfer, AddressId(funds_account(number)), AddressId(chain.who("dave")), rao
    )


def test_a_call_that_leaves_the_money_is_refused(loan):
    remark = loan.runtime.call(System.remark, b"nothing")
    loan.create(call=remark, target_address=None)
    give(loan, "bob", 90, number=1)
    with loan.refuses(errors.FundsNotSettled):
        loan.call(Crowdloan.finalize, 1, by="alice")


def test_a_call_that_fails_leaves_the_crowdloan_open(loan):
    loan.create(call=spend(loan, 100 * TAO), target_address=None)
    give(loan, "bob", 90, number=1)
    with loan.refuses(BadOrigin):
        loan.call(Crowdloan.finalize, 1, by="alice")


def test_the_call_keeps_the_restrictions_of_who_finalizes(loan):
    loan.create(call=loan.runtime.call(System.remark, b""), target_address=None)
    give(loan, "bob", 90, number=1)
    restricted = loan.signed("alice").restricted(lambda call: call.pallet == "Crowdloan")
    with loan.refuses(CallFiltered):
        loan.call(Crowdloan.finalize, 1, by=restricted)


def test_the_call_may_not_finalize_another_crowdloan(loan):
    give(loan, "bob", 90)
    loan.create(call=loan.runtime.call(Crowdloan.finalize, 0), target_address=None)
    give(loan, "carol", 90, number=1)
    with loan.refuses(errors.AlreadyFinalizing):
        loan.call(Crowdloan.finalize, 1, by="alice")


def test_a_long_call_lies_among_the_preimages_until_the_crowdloan_is_dissolved(loan):
    loan.create(call=loan.runtime.call(System.remark, bytes(10)), target_address=None)
    assert isinstance(info(loan, 1).call, Inline)
    loan.create(call=loan.runtime.call(System.remark, bytes(200)), target_address=None)
    kept = info(loan, 2).call
    assert isinstance(kept, Lookup)
    assert loan[Preimage].peek(kept) == loan.runtime.call(System.remark, bytes(200))
    loan.call(Crowdloan.dissolve, 2, by="alice")
    assert loan[Preimage].peek(kept) is None
    assert not list(loan[Preimage].request_status_for.keys())


def test_without_its_call_a_crowdloan_cannot_be_finalized(loan):
    loan.create(call=loan.runtime.call(System.remark, bytes(200)), target_address=None)
    give(loan, "bob", 90, number=1)
    loan[Preimage].drop(info(loan, 1).call)
    with loan.refuses(errors.CallUnavailable):
        loan.call(Crowdloan.finalize, 1, by="alice")


def test_refunding_takes_several_calls_for_many_contributors(loan):
    for index in range(51):
        loan.fund(f"giver {index}", 2)
        give(loan, f"giver {index}", 1)
    loan.call(Crowdloan.refund, 0, by="alice")
    assert loan.events(events.PartiallyRefunded) and not loan.events(events.AllRefunded)
    assert (info(loan).contributors_count, info(loan).raised) == (2, 11 * TAO)
    with loan.refuses(errors.NotReadyToDissolve):
        loan.call(Crowdloan.dissolve, 0, by="alice")
    loan.call(Crowdloan.refund, 0, by="alice")
    assert loan.events(events.AllRefunded)
    assert {loan.balance(f"giver {index}") for index in range(51)} == {2 * TAO}


def test_dissolving_leaves_nothing(loan):
    loan.call(Crowdloan.set_max_contribution, 0, 20 * TAO, by="alice")
    loan.call(Crowdloan.dissolve, 0, by="alice")
    assert loan.balance("alice") == 1_000 * TAO
    assert funds_account(0) not in loan[System].account
    pallet = loan[Crowdloan]
    assert not [*pallet.crowdloans.keys(), *pallet.contributions.keys(), *pallet.max_contributions.keys()]
    assert pallet.next_crowdloan_id.get() == 1


def test_terms_are_changed_within_their_bounds(loan):
    loan.call(Crowdloan.update_cap, 0, 200 * TAO, by="alice")
    loan.call(Crowdloan.update_end, 0, END + 1, by="alice")
    loan.call(Crowdloan.update_min_contribution, 0, 2 * TAO, by="alice")
    assert (info(loan).cap, info(loan).end, info(loan).min_contribution) == (200 * TAO, END + 1, 2 * TAO)
    with loan.refuses(errors.CapTooLow):
        loan.call(Crowdloan.update_cap, 0, 200 * TAO - 1, by="alice")
    with loan.refuses(errors.BlockDurationTooShort):
        loan.call(Crowdloan.update_end, 0, 100, by="alice")
    with loan.refuses(errors.MinimumContributionTooLow):
        loan.call(Crowdloan.update_min_contribution, 0, 1, by="alice")


CREATORS_CALLS = [
    (Crowdloan.finalize, ()),
    (Crowdloan.refund, ()),
    (Crowdloan.dissolve, ()),
    (Crowdloan.update_min_contribution, (2 * TAO,)),
    (Crowdloan.update_end, (END,)),
    (Crowdloan.update_cap, (100 * TAO,)),
    (Crowdloan.set_max_contribution, (None,)),
]


@pytest.mark.parametrize(("function", "args"), CREATORS_CALLS)
def test_what_the_creator_may_do_is_refused_to_others(loan, function, args):
    with loan.refuses(errors.InvalidOrigin):
        loan.call(function, 0, *args, by="bob")
    for origin in (NONE, ROOT):
        with loan.refuses(BadOrigin):
            loan.call(function, 0, *args, by=origin)


def test_the_account_of_a_crowdloan_is_derived_from_its_number():
    assert funds_account(258) == b"modlbt/cloan\x02\x01" + bytes(18)


NAMES = ("alice", "bob", "carol")


@pytest.fixture
def crowdloans(make_chain):
    """A class of machines on chains of their own."""

    class Crowdloans(RuleBasedStateMachine):
        """Random calls, good and bad, on up to a few crowdloans."""

        @initialize()
        def begin(self):
            self.chain = make_chain()
            for name in NAMES:
                self.chain.fund(name, 1_000)
            self.issued = self.chain[Balances].total_issuance.get()

        def attempt(self, function, *args, by):
            try:
                self.chain.call(function, *args, by=by)
            except DispatchFailed:
                return

        @rule(by=st.sampled_from(NAMES), cap=st.integers(10, 60), short=st.booleans())
        def create(self, by, cap, short):
            target = self.chain.who("target")
            call = None if short else self.chain.runtime.call(System.remark, bytes(200))
            args = (10 * TAO, TAO, cap * TAO, 60_000, call, target if short else None)
            self.attempt(Crowdloan.create, *args, by=by)

        @rule(by=st.sampled_from(NAMES), number=st.integers(0, 3), rao=st.integers(0, 80 * TAO))
        def contribute(self, by, number, rao):
            self.attempt(Crowdloan.contribute, number, rao, by=by)

        @rule(
            by=st.sampled_from(NAMES),
            number=st.integers(0, 3),
            function=st.sampled_from(
                [Crowdloan.withdraw, Crowdloan.finalize, Crowdloan.refund, Crowdloan.dissolve]
            ),
        )
        def end(self, by, number, function):
            self.attempt(function, number, by=by)

        @rule(by=st.sampled_from(NAMES), number=st.integers(0, 3), rao=st.integers(0, 80 * TAO))
        def limit(self, by, number, rao):
            self.attempt(Crowdloan.set_max_contribution, number, rao or None, by=by)
            self.attempt(Crowdloan.update_cap, number, rao, by=by)

        @invariant()
        def nothing_is_lost(self):
            if not hasattr(self, "chain"):
                return
            self.chain.world.try_state()
            assert self.chain[Balances].total_issuance.get() == self.issued

    return Crowdloans


def test_the_books_balance_after_every_call(crowdloans):
    run_state_machine_as_test(
        crowdloans, settings=settings(max_examples=25, stateful_step_count=40, deadline=None)
    )
