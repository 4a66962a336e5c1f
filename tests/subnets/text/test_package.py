import subprocess
import sys
from importlib.util import find_spec

import pytest

from ganglion.neuron.package import OptionInvalid
from ganglion.subnets.text.huggingface import ModelUnavailable
from ganglion.subnets.text.kinds import KINDS, BackendKind
from ganglion.subnets.text.package import PACKAGE
from ganglion.subnets.text.task import TASK

NEEDED = {
    BackendKind.TRANSFORMERS: {"model": "/models/tiny"},
    BackendKind.UPSTREAM: {"upstream": "http://127.0.0.1:1/v1", "model": "tiny"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_miner_which_says_so(kind):
    miner = PACKAGE.make_miner(kind, 1, NEEDED.get(kind, {}))
    assert miner.kind == kind
    assert miner.task is TASK


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("oracle", {}),
        ("blend", {"model": "x"}),
        ("upstream", {}),
        ("upstream", {"upstream": "http://x"}),
        ("upstream", {"upstream": "file:///etc", "model": "x"}),
        ("upstream", {"upstream": "http://x", "model": "x", "api": "telepathy"}),
        ("transformers", {}),
        ("transformers", {"model": ""}),
    ],
)
def test_a_miners_option_which_makes_no_sense_is_refused(kind, options):
    with pytest.raises(OptionInvalid):
        PACKAGE.make_miner(kind, 1, options)


@pytest.mark.parametrize(
    "options", [{"period": "0"}, {"period": "-5"}, {"period": "long"}, {"corpus": "/none"}, {"model": "x"}]
)
def test_a_validators_option_which_makes_no_sense_is_refused(options):
    with pytest.raises(OptionInvalid):
        PACKAGE.make_validator(1, options)


def test_a_validator_takes_texts_of_its_operator(tmp_path):
    (tmp_path / "own.txt").write_text("Some words of my own. " * 50)
    assert PACKAGE.make_validator(1, {"corpus": str(tmp_path), "period": "50"}).task is TASK


def test_naming_the_subnet_imports_no_model():
    code = (
        "import sys, ganglion.subnets.text.package as p; print('ganglion.subnets.text.models' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.skipif(find_spec("transformers") is not None, reason="transformers is installed")
async def test_without_the_extra_the_operator_is_told_what_to_install(tmp_path):
    miner = PACKAGE.make_miner(BackendKind.TRANSFORMERS, 1, {"model": str(tmp_path)})
    with pytest.raises(ModelUnavailable, match=r"ganglion\[transformers\]"):
        await miner.start(None)
