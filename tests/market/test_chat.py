"""Text through the market, as OpenAI's own client sees it."""

import asyncio

import openai
import pytest

from market_on_loopback import Speaker

MODEL = "ganglion/text"
HELLO = [{"role": "user", "content": "Say hello, please."}]


async def chunks_of(stream):
    return [chunk async for chunk in stream]


def text_of(chunks):
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


async def test_a_chat_is_answered_by_the_best_miner_and_metered(town):
    neuron = await town.miner(Speaker("Hello", " world"))
    answer = await town.customer().chat.completions.create(model=MODEL, messages=HELLO)
    choice = answer.choices[0]
    assert (choice.message.role, choice.message.content) == ("assistant", "Hello world")
    assert (choice.finish_reason, answer.model) == ("stop", MODEL)
    assert answer.system_fingerprint == neuron.hotkey
    (use,) = town.ledger.uses(limit=5)
    assert (use.outcome, use.hotkey, use.model, use.request) == ("ok", neuron.hotkey, MODEL, answer.id)
    assert (use.units_in, use.units_out) == (answer.usage.prompt_tokens, answer.usage.completion_tokens)


async def test_tokens_are_counted_by_the_market_and_not_by_the_miner(town):
    await town.miner(Speaker("Hello", " world"))
    customer = town.customer()
    answer = await customer.chat.completions.create(model=MODEL, messages=HELLO)
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (5, 3)  # 18 and 11 bytes
    few = await customer.chat.completions.create(model=MODEL, messages=HELLO, max_tokens=1)
    assert few.usage.completion_tokens == 1


async def test_a_stream_passes_on_each_piece_and_ends_with_reason_and_usage(town):
    neuron = await town.miner(Speaker("Hello", " ", "world"))
    chunks = await chunks_of(
        await town.customer().chat.completions.create(
            model=MODEL, messages=HELLO, stream=True, stream_options={"include_usage": True}
        )
    )
    assert text_of(chunks) == "Hello world"
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices][-1] == "stop"
    assert (chunks[-1].choices, chunks[-1].usage.completion_tokens) == ([], 3)
    assert {chunk.system_fingerprint for chunk in chunks} == {neuron.hotkey}
    (use,) = town.ledger.uses(limit=5)
    assert (use.outcome, use.units_in, use.units_out) == ("ok", 5, 3)


async def test_pieces_arrive_while_the_miner_still_writes(town):
    gate = asyncio.Semaphore(1)
    await town.miner(Speaker("Hello", " world", gate=gate))
    stream = await town.customer().chat.completions.create(model=MODEL, messages=HELLO, stream=True)
    await anext(stream)  # who speaks
    assert (await anext(stream)).choices[0].delta.content == "Hello"
    gate.release()
    assert text_of(await chunks_of(stream)) == " world"


async def test_completions_continue_a_prompt_whole_or_streamed(town):
    await town.miner(Speaker("Hello", " world"))
    customer = town.customer()
    whole = await customer.completions.create(model=MODEL, prompt="Say")
    assert (whole.choices[0].text, whole.choices[0].finish_reason) == ("Hello world", "stop")
    streamed = await chunks_of(await customer.completions.create(model=MODEL, prompt=["Say"], stream=True))
    assert [chunk.choices[0].text for chunk in streamed] == ["Hello", " world", ""]


async def test_the_miner_gets_what_the_customer_asked_for(town):
    speaker = Speaker("Hello")
    await town.miner(speaker)
    await town.customer().chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "text", "text": "there"}]},
        ],
        max_completion_tokens=7,
        temperature=0.5,
        top_p=0.9,
        seed=3,
        stop="\n",
        n=1,
        frequency_penalty=0.0,
        user="somebody",
    )
    (asked,) = speaker.asked
    assert [(message.role, message.content) for message in asked.messages] == [
        ("system", "Be brief."),
        ("user", "Hi\nthere"),
    ]
    assert (asked.max_tokens, asked.temperature, asked.top_p) == (7, 0.5, 0.9)
    assert (asked.seed, asked.stop) == (3, ("\n",))


async def test_an_answer_can_be_put_into_the_next_question_as_it_came(town):
    await town.miner(Speaker("Hello"))
    customer = town.customer()
    answer = await customer.chat.completions.create(model=MODEL, messages=HELLO)
    said = answer.choices[0].message.model_dump(exclude_none=False)
    again = await customer.chat.completions.create(model=MODEL, messages=[*HELLO, said, *HELLO])
    assert again.choices[0].message.content == "Hello"


async def test_models_are_listed_with_their_miners_and_prices(town):
    neuron = await town.miner(Speaker("Hello"))
    customer = town.customer()
    models = {model.id: model async for model in customer.models.list()}
    assert set(models) == {MODEL, f"{MODEL}@0", "ganglion/vision", "ganglion/forecast"}
    assert (models[MODEL].owned_by, models[f"{MODEL}@0"].owned_by) == ("owner", neuron.hotkey)
    assert models[MODEL].pricing["input"] == {"unit": "tokens", "rao_per_1000": 200_000}
    assert (await customer.models.retrieve(f"{MODEL}@0")).owned_by == neuron.hotkey
    with pytest.raises(openai.NotFoundError):
        await customer.models.retrieve(f"{MODEL}@9")


async def test_a_model_with_a_uid_is_served_by_that_miner_only(town):
    await town.miner(Speaker("best"), incentive=0.9)
    await town.miner(Speaker("worst"), incentive=0.001)
    customer = town.customer()
    for _ in range(3):
        answer = await customer.chat.completions.create(model=f"{MODEL}@1", messages=HELLO)
        assert answer.choices[0].message.content == "worst"
    with pytest.raises(openai.NotFoundError):
        await customer.chat.completions.create(model=f"{MODEL}@2", messages=HELLO)


async def test_a_customer_who_leaves_pays_for_what_it_took_and_frees_the_miner(town):
    gate = asyncio.Semaphore(1)
    neuron = await town.miner(Speaker("Hello", " world", gate=gate))
    stream = await town.customer().chat.completions.create(model=MODEL, messages=HELLO, stream=True)
    await anext(stream), await anext(stream)
    await stream.close()
    while not (uses := town.ledger.uses(limit=1)):
        await asyncio.sleep(0)
    assert (uses[0].outcome, uses[0].units_in, uses[0].units_out) == ("left", 5, 2)
    assert town.records().of(neuron.hotkey).in_flight == 0
