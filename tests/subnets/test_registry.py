import re

import pytest

from ganglion.subnets.registry import SUBNETS, SubnetUnknown, subnet
from ganglion.subnets.vision.package import PACKAGE


@pytest.mark.parametrize("name", SUBNETS)
def test_every_listed_subnet_is_there_under_its_name(name):
    assert subnet(name).name == name


def test_an_authors_own_is_found_by_module_and_object():
    assert subnet("ganglion.subnets.vision.package:PACKAGE") is PACKAGE


@pytest.mark.parametrize("name", ["oracle", "no.such.module:PACKAGE", "sys:nothing", "sys:argv", ":", "a:"])
def test_what_is_no_subnet_is_refused_with_its_name(name):
    with pytest.raises(SubnetUnknown, match=re.escape(name)):
        subnet(name)
