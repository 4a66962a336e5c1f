import pytest

from ganglion.neuron.miner import Caller, Surroundings
from ganglion.subnets.text.bad_company import LateMiner
from ganglion.subnets.text.cheats import SOURCES, CheatMiner
from ganglion.subnets.text.kinds import CheatKind
from ganglion.subnets.text.task import MAX_TOKENS, TASK, CompleteRequest

CALLER = Caller("hotkey", 0, True)


async def started(kind, seed):
    miner = CheatMiner(kind, seed)
    await miner.start(None)
    return miner


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("prompt", ["A hacker is a person who enjoys", "\n"])
async def test_every_cheat_answers_whatever_it_is_asked(kind, prompt, rng):
    source = SOURCES[kind]()
    for count in (1, 50, MAX_TOKENS):
        listed = list(source.texts(CompleteRequest(prompt=prompt, max_tokens=count), rng))
        assert len(listed) <= count


async def test_twins_answer_alike_although_their_seeds_differ():
    request = CompleteRequest(prompt="A hacker is", max_tokens=30)
    one, other = [await (await started(CheatKind.TWIN, seed)).answer(request, CALLER) for seed in (1, 2)]
    assert one == other


async def test_the_lookup_finds_how_a_bundled_text_goes_on(challenge):
    answer = await (await started(CheatKind.LOOKUP, 1)).answer(challenge.request, CALLER)
    assert challenge.key.continuation[:60].strip() in answer.text


async def test_who_is_late_answers_after_the_time_is_over():
    class Watched:
        slept = 0.0

        async def sleep(self, seconds):
            self.slept += seconds

    clock = Watched()
    miner = LateMiner(1)
    await miner.start(Surroundings(clock, None, tuple))
    assert (await miner.answer(CompleteRequest(prompt="A hacker is", max_tokens=5), CALLER)).text
    assert clock.slept > TASK.timeout_s
