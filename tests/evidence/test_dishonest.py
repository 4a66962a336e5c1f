"""Each way of cheating, done by a validator at work, and the difference which names it."""

import json
from dataclasses import replace

import pytest
from tests.support.audited_subnet import OpenEchoValidator
from tests.support.echo_subnet import Number, lying, silent

from ganglion.evidence.log import EvidenceLog
from ganglion.evidence.merkle import leaf_hash, proven_root, root_of
from ganglion.evidence.records import SignedHead
from ganglion.neuron.protocols import Weights
from ganglion.neuron.validator import Challenge, Grade


def named(report, kind):
    return [found for found in report.differences if found.kind == kind]


def uids(found):
    return {each.uid for each in found}


@pytest.fixture
def friend_is_bad(world):
    world.wire.miners[1] = (world.wire.miners[1][0], lying)
    return world


async def test_weight_shifted_to_a_friend_on_the_chain_is_named_with_uid_and_both_weights(friend_is_bad):
    world = friend_is_bad
    chain = world.ledger.of(world.hotkey)
    accepted = chain.set_weights

    async def shifted(netuid, weights, version_key):
        values = dict(zip(weights.uids, weights.values, strict=True)) | {world.uid("friend"): 65535}
        row = sorted(values.items())
        await accepted(netuid, Weights(*map(tuple, zip(*row, strict=True))), version_key)

    chain.set_weights = shifted
    await world.validate(chain=chain)
    report = await world.audit()
    assert {found.kind for found in report.differences} == {"chain"}
    newest = named(report, "chain")[0]
    assert (newest.uid, newest.hotkey) == (world.uid("friend"), world.miners["friend"])
    assert "weight 65535 on the chain" in newest.text
    assert "0 by the evidence" in newest.text


async def test_weights_set_once_more_behind_the_log_are_named(world):
    await world.validate()
    await world.ledger.of(world.hotkey).set_weights(1, Weights((1,), (65535,)), 0)
    report = await world.audit()
    assert uids(named(report, "chain")) == {world.uid("rival"), world.uid("third")}


async def test_wrong_weights_in_the_log_are_named(friend_is_bad):
    world = friend_is_bad

    class Generous(EvidenceLog):
        def weighing(self, weighing):
            uids, values = (*weighing.uids, 1), (*weighing.values, 65535)
            super().weighing(weighing.model_copy(update={"uids": uids, "values": values}))

    await world.validate(log=world.log(Generous))
    assert uids(named(await world.audit(), "weights")) == {world.uid("friend")}


async def test_a_false_grade_is_named_with_what_the_answer_is_worth(friend_is_bad):
    world = friend_is_bad

    class Kind(OpenEchoValidator):
        def grades(self, cases, truth):
            return [Grade(1.0, 1.0) for _ in cases]

    await world.validate(validator=Kind())
    found = named(await world.audit(), "grade")
    assert uids(found) == {world.uid("friend")}
    assert [each.place.round for each in found] == [1, 2, 3]
    assert "worth 0 and 0" in found[0].text


async def test_false_moving_scores_are_named(friend_is_bad):
    world = friend_is_bad
    loop = world.loop()
    await loop.step()
    friend = world.miners["friend"]
    loop.state = loop.state.model_copy(update={"scores": {**loop.state.scores, friend: 1.0}})
    await loop.step()
    report = await world.audit()
    assert uids(named(report, "scores")) == {world.uid("friend")}
    assert uids(named(report, "chain")) >= {world.uid("friend")}


async def test_a_rival_which_is_not_asked_is_named(world):
    class Blind(OpenEchoValidator):
        pass

    chain = world.ledger.of(world.hotkey)
    seen = chain.metagraph

    async def without_rival(netuid):
        graph = await seen(netuid)
        return replace(graph, neurons=tuple(n for n in graph.neurons if n.hotkey != world.miners["rival"]))

    chain.metagraph = without_rival
    await world.validate(chain=chain, validator=Blind())
    report = await world.audit()
    assert uids(named(report, "omission")) == {world.uid("rival")}
    assert uids(named(report, "scores")) == {world.uid("rival")}  # counted as gone, and is registered
    assert "was not asked" in named(report, "omission")[0].text


async def test_a_rivals_answer_which_is_dropped_from_the_log_is_named(world):
    rival = world.miners["rival"]

    class Dropping(EvidenceLog):
        def asked(self, asked):
            left = tuple(each for each in asked.asked if each.hotkey != rival)
            super().asked(asked.model_copy(update={"asked": left}))

    await world.validate(log=world.log(Dropping))
    report = await world.audit()
    assert uids(named(report, "omission")) == {world.uid("rival")}
    assert len(named(report, "omission")) == 3


async def test_a_round_which_is_left_out_is_named(world):
    class Choosy(EvidenceLog):
        def asked(self, asked):
            if asked.number == 2:
                self._last_round = 2
            else:
                super().asked(asked)

        def record(self, graded):
            if graded.round.number != 2:
                super().record(graded)

    await world.validate(log=world.log(Choosy))
    assert "rounds 2 to 2 are not in the log" in named(await world.audit(), "omission")[0].text


async def test_a_round_which_is_asked_and_never_graded_is_named(world):
    class Forgetful(EvidenceLog):
        def record(self, graded):
            if graded.round.number != 1:
                super().record(graded)

    await world.validate(rounds=8, log=world.log(Forgetful))
    (found,) = named(await world.audit(), "omission")
    assert (found.place.round, found.text) == (1, "the round was asked and never graded")


async def test_an_answer_put_into_a_miners_mouth_is_named(friend_is_bad):
    world = friend_is_bad
    friend = world.miners["friend"]

    class Forging(EvidenceLog):
        def asked(self, asked):
            super().asked(
                asked.model_copy(update={"asked": tuple(self._better(each) for each in asked.asked)})
            )

        def _better(self, each):
            if each.hotkey != friend:
                return each
            return each.model_copy(
                update={"exchange": each.exchange.model_copy(update={"body": each.exchange.request})}
            )

    await world.validate(log=world.log(Forging))
    found = named(await world.audit(), "answer")
    assert uids(found) == {world.uid("friend")}
    assert "forged" in found[0].text


async def test_an_answer_called_malformed_which_is_not_is_named(world):
    rival = world.miners["rival"]

    class Slandering(EvidenceLog):
        def asked(self, asked):
            changed = [
                each.model_copy(update={"outcome": "malformed"}) if each.hotkey == rival else each
                for each in asked.asked
            ]
            super().asked(asked.model_copy(update={"asked": tuple(changed)}))

    await world.validate(log=world.log(Slandering))
    found = named(await world.audit(), "answer")
    assert (uids(found), found[0].text) == ({world.uid("rival")}, "logged as 'malformed', and is 'ok'")


async def test_a_log_rewritten_after_its_commitment_is_named(world):
    await world.validate()
    lines = [json.loads(line) for line in world.files.lines(2)]
    for line in lines:
        if line["kind"] == "graded":
            line["scores"][world.miners["friend"]] = 1.0
    written = [json.dumps(line, separators=(",", ":")).encode() for line in lines]
    world.files.records(2).write_bytes(b"".join(line + b"\n" for line in written))
    assert named(await world.audit(), "root")

    signed = world.files.signed_head(2)
    root = root_of([leaf_hash(line) for line in written]).hex()
    forged = SignedHead.of(signed.parsed().model_copy(update={"root": root}), world.key)
    world.files.head(2).write_text(forged.model_dump_json())
    report = await world.audit()
    assert not named(report, "root")
    assert "no head of this log" in named(report, "commitment")[0].text


async def test_an_older_segment_rewritten_breaks_the_chain_of_heads(world):
    await world.validate()
    signed = world.files.signed_head(1)
    forged = SignedHead.of(signed.parsed().model_copy(update={"last_block": 99}), world.key)
    world.files.head(1).write_text(forged.model_dump_json())
    assert "does not name the head before" in named(await world.audit(), "order")[0].text


async def test_a_log_which_is_never_committed_is_named(world):
    chain = world.ledger.of(world.hotkey)

    async def nothing(*_):
        return None

    chain.commit = nothing
    await world.validate(chain=chain)
    assert [found.place.segment for found in named(await world.audit(), "commitment")] == [0, 1, 2]


async def test_a_log_which_somebody_else_signed_is_named(world, keys):
    await world.validate()
    signed = world.files.signed_head(1)
    world.files.head(1).write_text(SignedHead.of(signed.parsed(), keys["rival"]).model_dump_json())
    assert [found.place.segment for found in named(await world.audit(), "signature")] == [1]


async def test_a_question_which_the_friend_knows_already_is_named(world):
    friend = world.miners["friend"]

    class Repeating(OpenEchoValidator):
        open_draws = False

        def challenges(self, miners, draw):
            drawn = super().challenges(miners, draw)
            old = Challenge(Number(number=4711), Number(number=4711))
            return [old if m.hotkey == friend else c for m, c in zip(miners, drawn, strict=True)]

    class Closed(OpenEchoValidator):
        open_draws = False

    await world.validate(validator=Repeating())
    found = named(await world.audit(validator=Closed), "question")
    assert (uids(found), [each.place.round for each in found]) == ({world.uid("friend")}, [2, 3])
    assert "got the question of round 1 again" in found[0].text


async def test_a_question_made_for_the_friend_and_not_drawn_is_named(world):
    friend = world.miners["friend"]

    class Tailoring(OpenEchoValidator):
        def challenges(self, miners, draw):
            drawn = super().challenges(miners, draw)
            easy = Challenge(Number(number=draw.round), Number(number=draw.round))
            return [easy if m.hotkey == friend else c for m, c in zip(miners, drawn, strict=True)]

    await world.validate(validator=Tailoring())
    found = named(await world.audit(), "question")
    assert uids(found) == {world.uid("friend")}
    assert "was asked something else than the draw gives" in found[0].text


async def test_a_seed_chosen_after_it_was_committed_is_named(world):
    class Rolling(EvidenceLog):
        def _drawn_from(self, segment):
            drawn = super()._drawn_from(segment)
            return drawn[::-1] if segment == self._segment == 1 else drawn

    await world.validate(log=world.log(Rolling))
    found = named(await world.audit(), "question")
    assert "another seed than was committed" in found[0].text


async def test_what_is_said_of_an_answer_that_never_came_cannot_be_checked_but_is_counted(world):
    world.wire.miners[2] = (world.wire.miners[2][0], silent)
    await world.validate()
    report = await world.audit()
    assert report.differences == ()
    assert {heard.uid: heard.answered for heard in report.miners}[world.uid("rival")] == 0


async def test_a_difference_in_a_record_can_be_shown_to_others_with_its_proof(friend_is_bad):
    world = friend_is_bad

    class Kind(OpenEchoValidator):
        def grades(self, cases, truth):
            return [Grade(1.0, 1.0) for _ in cases]

    await world.validate(validator=Kind())
    found = named(await world.audit(), "grade")[0]
    head = world.files.signed_head(found.place.segment).parsed()
    record = list(world.files.lines(found.place.segment))[found.place.record]
    proof = [bytes.fromhex(step) for step in found.proof]
    assert proven_root(leaf_hash(record), found.place.record, head.count, proof).hex() == head.root
