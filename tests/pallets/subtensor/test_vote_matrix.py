"""Rows of votes and bonds."""

from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.yuma import Rows


def test_rows_are_read_by_uid_and_missing_ones_are_empty(chain):
    votes = chain[VoteMatrix]
    votes.weights[1, 2] = ((0, 65_535), (1, 7))
    assert votes.weight_rows(1, 3).to_lists() == [[], [], [(0, 65_535), (1, 7)]]


def test_rows_of_uids_that_are_gone_are_not_read(chain):
    votes = chain[VoteMatrix]
    votes.bonds[1, 5] = ((0, 1),)
    assert votes.bond_rows(1, 3).to_lists() == [[], [], []]


def test_stored_bonds_replace_what_was_there(chain):
    votes = chain[VoteMatrix]
    votes.bonds[1, 0] = ((1, 9),)
    votes.store_bonds(1, Rows.of("bonds", [[], [(0, 3)]]))
    assert (votes.bonds[1, 0], votes.bonds[1, 1]) == ((), ((0, 3),))


def test_a_forgotten_uid_has_no_rows_and_others_votes_for_it_are_zero_not_missing(chain):
    votes = chain[VoteMatrix]
    votes.weights[1, 0] = ((1, 5), (2, 65_535))
    votes.weights[1, 1] = ((2, 65_535),)
    votes.bonds[1, 1] = ((2, 4),)
    votes.forget_uid(1, 1)
    assert votes.weights[1, 0] == ((1, 0), (2, 65_535))
    assert (1, 1) not in votes.weights
    assert (1, 1) not in votes.bonds


def test_clearing_a_mechanism_leaves_the_others(chain):
    votes = chain[VoteMatrix]
    votes.weights[1, 0] = votes.weights[4_097, 0] = ((1, 65_535),)
    votes.clear(4_097)
    assert votes.weights[1, 0] == ((1, 65_535),)
    assert votes.weights[4_097, 0] == ()
