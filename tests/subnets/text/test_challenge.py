import numpy as np

from ganglion.subnets.text.challenge import Questioner, beginnings
from ganglion.subnets.text.corpus import Split, private_documents
from ganglion.subnets.text.words import tokens

OWN = tuple(f"word{number % 70}" for number in range(300))


def asked(questioner, block, seed):
    return questioner.challenge(block, np.random.default_rng(seed))


def text(document):
    return " ".join(token.lower() for token in document)


def test_a_prompt_and_its_continuation_stand_together_in_the_periods_split(challenge):
    whole = tokens(challenge.request.prompt) + tokens(challenge.key.continuation)
    assert any(text(whole) in text(document) for document in Split.of(challenge.key.split).prompts)


def test_the_request_does_not_contain_what_grades_it(challenge):
    assert challenge.key.continuation not in challenge.request.model_dump_json()
    assert str(challenge.key.split) not in challenge.request.model_dump_json()


def test_the_split_rotates_by_period_and_differs_between_validators():
    one, other = Questioner(1, period=10), Questioner(2, period=10)
    assert asked(one, 0, 1).key.split == asked(one, 9, 2).key.split
    assert len({asked(each, block, 1).key.split for each in (one, other) for block in (0, 10, 20)}) == 6


def test_the_same_draw_makes_the_same_question():
    assert asked(Questioner(1, period=10), 5, 3) == asked(Questioner(1, period=10), 5, 3)


def test_questions_hardly_repeat():
    questioner = Questioner(1, period=10**6)
    assert len({asked(questioner, 0, seed).request.prompt for seed in range(100)}) > 80


def test_an_operators_own_texts_are_asked_about_every_other_time():
    questioner = Questioner(1, (OWN, ("too", "short")), period=10**6)
    own = sum("word" in asked(questioner, 0, seed).request.prompt for seed in range(100))
    assert 30 < own < 70


def test_prompts_begin_where_sentences_do():
    for document in private_documents()[:100]:
        assert all(at == 0 or document[at - 1] in ".!?" for at in beginnings(document))
        assert beginnings(document)[0] == 0
