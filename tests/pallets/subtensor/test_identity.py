"""Identities of coldkeys and subnets."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.identity import COLDKEY_LIMITS, SUBNET_LIMITS, Identities

SET = Identities.set_identity
SET_SUBNET = Identities.set_subnet_identity


def texts(limits, **changes):
    return dict.fromkeys(limits, b"") | changes


def test_a_coldkey_with_a_neuron_presents_itself(chain, who):
    chain.subnet()
    chain.call(SET, **texts(COLDKEY_LIMITS, name=b"Ada"), by="owner")
    assert chain[Identities].identities_v2[who("owner")].name == b"Ada"
    assert chain.events(events.ChainIdentitySet) == [events.ChainIdentitySet(who("owner"))]


def test_a_coldkey_without_a_neuron_cannot(chain):
    with chain.refuses(errors.HotKeyNotRegisteredInNetwork):
        chain.call(SET, **texts(COLDKEY_LIMITS), by="nobody")
    with chain.refuses(BadOrigin):
        chain.call(SET, **texts(COLDKEY_LIMITS), by=NONE)


@pytest.mark.parametrize("field", COLDKEY_LIMITS)
def test_a_field_of_a_coldkeys_identity_may_be_just_so_long(chain, field):
    chain.subnet()
    chain.call(SET, **texts(COLDKEY_LIMITS, **{field: b"x" * COLDKEY_LIMITS[field]}), by="owner")
    with chain.refuses(errors.InvalidIdentity):
        chain.call(SET, **texts(COLDKEY_LIMITS, **{field: b"x" * (COLDKEY_LIMITS[field] + 1)}), by="owner")


@pytest.mark.parametrize("field", SUBNET_LIMITS)
def test_a_field_of_a_subnets_identity_may_be_just_so_long(chain, field):
    netuid = chain.subnet()
    fits, exceeds = (b"x" * (SUBNET_LIMITS[field] + more) for more in (0, 1))
    chain.call(SET_SUBNET, netuid, **texts(SUBNET_LIMITS, **{field: fits}), by="owner")
    assert getattr(chain[Identities].subnet_identities_v3[netuid], field) == fits
    with chain.refuses(errors.InvalidIdentity):
        chain.call(SET_SUBNET, netuid, **texts(SUBNET_LIMITS, **{field: exceeds}), by="owner")


def test_a_stranger_cannot_present_a_subnet(chain):
    netuid = chain.subnet()
    with chain.refuses(errors.NotSubnetOwner):
        chain.call(SET_SUBNET, netuid, **texts(SUBNET_LIMITS), by="stranger")
    with chain.refuses(BadOrigin):
        chain.call(SET_SUBNET, netuid, **texts(SUBNET_LIMITS), by=NONE)
