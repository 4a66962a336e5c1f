import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.neuron.miner import Caller
from ganglion.subnets.text.generation import LocalMiner, StopTexts, together
from ganglion.subnets.text.task import ChatMessage, CompleteRequest
from text_cases import model_of

CALLER = Caller("hotkey", 0, True)


class BlendMiner(LocalMiner):
    def source(self):
        return model_of("blend")


@pytest.fixture
async def miner():
    miner = BlendMiner("blend", 1)
    await miner.start(None)
    return miner


async def test_an_answer_is_its_stream_put_together(miner):
    request = CompleteRequest(prompt="A hacker is", max_tokens=40, seed=5)
    pieces = [piece async for piece in miner.stream(request, CALLER)]
    assert len(pieces) > 3
    assert together(pieces) == await miner.answer(request, CALLER)


async def test_an_answer_tells_what_was_counted_and_why_it_ended(miner):
    answer = await miner.answer(CompleteRequest(prompt="A hacker is", max_tokens=20), CALLER)
    assert (answer.prompt_tokens, answer.completion_tokens, answer.finish_reason) == (3, 20, "length")


async def test_requests_without_seed_get_different_texts(miner):
    request = CompleteRequest(prompt="A hacker is", max_tokens=30)
    assert (await miner.answer(request, CALLER)).text != (await miner.answer(request, CALLER)).text


async def test_an_answer_ends_before_the_first_stop_text(miner):
    request = CompleteRequest(prompt="A hacker is", max_tokens=200, seed=5)
    whole = (await miner.answer(request, CALLER)).text
    stop = whole[40:43]
    cut = await miner.answer(request.model_copy(update={"stop": (stop,)}), CALLER)
    assert cut.text == whole[: whole.index(stop)]
    assert cut.finish_reason == "stop"


async def test_a_conversation_is_answered(miner):
    turns = (ChatMessage(role="user", content="What is a hacker?"),)
    assert (await miner.answer(CompleteRequest(messages=turns, max_tokens=5), CALLER)).text


def test_a_stream_without_its_last_piece_is_no_answer():
    with pytest.raises(ValueError, match="last piece"):
        together([])


@given(st.lists(st.text("ab", max_size=4)), st.lists(st.text("ab", min_size=1, max_size=3), max_size=3))
def test_stop_texts_cut_alike_however_the_text_comes(parts, stops):
    filtered = StopTexts(tuple(stops))
    shown = "".join(filtered.passed(part) for part in parts if not filtered.met) + filtered.rest()
    # A longer stop text may be complete later than a shorter one which begins after it.
    whole = "".join(parts)
    assert whole.startswith(shown)
    assert not any(stop in shown for stop in stops)
    assert filtered.met == any(stop in whole for stop in stops)
