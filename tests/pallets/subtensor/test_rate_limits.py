"""Rate limits: the first time is free, then so many blocks must pass."""

from ganglion.pallets.subtensor.rate_limits import RateLimits, TransactionKind
from ganglion.pallets.subtensor.types import LastTxBlock, NetworkLastRegistered


def test_the_first_time_always_passes(chain):
    assert chain[RateLimits].passes(NetworkLastRegistered(), 10**9)


def test_the_limit_passes_when_exactly_so_many_blocks_are_over(chain):
    chain[RateLimits].note(NetworkLastRegistered())
    chain.advance(2)
    assert not chain[RateLimits].passes(NetworkLastRegistered(), 3)
    assert chain[RateLimits].passes(NetworkLastRegistered(), 2)


def test_keys_of_different_accounts_do_not_meet(chain, who):
    chain[RateLimits].note(LastTxBlock(who("a")))
    assert not chain[RateLimits].passes(LastTxBlock(who("a")), 5)
    assert chain[RateLimits].passes(LastTxBlock(who("b")), 5)


def test_kinds_are_limited_by_account_subnet_and_kind(chain, who):
    limits, kind = chain[RateLimits], TransactionKind.TEMPO_UPDATE
    limits.note_kind(who("a"), 1, kind)
    assert not limits.kind_passes(who("a"), 1, kind, 1)
    assert limits.kind_passes(who("a"), 2, kind, 1)
    assert limits.kind_passes(who("b"), 1, kind, 1)
    assert limits.kind_passes(who("a"), 1, TransactionKind.SET_CHILDREN, 1)
