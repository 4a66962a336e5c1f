import pytest
from tests.support.echo_subnet import EchoValidator

from ganglion.neuron.grading import graded
from ganglion.neuron.protocols import Endpoint, Weights
from ganglion.neuron.rounds import GradedRound
from ganglion.neuron.validator import Truth


async def test_the_evidence_of_a_round_is_enough_to_grade_it_again(validator, subnet, echo, evidence):

    await validator().step()
    kept = GradedRound.model_validate_json(evidence.rounds[0].model_dump_json())
    assert kept == evidence.rounds[0]
    assert [case.exchange.is_signed for case in kept.round.asked] == [True, True, False]
    again = graded(EchoValidator(), kept.round, Truth(kept.prices))
    assert tuple((grade.quality, grade.score) for grade in again) == kept.grades
    assert len(kept.registered) == 4


async def test_grades_without_evidence_do_not_count(validator, subnet, evidence):
    evidence.full = True
    loop = validator()
    with pytest.raises(OSError, match="disk full"):
        await loop.step()
    assert loop.state.scores == {}


async def test_the_scores_behind_weights_are_evidence_too(validator, subnet, evidence, alice, address):
    await validator().step()
    (weighing,) = evidence.weighings
    assert (weighing.block, weighing.scores[address["honest"]]) == (100, 0.5)
    assert Weights(weighing.uids, weighing.values) == subnet.weights[alice.ss58_address]


async def test_what_is_kept_is_committed_once_the_weights_are_set(validator, subnet, alice):
    await validator().step()
    assert subnet.commitments[alice.ss58_address] == (100).to_bytes(32, "big")


async def test_weights_stand_without_a_commitment(validator, subnet, alice, caplog):
    subnet.commitment_refusal = "SpaceLimitExceeded"
    loop = validator()
    await loop.step()
    assert loop.state.weights_block == 100
    assert "committed=no" in caplog.text


async def test_rounds_which_cannot_be_graded_are_told(validator, subnet, evidence, echo):
    echo.grades = lambda cases, truth: []
    await validator().step()
    assert evidence.lost_rounds == [(1, "0 grades for 3 cases")]
    assert [asked.number for asked in evidence.asked_rounds] == [1]


async def test_the_scores_of_every_start_are_told(validator, subnet, evidence, address):
    await validator().step()
    validator()
    assert [start.get(address["honest"]) for start in evidence.starts] == [None, 0.5]


async def test_where_evidence_is_told_is_published_once(validator, subnet, alice, ledger):
    loop = validator(evidence_at=Endpoint("10.0.0.7", 80))
    await loop.step()
    own = ledger.metagraph().by_hotkey(alice.ss58_address)
    assert (own.axon, own.evidence) == (None, Endpoint("10.0.0.7", 80))
