"""What is proposed, voted for and decided is one block for everybody, and nothing else gets in."""

from __future__ import annotations

from typing import Any

import pytest

from ganglion.frame.block import PreRuntime, Seal
from ganglion.frame.call import RuntimeCall
from ganglion.frame.equivocation import DuplicateVote, Equivocation
from ganglion.node.engines.comet.decided import ENGINE_ID
from ganglion.node.errors import InvalidBlock
from ganglion.node.pool import Pool
from ganglion.pallets.aura import Aura
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.timestamp import Timestamp
from ganglion.pallets.validator_set import ValidatorSet

TAO = 10**9
CAUGHT = Equivocation(b"\x05" * 20, DuplicateVote(), 1, 1_000, 1)
COMET_HASH = b"\xcc" * 32


@pytest.fixture
def ready(clock: Any) -> Any:
    """Checks signed extrinsics as a chain's pool would."""

    def checked(chain: Any, *raws: bytes) -> Any:
        pool = Pool(chain, clock)
        for raw in raws:
            pool.submit(raw)
        found = pool.ready()
        pool.close()
        return found

    return checked


@pytest.fixture
def sign(shared_spec: Any, shared_genesis: Any, signer: Any) -> Any:
    return type(signer)(shared_spec.runtime(), shared_genesis.stored.hash)


def proposed(maker: Any, where: Any, transactions: Any = ()) -> tuple[bytes, ...]:
    made: tuple[bytes, ...] = maker.propose(where, transactions, 1 << 20, lambda: False)
    return made


def test_all_nodes_commit_the_same_block_with_the_same_hash(
    *, new_maker: Any, at: Any, step: Any, ready: Any, sign: Any, alice: Any, bob: Any
) -> None:
    (chain, first), (_, second), (_, third) = new_maker(), new_maker(), new_maker()
    step([first, second, third], at(1))
    transactions = ready(chain, sign.transfer(alice, 0, bob), sign.transfer(alice, 1, bob))
    blocks = step([third, first, second], at(2, proposer=2), transactions)
    assert len(blocks[0].transactions) == 2
    assert len({block.stored.header.state_root for block in blocks}) == 1


def test_the_digest_names_height_time_and_proposer_and_ends_with_the_hash_that_was_voted_for(
    new_maker: Any, at: Any, step: Any
) -> None:
    chain, maker = new_maker()
    where = at(1, proposer=1)
    (block,) = step([maker], where)
    slot, said, seal = block.stored.header.digest.logs
    assert said == PreRuntime(
        ENGINE_ID, (1).to_bytes(8, "little") + where.time_ns.to_bytes(8, "little") + where.proposer
    )
    assert seal == Seal(ENGINE_ID, b"\x01" * 32)
    assert slot.engine == b"aura"
    assert chain.world[Timestamp].now.get() == where.time_ms


@pytest.mark.parametrize("proposer", [0, 1, 2])
def test_the_author_of_a_block_is_who_proposed_it(new_maker: Any, at: Any, step: Any, proposer: int) -> None:
    chain, maker = new_maker()
    step([maker], at(1, proposer))
    assert chain.world[Aura].author() == chain.world[Aura].authorities.get()[proposer]


def test_a_block_is_not_executed_again_when_it_is_decided(
    new_maker: Any, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, maker = new_maker()
    made = proposed(maker, at(1))
    monkeypatch.setattr(chain, "execute", lambda *_: pytest.fail("executed once more"))
    assert maker.judge(at(1), made) is None
    maker.decide(at(1), COMET_HASH, made)
    assert maker.commit().stored.number == 1


def test_another_round_may_decide_another_block(new_maker: Any, at: Any, step: Any) -> None:
    (_, one), (chain, other) = new_maker(), new_maker()
    proposed(other, at(1, proposer=1))
    made = proposed(one, at(1, proposer=0, after_s=5))
    decided = [maker.decide(at(1, proposer=0, after_s=5), COMET_HASH, made) for maker in (one, other)]
    assert decided[0].hash == decided[1].hash
    assert one.commit().stored == other.commit().stored
    step([one, other], at(2, after_s=9))
    assert chain.head.number == 2


def reasons(new_maker: Any, where: Any, made: tuple[bytes, ...]) -> str:
    chain, judge = new_maker()
    reason = judge.judge(where, made)
    assert chain.head.number == 0
    assert judge.judge(where, proposed(new_maker()[1], where)) is None  # and the next proposal is judged well
    return str(reason)


def test_another_time_than_agreed_is_voted_against(new_maker: Any, at: Any) -> None:
    made = proposed(new_maker()[1], at(1, after_s=2))
    assert "another time" in reasons(new_maker, at(1), made)


def test_missing_or_invented_offences_are_voted_against(new_maker: Any, at: Any) -> None:
    honest = proposed(new_maker()[1], at(1))
    accusing = proposed(new_maker()[1], at(1, equivocations=(CAUGHT,)))
    assert "offences" in reasons(new_maker, at(1), accusing)
    assert "offences" in reasons(new_maker, at(1, equivocations=(CAUGHT,)), honest)


def test_proven_offences_are_on_the_chain(new_maker: Any, at: Any, step: Any) -> None:
    chain, maker = new_maker()
    step([maker, new_maker()[1]], at(1, equivocations=(CAUGHT,)))
    assert chain.world[ValidatorSet].equivocations[CAUGHT.address, 1] == CAUGHT


def test_what_is_no_block_is_voted_against(
    *, new_maker: Any, at: Any, sign: Any, alice: Any, bob: Any
) -> None:
    made = proposed(new_maker()[1], at(1))
    transfer = sign.transfer(alice, 0, bob)
    forged = transfer[:-40] + bytes(40)
    late = sign.transfer(alice, 5, bob)
    for wrong in (
        (),
        made[1:],
        (*made, b""),
        (*made, b"\x08\x84\xff"),
        (*made, made[0]),
        (*made, made[-1]),
        (transfer, *made),
        (*made, transfer, made[0]),
        (*made, forged),
        (*made, late),
        (*made, transfer, transfer),
    ):
        assert reasons(new_maker, at(1), wrong) != "None"


def test_a_proposal_for_another_height_is_voted_against(new_maker: Any, at: Any) -> None:
    made = proposed(new_maker()[1], at(1))
    assert "height 2" in str(new_maker()[1].judge(at(2), made))


def test_a_decided_block_that_breaks_the_rules_stops_the_node(new_maker: Any, at: Any) -> None:
    _, maker = new_maker()
    with pytest.raises(InvalidBlock):
        maker.decide(at(1), COMET_HASH, (b"\x00",))


def test_a_proposal_keeps_to_the_bytes_it_is_given(
    *, new_maker: Any, at: Any, ready: Any, sign: Any, alice: Any, bob: Any
) -> None:
    chain, maker = new_maker()
    transactions = ready(chain, *(sign.transfer(alice, nonce, bob) for nonce in range(50)))
    for room in (4_000, 2_000):
        made = maker.propose(at(1), transactions, room, lambda: False)
        assert room - 400 < sum(len(raw) + 5 for raw in made) <= room


def test_a_late_proposal_stops_taking_transactions(
    *, new_maker: Any, at: Any, ready: Any, sign: Any, alice: Any, bob: Any
) -> None:
    chain, maker = new_maker()
    transactions = ready(chain, *(sign.transfer(alice, nonce, bob) for nonce in range(5)))
    empty = len(proposed(maker, at(1)))
    assert len(maker.propose(at(1), transactions, 1 << 20, lambda: True)) == empty + 1


def test_who_root_admits_votes_and_who_it_dismisses_does_not(
    *, new_maker: Any, at: Any, ready: Any, sign: Any, alice: Any
) -> None:
    chain, maker = new_maker()
    runtime, fourth = chain.runtime, b"\x44" * 32
    leaving = chain.world[ValidatorSet].all()
    account, dismissed = next(iter(leaving.items()))

    def by_root(nonce: int, call: RuntimeCall) -> bytes:
        signed: bytes = sign.sign(alice, nonce, runtime.call(Sudo.sudo, call))
        return signed

    calls = (
        by_root(0, runtime.call(ValidatorSet.admit, fourth, fourth, 7)),
        by_root(1, runtime.call(ValidatorSet.dismiss, account)),
    )
    made = proposed(maker, at(1), ready(chain, *calls))
    assert maker.decide(at(1), COMET_HASH, made).updates == {fourth: 7, dismissed.key: 0}
    maker.commit()
    assert fourth in maker.powers
    assert dismissed.key not in maker.powers
    assert maker.decide(at(2), COMET_HASH, proposed(maker, at(2))).updates == {}
