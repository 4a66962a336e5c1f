import subprocess
import sys

import pytest

from ganglion.neuron.package import OptionInvalid
from ganglion.subnets.vision.kinds import KINDS
from ganglion.subnets.vision.package import PACKAGE


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_miner_which_says_so(kind):
    assert PACKAGE.make_miner(kind, 1, {}).kind == kind


@pytest.mark.parametrize(
    "options", [{"images": "many"}, {"images": "1"}, {"images": "-5"}, {"colour": "red"}]
)
def test_an_option_which_makes_no_sense_is_refused(options):
    with pytest.raises(OptionInvalid):
        PACKAGE.make_validator(1, options)


def test_naming_the_subnet_imports_no_model():
    code = "import sys, ganglion.subnets.vision.package; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
