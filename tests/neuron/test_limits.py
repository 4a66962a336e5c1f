from ganglion.neuron.limits import Admission, CallerLimit


def test_before_the_first_metagraph_nobody_is_admitted():
    assert not Admission(min_stake_rao=0).admits("anybody")


def test_permitted_or_staked_neurons_are_admitted_and_others_are_not(ledger):
    ledger.register("permitted", permit=True)
    ledger.register("staked", stake_rao=10)
    ledger.register("miner", stake_rao=9)
    admission = Admission(min_stake_rao=10)
    admission.update(ledger.metagraph())
    assert [admission.admits(who) for who in ("permitted", "staked", "miner", "stranger")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_blacklisted_neuron_is_refused_whatever_it_holds(ledger):
    ledger.register("banned", stake_rao=10, permit=True)
    admission = Admission(min_stake_rao=0, blacklist=frozenset({"banned"}))
    admission.update(ledger.metagraph())
    assert not admission.admits("banned")


def test_a_deregistered_caller_is_refused_from_the_next_metagraph_on(ledger):
    ledger.register("gone", permit=True)
    admission = Admission(min_stake_rao=0)
    admission.update(ledger.metagraph())
    ledger.neurons.clear()
    admission.update(ledger.metagraph())
    assert not admission.admits("gone")


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
