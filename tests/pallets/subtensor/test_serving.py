"""Serving: what an endpoint may be, and how often."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.types import AxonInfo, NeuronCertificate, PrometheusInfo

AXON = {
    "version": 3,
    "ip": 0x01020304,
    "port": 8091,
    "ip_type": 4,
    "protocol": 4,
    "placeholder1": 0,
    "placeholder2": 0,
}
PROMETHEUS = {"version": 3, "ip": 0x01020304, "port": 8091, "ip_type": 4}


def serve(chain, netuid, by="owner_hotkey", **changes):
    chain.call(Serving.serve_axon, netuid, **(AXON | changes), by=by)


def test_an_axon_is_kept_with_its_block(chain, who):
    netuid = chain.subnet()
    serve(chain, netuid)
    assert chain[Serving].axons[netuid, who("owner_hotkey")] == AxonInfo(block=1, **AXON)
    assert chain.events(events.AxonServed) == [events.AxonServed(netuid, who("owner_hotkey"))]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ip_type": 5}, errors.InvalidIpType),
        ({"ip": 0x7F000001}, errors.InvalidIpAddress),
        ({"ip": 2**32 - 1}, errors.InvalidIpAddress),
        ({"ip": 2**32}, errors.InvalidIpAddress),
        ({"ip": 1, "ip_type": 6}, errors.InvalidIpAddress),
        ({"ip": 2**128 - 1, "ip_type": 6}, errors.InvalidIpAddress),
        ({"port": 0}, errors.InvalidPort),
    ],
)
def test_an_impossible_endpoint_is_refused(chain, changes, error):
    netuid = chain.subnet()
    with chain.refuses(error):
        serve(chain, netuid, **changes)
    with chain.refuses(error):
        chain.call(Serving.serve_prometheus, netuid, **(PROMETHEUS | changes), by="owner_hotkey")


@pytest.mark.parametrize("address", [{"ip": 0}, {"ip": 2, "ip_type": 6}, {"ip": 2**32 - 2}])
def test_zero_and_the_edges_are_possible_for_an_axon(chain, address):
    serve(chain, chain.subnet(), **address)


def test_metrics_need_an_address(chain):
    netuid = chain.subnet()
    with chain.refuses(errors.InvalidIpAddress):
        chain.call(Serving.serve_prometheus, netuid, **(PROMETHEUS | {"ip": 0}), by="owner_hotkey")


def test_only_neurons_of_the_subnet_serve(chain):
    netuid = chain.subnet()
    with chain.refuses(errors.HotKeyNotRegisteredInNetwork):
        serve(chain, netuid, by="stranger")
    with chain.refuses(BadOrigin):
        serve(chain, netuid, by=NONE)
    with chain.refuses(errors.HotKeyNotRegisteredInNetwork):
        chain.call(Serving.serve_prometheus, netuid, **PROMETHEUS, by="stranger")


def test_the_next_announcement_must_wait(chain, who):
    netuid = chain.subnet()
    serve(chain, netuid)
    chain.advance(49)
    with chain.refuses(errors.ServingRateLimitExceeded):
        serve(chain, netuid)
    chain.advance()
    serve(chain, netuid, port=1)
    assert chain[Serving].axons[netuid, who("owner_hotkey")].port == 1


def test_axon_and_metrics_wait_each_for_itself(chain, who):
    netuid = chain.subnet()
    serve(chain, netuid)
    chain.call(Serving.serve_prometheus, netuid, **PROMETHEUS, by="owner_hotkey")
    assert chain[Serving].prometheus[netuid, who("owner_hotkey")] == PrometheusInfo(block=1, **PROMETHEUS)
    assert chain.events(events.PrometheusServed) == [events.PrometheusServed(netuid, who("owner_hotkey"))]


@pytest.mark.parametrize(
    ("certificate", "kept"),
    [
        (b"\x01" + b"k" * 64, NeuronCertificate(b"k" * 64, 1)),
        (b"\x02", NeuronCertificate(b"", 2)),
        (b"", None),
        (b"\x01" + b"k" * 65, None),
    ],
)
def test_a_certificate_is_kept_if_it_fits_and_the_axon_in_any_case(chain, who, certificate, kept):
    netuid = chain.subnet()
    chain.call(Serving.serve_axon_tls, netuid, **AXON, certificate=certificate, by="owner_hotkey")
    assert chain[Serving].neuron_certificates[netuid, who("owner_hotkey")] == kept
    assert chain[Serving].axons[netuid, who("owner_hotkey")].port == 8091


def test_what_is_forgotten_is_gone(chain, who):
    netuid = chain.subnet()
    serve(chain, netuid)
    chain[Serving].forget(netuid, who("owner_hotkey"))
    assert (netuid, who("owner_hotkey")) not in chain[Serving].axons
