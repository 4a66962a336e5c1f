import pytest

from ganglion.neuron import address
from ganglion.neuron.errors import AddressUnavailable


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


def test_a_miner_listens_where_it_publishes_if_that_is_this_machine():
    published, host = address.published_and_host(None, None)
    assert published == host
    assert address.published_and_host("203.0.113.7", None) == ("203.0.113.7", "0.0.0.0")
    assert address.published_and_host("203.0.113.7", "127.0.0.1") == ("203.0.113.7", "127.0.0.1")


def test_an_address_which_the_chain_refuses_is_refused_here_already():
    with pytest.raises(AddressUnavailable):
        address.published_and_host("127.0.0.1", None)
