"""What holds for every epoch."""

import tracemalloc
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.fixed import I32F32
from ganglion.yuma import EpochInput, Hyperparameters, Rows, run_epoch
from ganglion.yuma.case import outcome_to_json


def permuted(rows, order):
    """Rows with uid i renamed to order[i], each again in uid order."""
    moved = [[] for _ in order]
    for uid, row in enumerate(rows.to_lists()):
        moved[order[uid]] = sorted((order[target], value) for target, value in row)
    return Rows.of("rows", moved)


def renamed(values, order):
    moved = list(values)
    for uid, value in enumerate(values):
        moved[order[uid]] = value
    return moved


@settings(max_examples=1200, deadline=None)
@given(data=st.data())
def test_no_epoch_crashes_and_pay_never_exceeds_the_emission(epochs, data):
    epoch = data.draw(epochs)
    outcome = run_epoch(epoch)
    paid = sum(outcome.server_emission.tolist()) + sum(outcome.validator_emission.tolist())
    assert paid <= epoch.rao_emission
    assert all(
        len(getattr(outcome, name)) == epoch.n for name in ("active", "consensus", "emission", "stake")
    )
    assert outcome.bonds.count == epoch.n


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_renaming_uids_renames_the_outcome(agreeable_epochs, data):
    epoch = data.draw(agreeable_epochs)
    order = data.draw(st.permutations(range(epoch.n)))
    moved = replace(
        epoch,
        stake=renamed(epoch.stake, order),
        weights=permuted(epoch.weights, order),
        bonds=permuted(epoch.bonds, order),
    )
    expected, found = outcome_to_json(run_epoch(epoch)), outcome_to_json(run_epoch(moved))
    bonds = permuted(Rows.of("bonds", expected.pop("bonds")), order)
    assert [sorted(map(tuple, row)) for row in found.pop("bonds")] == bonds.to_lists()
    assert found == {name: renamed(values, order) for name, values in expected.items()}


@settings(max_examples=200, deadline=None)
@given(data=st.data(), factor=st.integers(2, 1000))
def test_multiplying_all_stakes_changes_nothing(agreeable_epochs, data, factor):
    epoch = data.draw(agreeable_epochs)
    scaled = replace(epoch, stake=[factor * raw for raw in epoch.stake])
    before, after = outcome_to_json(run_epoch(epoch)), outcome_to_json(run_epoch(scaled))
    assert after.pop("stake") == [factor * rao for rao in before.pop("stake")]
    assert after == before


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_incentive_and_dividends_sum_to_one_less_a_unit_per_uid(epochs, data):
    epoch = data.draw(epochs)
    outcome = run_epoch(epoch)
    for values in (outcome.incentive, outcome.dividends):
        total = int(values.sum(dtype=np.uint64))
        assert total == 0 or 65535 - 2 * epoch.n <= total <= 65535


def test_memory_grows_with_the_entries_not_with_the_square_of_the_uids():
    n, votes = 2**15, [[uid, 1] for uid in range(1000, 1004)]
    rows = Rows.of("rows", [votes] * 64 + [[]] * (n - 64))
    epoch = replace(
        contested(1, 1, (1,) * (n - 2), (1,) * (n - 2)),
        stake=[1 << 64] * 64 + [0] * (n - 64),
        weights=rows,
        bonds=rows,
        validator_permit=np.arange(n) < 64,
    )
    tracemalloc.start()
    outcome = run_epoch(epoch)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.incentive[1000:1004].tolist() == [16383] * 4
    assert peak < 500 * n


def contested(honest_stake, cabal_stake, honest_votes, cabal_votes):
    """Uid 0 is honest, uid 1 the cabal; both vote on the miners behind them. kappa is one half."""
    n = 2 + len(honest_votes)
    votes = [list(enumerate(row, start=2)) for row in (honest_votes, cabal_votes)]
    return EpochInput(
        n=n,
        current_block=1000,
        last_step_block=899,
        rao_emission=10**9,
        hyperparameters=Hyperparameters(
            tempo=100,
            activity_cutoff=5000,
            stake_threshold=0,
            max_allowed_validators=2,
            kappa=32767,
            bonds_penalty=65535,
            bonds_moving_average=900_000,
        ),
        stake=[honest_stake << 64, cabal_stake << 64, *[0] * len(honest_votes)],
        last_update=np.full(n, 990, dtype=np.uint64),
        block_at_registration=np.full(n, 10, dtype=np.uint64),
        validator_permit=np.array([True, True, *[False] * len(honest_votes)]),
        weights=Rows.of("weights", votes + [[]] * len(honest_votes)),
        bonds=Rows.empty(n),
    )


@settings(max_examples=300, deadline=None)
@given(
    votes=st.lists(st.tuples(st.integers(1, 65535), st.integers(0, 65535)), min_size=2, max_size=6),
    stake=st.integers(1, 10**15).flatmap(
        lambda rao: st.tuples(st.just(rao), st.integers(0, rao * 99 // 100))
    ),
)
def test_a_minority_never_moves_the_consensus_nor_gains_more_than_its_silence_costs(votes, stake):
    honest_votes, cabal_votes = zip(*votes, strict=True)
    honest_stake, cabal_stake = stake
    seen = {}
    epoch = contested(honest_stake, cabal_stake, honest_votes, cabal_votes)
    run_epoch(epoch, observe=lambda name, value: seen.update({name: value}))
    honest = seen["weights"].values[: len(honest_votes)].tolist()
    assert seen["consensus"][2:].tolist() == honest
    # I_j <= C_j / (honest share of the stake), up to a unit of rounding for each division.
    share = int(seen["active_stake"][0])
    for incentive, consensus in zip(seen["incentive"][2:].tolist(), honest, strict=True):
        assert incentive * share // I32F32.one <= consensus + 4 * len(votes)
