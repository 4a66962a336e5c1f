"""Which address a neuron publishes.

The chain refuses 127.0.0.1 (and ::1) in `serve_axon`, but no other address of the loopback network, and
takes any other. So: neurons for the world publish the address from which this machine reaches the world; a
network which lives on one machine can use a second loopback address, which exposes nothing and works
without a network. Source of the rule: subtensor, pallets/subtensor/src/subnets/serving.rs.
"""

from __future__ import annotations

import ipaddress
import socket

from ganglion.neuron.errors import AddressUnavailable

ANY = "0.0.0.0"
_SECOND_LOOPBACK = "127.0.0.2"
_SOMEWHERE = ("203.0.113.1", 9)  # a documentation address: asked for the route only, never sent to


def outward_address() -> str:
    """The IPv4 address of the interface which leads to the world; without one, the second loopback address.

    Raises: AddressUnavailable.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            return _bindable(_SECOND_LOOPBACK)
        address: str = probe.getsockname()[0]
    return address if is_publishable(address) else _bindable(_SECOND_LOOPBACK)


def machine_local_address() -> str:
    """An address for neurons which only this machine needs to reach: the second loopback address where the
    system has it (Linux), else the outward one. Raises: AddressUnavailable.
    """
    return _SECOND_LOOPBACK if is_own(_SECOND_LOOPBACK) else outward_address()


def published_and_host(external_ip: str | None, bind: str | None) -> tuple[str, str]:
    """The address to publish and the address to listen on.

    Published: `external_ip`, else the address which leads to the world. Listened on: `bind`, else the
    published one where it is this machine's, else every address. Raises: AddressUnavailable for one which
    the chain refuses.
    """
    published = external_ip or outward_address()
    if not is_publishable(published):
        raise AddressUnavailable(f"the chain does not accept {published} as an axon's ip")
    return published, bind or (published if is_own(published) else ANY)


def is_publishable(address: str) -> bool:
    """Whether `serve_axon` takes `address` and somebody could reach it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    refused = {ipaddress.ip_address(text) for text in ("127.0.0.1", "::1", "255.255.255.255")}
    return parsed not in refused and not parsed.is_unspecified


def is_own(address: str) -> bool:
    """Whether this machine can listen on `address`."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _bindable(address: str) -> str:
    if not is_own(address):
        raise AddressUnavailable(f"no route to the world and no {address}: give an external ip")
    return address
