"""A real chain, real miners, a real validator, and `ganglion audit` as anybody runs it."""

import json

import pytest
from tests.support.live_subnet import VALIDATOR, live_subnet, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]

OPTIONS = ("--evidence-port", "0", "--alpha", "0.5")


@pytest.fixture(scope="module")
def subnet(tmp_path_factory):
    with live_subnet(tmp_path_factory.mktemp("live"), ("knn", "logistic", "guess")) as subnet:
        yield subnet


def test_an_honest_validator_audits_clean_and_one_which_shifts_weight_to_a_friend_is_named(subnet):
    validator = subnet.start_neuron(VALIDATOR, "validator", "--interval", "0.5", *OPTIONS)
    wait_for(validator, "weights", times=2)
    validator.terminate()
    assert validator.wait(timeout=30) == 0
    # Started again, it works one round and rests.
    validator = subnet.start_neuron(VALIDATOR, "validator", "--interval", "3600", *OPTIONS)
    wait_for(validator, "weights")

    clean = subnet.audit("--json")
    assert (clean.returncode, clean.stderr) == (0, ""), clean.stdout
    report = json.loads(clean.stdout)
    assert report["segments"] >= 3
    assert {miner["answered"] for miner in report["miners"]} == {report["rounds"]}

    subnet.set_weights({"knn": 1.0, "guess": 1.0})
    shifted = subnet.audit("--json")
    assert (shifted.returncode, shifted.stderr) == (1, "")
    friend = subnet.wallets["guess"].hotkeypub.ss58_address
    differences = json.loads(shifted.stdout)["differences"]
    assert {difference["kind"] for difference in differences} == {"chain"}
    (found,) = [difference for difference in differences if difference["hotkey"] == friend]
    assert found["text"].startswith("weight 65535 on the chain")
    told = subnet.audit()
    assert (told.returncode, "2 differences" in told.stdout) == (1, True), told.stdout
    assert f"chain: segment {found['place']['segment']} uid {found['uid']}: weight 65535" in told.stdout

    miner = subnet.audit(hotkey=friend)
    assert (miner.returncode, "publishes no evidence" in miner.stderr) == (2, True)
