import subprocess
import sys

import pytest

from ganglion.neuron.package import OptionInvalid
from ganglion.subnets.forecast.kinds import KINDS
from ganglion.subnets.forecast.package import PACKAGE


def test_every_kind_has_its_miner_and_the_first_is_the_best():
    assert PACKAGE.kinds[0] == "ensemble"
    assert [PACKAGE.make_miner(kind, 1, {}).kind for kind in KINDS] == list(KINDS)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="oracle"):
        PACKAGE.make_miner("oracle", 1, {})


@pytest.mark.parametrize("options", [{"series": "7"}, {"series": "57"}, {"live-every": "-1"}, {"seris": "9"}])
def test_options_which_are_not_taken_are_named(options):
    with pytest.raises(OptionInvalid, match=next(iter(options))):
        PACKAGE.make_validator(1, options)


def test_a_miner_takes_no_options():
    with pytest.raises(OptionInvalid):
        PACKAGE.make_miner("momentum", 1, {"series": "9"})


def test_naming_the_subnet_loads_no_model():
    code = "import sys, ganglion.subnets.forecast.package; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
