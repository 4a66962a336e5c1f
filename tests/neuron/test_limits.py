import pytest

from ganglion.neuron.access import AccessLists
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.miner import Caller


@pytest.fixture
def lists(tmp_path, alice, bob):
    """Alice is whitelisted, bob is both."""
    for name, keys in (("black", [bob]), ("white", [alice, bob])):
        (tmp_path / name).write_text("\n".join(key.ss58_address for key in keys))
    return AccessLists(tmp_path / "black", tmp_path / "white")


def test_before_the_first_metagraph_nobody_is_admitted():
    assert Admission(min_stake_rao=0).caller("anybody") is None


def test_permitted_or_staked_neurons_are_admitted_and_others_are_not(ledger):
    ledger.register("permitted", permit=True)
    ledger.register("staked", stake_rao=10)
    ledger.register("miner", stake_rao=9)
    admission = Admission(min_stake_rao=10)
    admission.update(ledger.metagraph())
    assert admission.caller("permitted") == Caller("permitted", 0, validator_permit=True)
    assert admission.caller("staked") == Caller("staked", 10, validator_permit=False)
    assert admission.caller("miner") is None
    assert admission.caller("stranger") is None


def test_the_whitelist_admits_strangers_and_the_blacklist_goes_before_all(ledger, lists, alice, bob):
    ledger.register(bob.ss58_address, permit=True, stake_rao=10)
    admission = Admission(min_stake_rao=1, lists=lists)
    admission.update(ledger.metagraph())
    assert admission.caller(alice.ss58_address) == Caller(alice.ss58_address, 0, validator_permit=False)
    assert admission.caller(bob.ss58_address) is None


def test_a_changed_list_counts_from_the_next_metagraph_on(ledger, lists, tmp_path, alice):
    admission = Admission(min_stake_rao=1, lists=lists)
    (tmp_path / "white").write_text("")
    assert admission.caller(alice.ss58_address)
    admission.update(ledger.metagraph())
    assert admission.caller(alice.ss58_address) is None


def test_a_deregistered_caller_is_refused_from_the_next_metagraph_on(ledger):
    ledger.register("gone", permit=True)
    admission = Admission(min_stake_rao=0)
    admission.update(ledger.metagraph())
    ledger.neurons.clear()
    admission.update(ledger.metagraph())
    assert admission.caller("gone") is None


def test_a_caller_spends_its_burst_and_regains_it_with_time(clock):
    limit = CallerLimit(clock, per_second=2, burst=3)
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False]
    clock.advance(1)
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]


def test_callers_do_not_spend_each_others_tokens(clock):
    limit = CallerLimit(clock, per_second=1, burst=1)
    assert limit.allows("a") and limit.allows("b") and not limit.allows("a")


def test_waiting_long_gives_no_more_than_the_burst(clock):
    limit = CallerLimit(clock, per_second=1, burst=2)
    clock.advance(1000)
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
