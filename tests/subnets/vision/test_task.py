import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import ValidationError

from ganglion.subnets.vision.task import (
    MAX_ANSWER,
    MAX_IMAGES,
    MAX_REQUEST,
    ClassifyAnswer,
    ClassifyRequest,
)


@given(st.integers(1, 20).flatmap(lambda n: arrays(np.uint8, (n, 64), elements=st.integers(0, 16))))
def test_images_survive_the_way_to_the_miner(images):
    sent = ClassifyRequest.of(images).model_dump_json()
    assert np.array_equal(ClassifyRequest.model_validate_json(sent).array(), images)


def test_the_largest_request_and_answer_fit_their_limits():
    request = ClassifyRequest.of(np.full((MAX_IMAGES, 64), 16, dtype=np.uint8))
    assert len(request.model_dump_json()) <= MAX_REQUEST
    assert len(ClassifyAnswer(labels=[9] * MAX_IMAGES).model_dump_json()) <= MAX_ANSWER


@pytest.mark.parametrize(
    "raw", [b"", b"x" * 63, b"x" * 65, bytes([17] * 64), bytes(64 * (MAX_IMAGES + 1))], ids=len
)
def test_bytes_which_are_no_images_are_refused(raw):
    with pytest.raises(ValidationError):
        ClassifyRequest(images=base64.b64encode(raw).decode())


@pytest.mark.parametrize("text", ["?", "AAA", "é" * 88, 5, None, ["A" * 88]])
def test_what_is_not_base64_is_refused(text):
    with pytest.raises(ValidationError):
        ClassifyRequest(images=text)


@pytest.mark.parametrize(
    "labels",
    ["[10]", "[-1]", "[1.0]", '["1"]', "[true]", "[null]", "[NaN]", "{}", str([1] * (MAX_IMAGES + 1))],
)
def test_labels_which_are_no_digits_are_refused(labels):
    with pytest.raises(ValidationError):
        ClassifyAnswer.model_validate_json(f'{{"labels": {labels}}}')
