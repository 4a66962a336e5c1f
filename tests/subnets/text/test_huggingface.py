"""With a tiny GPT-2 of random weights and a tokenizer made from the corpus, saved as an operator's is."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from ganglion.neuron.miner import Caller
from ganglion.subnets.text.corpus import public_documents
from ganglion.subnets.text.huggingface import ModelUnavailable, TransformersMiner
from ganglion.subnets.text.task import ChatMessage, CompleteRequest

CALLER = Caller("hotkey", 0, True)
WINDOW = 64

MISSING = [name for name in ("torch", "transformers") if find_spec(name) is None]
if MISSING:
    pytest.skip(f"not installed: {', '.join(MISSING)}", allow_module_level=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((" ".join(document) for document in public_documents()[:200]), trainer)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>").save_pretrained(folder)
    sizes = {"n_positions": WINDOW, "n_embd": 32, "n_layer": 2, "n_head": 2}
    config = GPT2Config(vocab_size=len(tokenizer.get_vocab()), bos_token_id=0, eos_token_id=0, **sizes)
    GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
async def miner(folder):
    miner = TransformersMiner(folder, 1)
    await miner.start(None)
    return miner


async def test_the_model_in_the_folder_answers(miner):
    answer = await miner.answer(CompleteRequest(prompt="A hacker is", max_tokens=12), CALLER)
    assert answer.text
    assert 0 < answer.completion_tokens <= 12
    assert answer.prompt_tokens > 0


async def test_an_answer_comes_in_pieces(miner):
    request = CompleteRequest(prompt="A hacker is a person", max_tokens=40, seed=3)
    pieces = [piece async for piece in miner.stream(request, CALLER)]
    assert len(pieces) > 2
    assert "".join(piece.text for piece in pieces) == (await miner.answer(request, CALLER)).text


async def test_temperature_zero_leaves_nothing_to_chance(miner):
    request = CompleteRequest(prompt="A hacker is", max_tokens=8, temperature=0.0)
    assert (await miner.answer(request, CALLER)) == (await miner.answer(request, CALLER))


async def test_an_answer_ends_before_its_stop_text_and_the_next_is_served(miner):
    request = CompleteRequest(prompt="A hacker is", max_tokens=30, seed=3)
    whole = (await miner.answer(request, CALLER)).text
    stop = whole[10:12]
    cut = await miner.answer(request.model_copy(update={"stop": (stop,)}), CALLER)
    assert cut.text == whole[: whole.index(stop)]
    assert cut.finish_reason == "stop"


async def test_a_caller_who_goes_does_not_keep_the_model(miner):
    async for _ in miner.stream(CompleteRequest(prompt="A hacker", max_tokens=50), CALLER):
        break
    assert (await miner.answer(CompleteRequest(prompt="A hacker", max_tokens=3), CALLER)).text


@pytest.mark.parametrize("max_tokens", [10, 512])
async def test_what_the_window_does_not_hold_is_left_out(miner, max_tokens):
    request = CompleteRequest(prompt="A hacker is a person. " * 100, max_tokens=max_tokens)
    answer = await miner.answer(request, CALLER)
    assert answer.prompt_tokens >= WINDOW // 2
    assert answer.prompt_tokens + answer.completion_tokens <= WINDOW


async def test_a_conversation_without_template_is_continued(miner):
    turns = (ChatMessage(role="user", content="What is a hacker?"),)
    assert (await miner.answer(CompleteRequest(messages=turns, max_tokens=5), CALLER)).text


async def test_a_folder_without_model_is_refused_by_name(tmp_path):
    with pytest.raises(ModelUnavailable, match=r"config\.json"):
        await TransformersMiner(tmp_path, 1).start(None)
