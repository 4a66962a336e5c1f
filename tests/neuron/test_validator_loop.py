from dataclasses import dataclass, replace

import pytest
from pydantic import BaseModel

from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.client import Client
from ganglion.neuron.errors import ChainUnavailable, CheckpointInvalid, PeerTooSlow
from ganglion.neuron.protocols import Endpoint, Response
from ganglion.neuron.report import RoundScored, WeightsSet
from ganglion.neuron.validator_loop import Grade, ValidatorLoop, ValidatorSettings, weights_due

UNGRADABLE = 13


class Number(BaseModel):
    number: int


@dataclass(frozen=True)
class Echo:
    """Miners are to give back the number they get."""

    request: Number

    def grade(self, answer, latency_s):
        assert answer.number != UNGRADABLE
        right = answer.number == self.request.number
        return Grade(float(right), float(right))


class EchoTask:
    path = "/echo"
    answer = Number

    def challenge(self, rng):
        return Echo(Number(number=int(rng.integers(2**31))))


class Wire:
    """A transport to miners which live in a dictionary: port -> what it answers to a body."""

    def __init__(self):
        self.miners = {}
        self.asked = []

    async def post(self, endpoint, path, headers, body, *, timeout_s, max_bytes):
        self.asked.append(body)
        return self.miners[endpoint.port](body)

    async def close(self):
        return None


def honest(body):
    return Response(200, body)


def lying(_body):
    return Response(200, b'{"number": -1}')


def silent(_body):
    raise PeerTooSlow(1.0)


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def validator(*, tmp_path, ledger, chain_of, clock, wire, alice, events):
    def make(seed=1, **settings):
        return ValidatorLoop(
            EchoTask(),
            netuid=1,
            hotkey=alice.ss58_address,
            chain=chain_of(alice.ss58_address),
            client=Client(RequestSigner(alice, clock), wire, clock, timeout_s=1.0, max_answer=1000),
            clock=clock,
            reporter=events,
            seed=seed,
            checkpoint=tmp_path / "state.json",
            settings=ValidatorSettings(alpha=0.5, **settings),
        )

    return make


@pytest.fixture
def subnet(ledger, wire, alice):
    """Our validator as uid 0 and an honest, a lying and a silent miner as uids 1 to 3."""
    ledger.register(alice.ss58_address, permit=True)
    for port, behaviour in enumerate((honest, lying, silent), start=1):
        wire.miners[port] = behaviour
        ledger.register(behaviour.__name__, axon=Endpoint("10.0.0.1", port))
    return ledger


async def test_each_miner_gets_its_own_score_and_only_the_honest_a_good_one(validator, subnet, events):
    await validator().step()
    scored = next(event for event in events.seen if isinstance(event, RoundScored))
    assert [(m.uid, m.accuracy, m.score, m.outcome) for m in scored.miners] == [
        (1, 1.0, 0.5, "ok"),
        (2, 0.0, 0.0, "ok"),
        (3, 0.0, 0.0, "late"),
    ]


async def test_an_answer_which_breaks_its_grading_costs_only_its_miner(validator, subnet, wire, caplog):
    wire.miners[2] = lambda _body: Response(200, b'{"number": 13}')
    loop = validator()
    await loop.step()
    assert (loop.state.scores["honest"], loop.state.scores["lying"]) == (0.5, 0.0)
    assert "grading failed" in caplog.text


async def test_weights_go_to_the_chain_with_its_version_key(validator, subnet, alice, events):
    await validator().step()
    weights = subnet.weights[alice.ss58_address]
    assert (weights.uids, weights.values, subnet.version_keys) == ((1,), (65535,), [7])
    assert isinstance(events.seen[-1], WeightsSet)


async def test_a_score_not_worth_paying_earns_no_weight_though_nobody_is_better(validator, subnet, alice):
    await validator(least_score=0.6).step()
    assert alice.ss58_address not in subnet.weights


async def test_no_question_is_asked_twice_to_anybody_even_after_a_restart(validator, subnet, wire):
    for _ in range(2):
        loop = validator()
        for _ in range(3):
            await loop.step()
    assert len(set(wire.asked)) == len(wire.asked) == 18


async def test_a_round_which_a_crash_cut_off_is_not_asked_again(validator, subnet, wire):
    def crash(_body):
        raise ZeroDivisionError

    wire.miners[3] = crash
    with pytest.raises(ZeroDivisionError):
        await validator().step()
    wire.miners[3] = silent
    await validator().step()
    assert len(set(wire.asked)) == len(wire.asked)


async def test_the_same_seed_asks_the_same_and_another_seed_another(validator, subnet, wire, tmp_path):
    for seed in (1, 1, 2):
        (tmp_path / "state.json").unlink(missing_ok=True)
        await validator(seed=seed).step()
    first, second, third = wire.asked[:3], wire.asked[3:6], wire.asked[6:]
    assert first == second
    assert not set(first) & set(third)


async def test_scores_survive_a_restart(validator, subnet):
    await validator().step()
    resumed = validator()
    assert (resumed.state.round, resumed.state.scores["honest"]) == (1, 0.5)
    await resumed.step()
    assert resumed.state.scores["honest"] == 0.75


async def test_a_broken_checkpoint_stops_the_start(validator, tmp_path):
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(CheckpointInvalid):
        validator()


async def test_a_miner_which_falls_silent_loses_its_score_step_by_step(validator, subnet, wire):
    loop = validator()
    await loop.step()
    wire.miners[1] = silent
    for expected in (0.25, 0.125):
        await loop.step()
        assert loop.state.scores["honest"] == expected


async def test_a_new_hotkey_on_an_old_uid_inherits_nothing(validator, subnet):
    loop = validator()
    await loop.step()
    subnet.change("honest", hotkey="newcomer", axon=None)
    await loop.step()
    assert "honest" not in loop.state.scores
    assert loop.state.moving().of("newcomer") == 0


async def test_an_unregistered_validator_asks_nobody(validator, subnet, alice, wire):
    subnet.change(alice.ss58_address, hotkey="replaced")
    await validator().step()
    assert wire.asked == []


async def test_refused_weights_keep_the_scores_and_are_tried_again(validator, subnet, alice):
    loop = validator()
    subnet.refusal = "NotEnoughStakeToSetWeights"
    await loop.step()
    assert loop.state.weights_block is None
    subnet.refusal = None
    await loop.step()
    assert alice.ss58_address in subnet.weights


async def test_a_lost_chain_loses_no_scores(validator, subnet):
    loop = validator()
    await loop.step()
    subnet.down = True
    with pytest.raises(ChainUnavailable):
        await loop.step()
    assert loop.state.scores["honest"] == 0.5


async def test_weights_are_set_once_per_epoch(validator, subnet):
    loop = validator()
    for block, last_step in ((100, 90), (101, 90), (109, 90), (112, 110), (113, 110)):
        subnet.block, subnet.last_step = block, last_step
        await loop.step()
    assert len(subnet.version_keys) == 2


class TestWeightsDue:
    @pytest.fixture
    def graph(self, ledger):
        ledger.register("me", permit=True)
        return ledger.metagraph()

    def own(self, graph, **changes):
        return replace(graph.neurons[0], **changes)

    def test_never_set_is_due(self, graph):
        assert weights_due(graph, self.own(graph), None)

    def test_set_since_the_last_epoch_is_not_due(self, graph):
        assert not weights_due(graph, self.own(graph), 91)
        assert weights_due(graph, self.own(graph), 90)

    def test_a_record_from_the_future_belongs_to_another_chain(self, graph):
        assert weights_due(graph, self.own(graph), 5000)

    def test_within_the_rate_limit_is_not_due(self, graph):
        limited = replace(graph, rules=replace(graph.rules, rate_limit=20))
        assert not weights_due(limited, self.own(graph, last_update=81), None)
        assert weights_due(limited, self.own(graph, last_update=80), None)
        assert weights_due(limited, self.own(graph, last_update=0), None)

    def test_without_permit_only_the_owner_may(self, graph):
        assert not weights_due(graph, self.own(graph, validator_permit=False), None)
        assert weights_due(graph, self.own(graph, validator_permit=False, hotkey="owner"), None)
