import asyncio

import pytest

from ganglion.neuron.auth import SIGNATURE_HEADER, RequestSigner
from ganglion.neuron.client import Client
from ganglion.neuron.errors import ChainUnavailable, CheckpointInvalid, PeerTooSlow
from ganglion.neuron.keys import load_hotkey
from ganglion.neuron.protocols import Endpoint, Response
from ganglion.neuron.report import RoundScored, WeightsSet
from ganglion.neuron.signature import HEADER, sign_answer
from ganglion.neuron.task import Message, Task
from ganglion.neuron.validator import NOTHING, Challenge, Grade, Validator
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings


class Number(Message):
    number: int


ECHO = Task("echo", "/echo", Number, Number, max_request=1000, max_answer=1000, timeout_s=1.0)


class EchoValidator(Validator[Number, Number]):
    """Miners are to give back the number they get; where `horizon` is set, the price at a later block in
    thousandths.
    """

    task = ECHO
    key = Number

    def __init__(self):
        self.horizon = 0
        self.graded = []

    def challenges(self, miners, draw):
        due = draw.block + self.horizon if self.horizon else 0
        numbers = [Number(number=int(draw.rng.integers(2**31))) for _ in miners]
        return [Challenge(number, number, due, (due,) if due else ()) for number in numbers]

    def grades(self, cases, truth):
        self.graded = list(cases)
        return [self._grade(case, truth) for case in cases]

    def _grade(self, case, truth):
        if case.answer is None:
            return NOTHING
        due = case.challenge.due_block
        expected = int(truth.price(1, due) * 1000) if due else case.challenge.key.number
        right = float(case.answer.number == expected)
        return Grade(right, right)


class Wire:
    """A transport to miners which live in a dictionary: port -> (key, what it answers to a body)."""

    def __init__(self):
        self.miners = {}
        self.asked = []

    async def post(self, endpoint, path, headers, body, *, timeout_s, max_bytes):
        self.asked.append(body)
        key, behaviour = self.miners[endpoint.port]
        said = behaviour(body)
        return Response(200, said, {HEADER.lower(): sign_answer(key, headers[SIGNATURE_HEADER], 200, said)})


class Evidence:
    """A round log in memory; `full` makes it fail."""

    def __init__(self):
        self.rounds = []
        self.weights = []
        self.full = False

    def record(self, graded):
        if self.full:
            raise OSError("disk full")
        self.rounds.append(graded)

    def weighed(self, block, scores, weights):
        self.weights.append((block, scores, weights))


def honest(body):
    return body


def lying(_body):
    return b'{"number": -1}'


def silent(_body):
    raise PeerTooSlow(1.0)


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def echo():
    return EchoValidator()


@pytest.fixture
def evidence():
    return Evidence()


@pytest.fixture
def validator(*, tmp_path, ledger, chain_of, clock, wire, alice, events, echo, evidence):
    def make(seed=1, **settings):
        return ValidatorLoop(
            echo,
            netuid=1,
            hotkey=alice.ss58_address,
            chain=chain_of(alice.ss58_address),
            client=Client(RequestSigner(alice, clock), wire, clock),
            clock=clock,
            reporter=events,
            seed=seed,
            checkpoint=tmp_path / "state.json",
            settings=ValidatorSettings(alpha=0.5, **settings),
            round_log=evidence,
        )

    return make


@pytest.fixture
def keys(wallets):
    """The miners' hotkeys by behaviour."""
    from bittensor import Wallet

    names = ("honest", "lying", "silent", "newcomer")
    for name in names:
        Wallet(name=name, hotkey="default", path=str(wallets)).create_new_hotkey(
            suppress=True, overwrite=True
        )
    return {name: load_hotkey(wallets, name, "default") for name in names}


@pytest.fixture
def address(keys):
    return {name: key.ss58_address for name, key in keys.items()}


@pytest.fixture
def subnet(ledger, wire, alice, keys):
    """Our validator as uid 0 and an honest, a lying and a silent miner as uids 1 to 3."""
    ledger.register(alice.ss58_address, permit=True)
    for port, behaviour in enumerate((honest, lying, silent), start=1):
        key = keys[behaviour.__name__]
        wire.miners[port] = (key, behaviour)
        ledger.register(key.ss58_address, axon=Endpoint("10.0.0.1", port))
    return ledger


async def test_each_miner_gets_its_own_score_and_only_the_honest_a_good_one(validator, subnet, events):
    await validator().step()
    scored = next(event for event in events.seen if isinstance(event, RoundScored))
    assert [(m.uid, m.quality, m.score, m.outcome) for m in scored.miners] == [
        (1, 1.0, 0.5, "ok"),
        (2, 0.0, 0.0, "ok"),
        (3, 0.0, 0.0, "late"),
    ]


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

    wire.miners[3] = (wire.miners[3][0], crash)
    with pytest.raises(ZeroDivisionError):
        await validator().step()
    wire.miners[3] = (wire.miners[3][0], silent)
    await validator().step()
    assert len(set(wire.asked)) == len(wire.asked)


async def test_the_same_seed_asks_the_same_and_another_seed_another(validator, subnet, wire, tmp_path):
    for seed in (1, 1, 2):
        (tmp_path / "state.json").unlink(missing_ok=True)
        await validator(seed=seed).step()
    first, second, third = wire.asked[:3], wire.asked[3:6], wire.asked[6:]
    assert first == second
    assert not set(first) & set(third)


async def test_scores_survive_a_restart(validator, subnet, address):
    await validator().step()
    resumed = validator()
    assert (resumed.state.round, resumed.state.scores[address["honest"]]) == (1, 0.5)
    await resumed.step()
    assert resumed.state.scores[address["honest"]] == 0.75


async def test_a_broken_checkpoint_stops_the_start(validator, tmp_path):
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(CheckpointInvalid):
        validator()


async def test_a_miner_which_falls_silent_loses_its_score_step_by_step(validator, subnet, wire, address):
    loop = validator()
    await loop.step()
    wire.miners[1] = (wire.miners[1][0], silent)
    for expected in (0.25, 0.125):
        await loop.step()
        assert loop.state.scores[address["honest"]] == expected


async def test_a_new_hotkey_on_an_old_uid_inherits_nothing(validator, subnet, address):
    loop = validator()
    await loop.step()
    subnet.change(address["honest"], hotkey=address["newcomer"], axon=None)
    await loop.step()
    assert address["honest"] not in loop.state.scores
    assert loop.state.moving().of(address["newcomer"]) == 0


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


async def test_a_lost_chain_loses_no_scores(validator, subnet, address):
    loop = validator()
    await loop.step()
    subnet.down = True
    with pytest.raises(ChainUnavailable):
        await loop.step()
    assert loop.state.scores[address["honest"]] == 0.5


async def test_weights_are_set_once_per_epoch(validator, subnet):
    loop = validator()
    for block, last_step in ((100, 90), (101, 90), (109, 90), (112, 110), (113, 110)):
        subnet.block, subnet.last_step = block, last_step
        await loop.step()
    assert len(subnet.version_keys) == 2


async def test_every_miner_asked_is_a_case_with_its_registration_and_its_silence(validator, subnet, echo):
    await validator().step()
    assert [(case.uid, case.registered_at) for case in echo.graded] == [(1, 100), (2, 100), (3, 100)]
    assert [case.answer is None for case in echo.graded] == [False, False, True]


@pytest.mark.parametrize("said", [b"<html>", b'{"number": NaN}', b"", b"\xff", b'{"number": 1, "x": 2}'])
async def test_whatever_a_miner_says_costs_itself_only(validator, subnet, wire, said, address):
    wire.miners[2] = (wire.miners[2][0], lambda _body: said)
    loop = validator()
    await loop.step()
    assert loop.state.scores == {address["honest"]: 0.5, address["lying"]: 0.0, address["silent"]: 0.0}


async def test_an_answer_signed_by_another_earns_nothing(validator, subnet, wire, keys, address):
    wire.miners[1] = (keys["newcomer"], honest)
    loop = validator()
    await loop.step()
    assert loop.state.scores[address["honest"]] == 0.0


async def test_a_round_for_later_is_graded_when_its_block_has_come(validator, subnet, echo, wire, address):
    echo.horizon = 10
    wire.miners[1] = (wire.miners[1][0], lambda _body: b'{"number": 110}')
    loop = validator()
    await loop.step()
    subnet.block = 109
    await loop.step()
    assert (loop.state.scores, loop.state.waiting) == ({}, {1: 110, 2: 119})
    subnet.block = 110
    echo.horizon = 0
    await loop.step()
    assert loop.state.waiting == {2: 119}
    assert loop.state.scores[address["honest"]] > 0


async def test_waiting_rounds_survive_a_restart_with_what_was_said(validator, subnet, echo, wire, address):
    echo.horizon = 10
    wire.miners[1] = (wire.miners[1][0], lambda _body: b'{"number": 110}')
    await validator().step()
    resumed = validator()
    subnet.block, echo.horizon = 110, 50
    await resumed.step()
    assert resumed.state.scores[address["honest"]] == 0.5
    assert resumed.state.waiting == {2: 160}


async def test_a_round_is_graded_once_and_its_file_goes(validator, subnet, echo, evidence, tmp_path):
    echo.horizon = 10
    await validator().step()
    subnet.block = 110
    echo.horizon = 0
    await validator().step()
    await validator().step()
    assert [graded.round.number for graded in evidence.rounds] == [1, 2, 3]
    assert list((tmp_path / "state.json.rounds").iterdir()) == []


async def test_a_broken_round_file_costs_its_round_only(validator, subnet, echo, tmp_path, caplog):
    echo.horizon = 10
    await validator().step()
    (tmp_path / "state.json.rounds" / "1.json").write_text("{")
    resumed = validator()
    subnet.block, echo.horizon = 110, 0
    await resumed.step()
    assert "round=1 lost" in caplog.text
    assert (len(resumed.state.scores), resumed.state.waiting) == (3, {})


async def test_while_prices_cannot_be_read_a_due_round_waits(validator, subnet, echo):
    echo.horizon = 10
    loop = validator()
    await loop.step()
    subnet.block, subnet.prices_down = 110, True
    with pytest.raises(ChainUnavailable):
        await loop.step()
    assert 1 in loop.state.waiting
    subnet.prices_down = False
    await loop.step()
    assert 1 not in loop.state.waiting


async def test_a_round_whose_prices_are_gone_for_ever_is_dropped_and_moves_no_score(
    validator, subnet, echo, caplog
):
    echo.horizon = 10
    loop = validator()
    await loop.step()
    subnet.block, subnet.oldest = 110, 111
    await loop.step()
    assert (loop.state.scores, loop.state.waiting) == ({}, {2: 120})
    assert "not graded" in caplog.text


@pytest.mark.parametrize(
    "grades",
    [
        lambda cases, truth: 1 / 0,
        lambda cases, truth: [],
        lambda cases, truth: [Grade(0.0, float("nan"))] * len(cases),
        lambda cases, truth: [Grade(0.0, 1.5)] * len(cases),
    ],
)
async def test_grading_which_fails_moves_no_score_and_ends_nothing(validator, subnet, echo, caplog, grades):
    echo.grades = grades
    loop = validator()
    await loop.step()
    assert loop.state.scores == {}
    assert "not graded" in caplog.text


async def test_no_more_rounds_wait_than_may(validator, subnet, echo, wire):
    echo.horizon = 1000
    loop = validator(most_waiting=2)
    for _ in range(4):
        await loop.step()
    assert loop.state.waiting == {1: 1100, 2: 1100}
    assert len(wire.asked) == 6


async def test_the_evidence_of_a_round_is_enough_to_grade_it_again(validator, subnet, echo, evidence):
    from ganglion.neuron.grading import graded
    from ganglion.neuron.rounds import GradedRound
    from ganglion.neuron.validator import Truth

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


async def test_a_validator_registered_anew_under_another_uid_goes_on_with_its_scores(
    validator, subnet, alice, address
):
    loop = validator()
    await loop.step()
    subnet.change(alice.ss58_address, hotkey="replaced")
    await loop.step()
    subnet.register(alice.ss58_address, permit=True)
    await loop.step()
    assert (loop.state.round, loop.state.scores[address["honest"]]) == (2, 0.75)


async def test_256_miners_are_asked_at_once_and_each_once(validator, ledger, wire, alice, bob):
    ledger.register(alice.ss58_address, permit=True)
    for port in range(1, 257):
        wire.miners[port] = (bob, honest)
        ledger.register(f"miner{port}", axon=Endpoint("10.0.0.1", port))
    under_way, everybody = [], asyncio.Event()
    post = wire.post

    async def all_together(endpoint, *arguments, **bounds):
        under_way.append(endpoint.port)
        if len(under_way) == 256:
            everybody.set()
        await everybody.wait()
        return await post(endpoint, *arguments, **bounds)

    wire.post = all_together
    await asyncio.wait_for(validator().step(), 60)
    assert sorted(under_way) == list(range(1, 257))
