import pytest
from pydantic import ValidationError

from ganglion.neuron.task import Message, Task


class Point(Message):
    x: float
    n: int = 0


@pytest.mark.parametrize("body", ['{"x": NaN}', '{"x": Infinity}', '{"x": "1"}', '{"x": 1, "y": 2}', "{}"])
def test_messages_take_no_nan_nothing_coerced_and_nothing_unknown(body):
    with pytest.raises(ValidationError):
        Point.model_validate_json(body)


def test_messages_do_not_change():
    with pytest.raises(ValidationError):
        Point(x=1.0).x = 2.0


def test_streams_have_a_path_of_their_own():
    task = Task("points", "/points", Point, Point, 100, 100, 1.0)
    assert (task.stream_path, task.piece) == ("/points/stream", None)
