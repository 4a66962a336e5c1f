import io
import json

from ganglion.neuron.report import LineReporter, MinerScore, Ready, RoundScored


def test_every_event_is_one_line_of_json_with_its_name_and_hotkey():
    stream = io.StringIO()
    reporter = LineReporter(stream, "me")
    reporter.report(Ready("miner", "svm", 1, "http://10.0.0.1:1", 0.5))
    reporter.report(RoundScored(1, 3, 100, (MinerScore(1, "a", 0.9, 0.1, 0.6, "ok"),)))
    ready, scored = map(json.loads, stream.getvalue().splitlines())
    assert (ready["event"], ready["hotkey"], ready["kind"]) == ("ready", "me", "svm")
    assert scored["miners"] == [
        {"uid": 1, "hotkey": "a", "quality": 0.9, "latency": 0.1, "score": 0.6, "outcome": "ok"}
    ]


def test_a_reader_which_went_away_does_not_hurt(caplog):
    class Broken(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError

    reporter = LineReporter(Broken(), "me")
    for _ in range(2):
        reporter.report(Ready("miner", "svm", 1, "", 0.5))
    assert caplog.text.count("reader=gone") == 1
