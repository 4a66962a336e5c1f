"""Handwritten digits (bundled with scikit-learn) and the distortion which makes each image new.

The data set is public, so which images a validator drew does not stay secret for ever; what keeps an answer
from being looked up is that every image sent is shifted, rotated, faded and made noisy by chance. The first
1,100 digits are for learning; a validator draws its private test split from the other 697, which other
people wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ganglion.subnets.vision.task import WHITE, Images, Labels

_LEARNING = 1100
_PRIVATE_SHARE = 0.75
_SIDE = 8
_CENTRE = (_SIDE - 1) / 2

_SHIFT = 1.0  # pixels, either way
_ROTATION = np.deg2rad(15.0)  # either way
_CONTRAST = (0.6, 1.0)
_NOISE = 1.5  # grey levels, standard deviation


@dataclass(frozen=True, slots=True)
class Digits:
    """Images (n, 64) with their labels (n,)."""

    images: Images
    labels: Labels

    def drawn(self, count: int, rng: np.random.Generator) -> Digits:
        """`count` of these, drawn with replacement, each distorted anew."""
        picked = rng.integers(0, len(self.labels), count)
        return Digits(distorted(self.images[picked], rng), self.labels[picked])

    def augmented(self, copies: int, rng: np.random.Generator) -> Digits:
        """Every one of these `copies` times, each distorted anew."""
        return Digits(distorted(np.tile(self.images, (copies, 1)), rng), np.tile(self.labels, copies))


def learning_digits() -> Digits:
    """What miners may learn from: 1,100 undistorted digits."""
    images, labels = _all()
    return Digits(images[:_LEARNING], labels[:_LEARNING])


def private_digits(seed: int) -> Digits:
    """The test split of the validator with this seed: three quarters of the 697 held-out digits,
    undistorted.
    """
    images, labels = _all()
    held_out = np.arange(_LEARNING, len(labels))
    chosen = np.random.default_rng(seed).permutation(held_out)[: int(len(held_out) * _PRIVATE_SHARE)]
    return Digits(images[chosen], labels[chosen])


def distorted(images: Images, rng: np.random.Generator) -> Images:
    """Each of `images` (n, 64) rotated, shifted, faded and made noisy by its own draw from `rng`."""
    count = len(images)
    moved = _moved(
        images.reshape(count, _SIDE, _SIDE).astype(np.float64),
        angle=rng.uniform(-_ROTATION, _ROTATION, count),
        shift=rng.uniform(-_SHIFT, _SHIFT, (count, 2)),
    )
    faded = moved * rng.uniform(*_CONTRAST, count)[:, None, None]
    noisy = faded + rng.normal(0.0, _NOISE, faded.shape)
    return np.clip(np.rint(noisy), 0, WHITE).astype(np.uint8).reshape(count, -1)


def _moved(
    images: np.typing.NDArray[np.float64],
    *,
    angle: np.typing.NDArray[np.float64],
    shift: np.typing.NDArray[np.float64],
) -> np.typing.NDArray[np.float64]:
    """Images (n, 8, 8) turned by `angle` (n,) radians about the centre and moved by `shift` (n, 2) pixels.

    Bilinear between pixels, black outside.
    """
    axis = np.arange(_SIDE) - _CENTRE
    row, column = np.meshgrid(axis, axis, indexing="ij")
    cosine, sine = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
    from_row = np.clip(cosine * row - sine * column + _CENTRE + shift[:, 0, None, None], -1, _SIDE)
    from_column = np.clip(sine * row + cosine * column + _CENTRE + shift[:, 1, None, None], -1, _SIDE)
    top, left = np.floor(from_row).astype(np.int64), np.floor(from_column).astype(np.int64)
    down, right = from_row - top, from_column - left
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2)))
    which = np.arange(len(images))[:, None, None]
    upper = padded[which, top + 1, left + 1] * (1 - right) + padded[which, top + 1, left + 2] * right
    lower = padded[which, top + 2, left + 1] * (1 - right) + padded[which, top + 2, left + 2] * right
    return np.asarray(upper * (1 - down) + lower * down)


@cache
def _all() -> tuple[Images, Labels]:
    """Every digit. Read from scikit-learn's file: importing the library takes two seconds, which validators
    save.
    """
    spec = find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the digits come with scikit-learn, which is not installed", name="sklearn")
    file = Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz"
    table = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    table.flags.writeable = False
    return table[:, :-1], table[:, -1].astype(np.int64)
