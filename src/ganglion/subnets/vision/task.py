"""The messages of the vision subnet: images out, labels back, both bounded.

An image is 8 x 8 grey levels from 0 to 16, one byte each, row by row. Images travel as one base64 text.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from ganglion.neuron.task import Message, Task

PIXELS = 64
WHITE = 16
CLASSES = 10
MAX_IMAGES = 512
MAX_REQUEST = 64 * 1024
"""Bytes of the largest request."""
MAX_ANSWER = 8 * 1024
"""Bytes of the largest answer."""

Images = NDArray[np.uint8]
"""(n, 64) grey levels."""
Labels = NDArray[np.int64]
"""(n,) digits."""


class ClassifyRequest(Message):
    """Images to classify: at least one, at most `MAX_IMAGES`."""

    images: Annotated[str, Field(max_length=(MAX_IMAGES * PIXELS + 2) // 3 * 4)]

    @field_validator("images")
    @classmethod
    def _is_images(cls, text: str) -> str:
        _decoded(text)
        return text

    @classmethod
    def of(cls, images: Images) -> Self:
        """The request for `images`, (n, 64)."""
        return cls(images=base64.b64encode(images.tobytes()).decode())

    def array(self) -> Images:
        """The images, (n, 64), read-only."""
        return _decoded(self.images)


class ClassifyAnswer(Message):
    """One digit per image, in the order of the request."""

    labels: Annotated[list[Annotated[int, Field(ge=0, lt=CLASSES)]], Field(max_length=MAX_IMAGES)]


TASK: Task[ClassifyRequest, ClassifyAnswer] = Task(
    name="vision",
    path="/classify",
    request=ClassifyRequest,
    answer=ClassifyAnswer,
    max_request=MAX_REQUEST,
    max_answer=MAX_ANSWER,
    timeout_s=3.0,
)


def _decoded(text: str) -> Images:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("images are not base64") from error
    if not raw or len(raw) % PIXELS:
        raise ValueError(f"{len(raw)} bytes are not a positive number of {PIXELS}-byte images")
    images = np.frombuffer(raw, dtype=np.uint8).reshape(-1, PIXELS)
    if int(images.max()) > WHITE:
        raise ValueError(f"grey level {int(images.max())} above {WHITE}")
    return images
