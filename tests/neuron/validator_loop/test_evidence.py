import pytest
from tests.support.echo_subnet import EchoValidator

from ganglion.neuron.grading import graded
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
    ((block, scores, weights),) = evidence.weights
    assert (block, scores[address["honest"]]) == (100, 0.5)
    assert weights == subnet.weights[alice.ss58_address]
