"""A subnet for tests of the validator's loop: task, validator, miners on a wire, evidence in memory."""

from ganglion.neuron.auth import SIGNATURE_HEADER
from ganglion.neuron.errors import PeerTooSlow
from ganglion.neuron.protocols import Response
from ganglion.neuron.signature import HEADER, sign_answer
from ganglion.neuron.task import Message, Task
from ganglion.neuron.validator import NOTHING, Challenge, Grade, Validator


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
        self.asked_rounds = []
        self.lost_rounds = []
        self.weighings = []
        self.starts = []
        self.full = False

    def draw_seed(self, seed):
        return seed

    def resumed(self, scores, waiting):
        self.starts.append(scores)

    def asked(self, asked):
        self.asked_rounds.append(asked)

    def lost(self, number, reason):
        self.lost_rounds.append((number, reason))

    def record(self, graded):
        if self.full:
            raise OSError("disk full")
        self.rounds.append(graded)

    def weighing(self, weighing):
        self.weighings.append(weighing)

    def weighed(self, block):
        return block.to_bytes(32, "big")


def honest(body):
    return body


def lying(_body):
    return b'{"number": -1}'


def silent(_body):
    raise PeerTooSlow(1.0)
