import pytest
from pydantic import ValidationError

from ganglion.subnets.text.task import MAX_CHARACTERS, MAX_TOKENS, TASK, CompleteRequest, Completion


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"prompt": ""},
        {"prompt": "a", "messages": [{"role": "user", "content": "b"}]},
        {"messages": []},
        {"messages": [{"role": "oracle", "content": "b"}]},
        {"prompt": "x" * (MAX_CHARACTERS + 1)},
        {"prompt": "a", "max_tokens": 0},
        {"prompt": "a", "max_tokens": MAX_TOKENS + 1},
        {"prompt": "a", "max_tokens": "5"},
        {"prompt": "a", "temperature": -0.1},
        {"prompt": "a", "temperature": float("nan")},
        {"prompt": "a", "top_p": 0.0},
        {"prompt": "a", "stop": ["a", "b", "c", "d", "e"]},
        {"prompt": "a", "stop": [""]},
        {"prompt": "a", "model": "gpt"},
    ],
)
def test_a_request_outside_its_bounds_is_refused(fields):
    with pytest.raises(ValidationError):
        CompleteRequest.model_validate(fields)


def test_what_travels_is_what_was_meant():
    request = CompleteRequest(prompt="Once", max_tokens=7, stop=("\n",), seed=3)
    assert CompleteRequest.model_validate_json(request.model_dump_json()) == request


def test_a_conversation_is_continued_as_one_text():
    body = b'{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}'
    assert CompleteRequest.model_validate_json(body).context == "Be brief.\nHi"


def test_the_largest_messages_fit_the_wire():
    prompt = CompleteRequest(prompt="é" * MAX_CHARACTERS)
    text = Completion(text="é" * MAX_CHARACTERS, finish_reason="stop", prompt_tokens=1, completion_tokens=1)
    assert len(prompt.model_dump_json().encode()) <= TASK.max_request
    assert len(text.model_dump_json().encode()) <= TASK.max_answer
