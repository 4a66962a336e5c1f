"""u16 proportions and back."""

import json
from pathlib import Path

from ganglion.fixed import proportion_to_u16, u16_to_proportion

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "u16.json").read_text())


def test_u16_to_proportion_gives_the_recorded_bits():
    recorded = VECTORS["u16_to_i32f32_proportion"]
    assert [[x, u16_to_proportion(x)] for x, _ in recorded] == recorded


def test_proportion_to_u16_gives_the_recorded_values():
    recorded = VECTORS["i32f32_proportion_to_u16"]
    assert [[x, proportion_to_u16(x)] for x, _ in recorded] == recorded


def test_there_and_back_loses_what_was_recorded():
    recorded = VECTORS["u16_round_trip_loss"]
    assert [[x, proportion_to_u16(u16_to_proportion(x))] for x, _ in recorded] == recorded
