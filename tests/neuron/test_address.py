import pytest

from ganglion.neuron import address


@pytest.mark.parametrize("refused", ["127.0.0.1", "::1", "0.0.0.0", "::", "255.255.255.255", "", "localhost"])
def test_what_the_chain_refuses_or_nobody_reaches_is_not_published(refused):
    assert not address.is_publishable(refused)


@pytest.mark.parametrize("accepted", ["127.0.0.2", "10.0.0.1", "203.0.113.7", "fd00::2"])
def test_every_other_address_may_be_published(accepted):
    assert address.is_publishable(accepted)


@pytest.mark.parametrize("found", [address.outward_address, address.machine_local_address])
def test_the_found_addresses_are_publishable_and_this_machines(found):
    assert address.is_publishable(found())
    assert address.is_own(found())


def test_an_address_of_another_machine_is_not_own():
    assert not address.is_own("203.0.113.7")
