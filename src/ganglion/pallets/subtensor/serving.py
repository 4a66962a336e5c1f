"""Serving: neurons tell where they can be reached.

Source: subtensor pallets/subtensor/src/subnets/serving.rs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import AxonInfo, NeuronCertificate, PrometheusInfo
from ganglion.scale.types import AccountId, Bytes, u8, u16, u32, u128

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.system import System

LOCALHOST = {4: 0x7F00_0001, 6: 1}
BROADCAST = {4: 2**32 - 1, 6: 2**128 - 1}
MAX_PUBLIC_KEY = 64


class Serving(Section):
    """Endpoints of neurons, by subnet and hotkey."""

    system: System
    hyperparameters: Hyperparameters
    neurons: Neurons

    axons: StorageDoubleMap[NetUid, AccountId, AxonInfo | None] = storage(Identity, Blake2_128Concat)
    prometheus: StorageDoubleMap[NetUid, AccountId, PrometheusInfo | None] = storage(
        Identity, Blake2_128Concat
    )
    neuron_certificates: StorageDoubleMap[NetUid, AccountId, NeuronCertificate | None] = storage(
        Identity, Blake2_128Concat
    )

    @call(index=4)
    def serve_axon(
        self,
        origin: Origin,
        netuid: NetUid,
        version: u32,
        ip: u128,
        port: u16,
        ip_type: u8,
        protocol: u8,
        placeholder1: u8,
        placeholder2: u8,
    ) -> None:
        """Tell where the signing hotkey serves. An address of zero says that it does not.

        Raises: HotKeyNotRegisteredInNetwork, InvalidIpType, InvalidIpAddress, ServingRateLimitExceeded,
        InvalidPort. Emits: AxonServed.
        """
        hotkey = origin.signed()
        now = self.system.number.get()
        axon = AxonInfo(now, version, ip, port, ip_type, protocol, placeholder1, placeholder2)
        self.check_axon(hotkey, netuid, ip, port, ip_type)
        self.axons[netuid, hotkey] = axon
        self.emit(events.AxonServed(netuid, hotkey))

    @call(index=40)
    def serve_axon_tls(
        self,
        origin: Origin,
        netuid: NetUid,
        version: u32,
        ip: u128,
        port: u16,
        ip_type: u8,
        protocol: u8,
        placeholder1: u8,
        placeholder2: u8,
        certificate: Bytes,
    ) -> None:
        """As `serve_axon`, with a key for TLS: the algorithm's number, then the public key.

        A certificate that is empty or too long is left out. Raises and emits what `serve_axon` does.
        """
        hotkey = origin.signed()
        self.serve_axon(origin, netuid, version, ip, port, ip_type, protocol, placeholder1, placeholder2)
        if 0 < len(certificate) <= MAX_PUBLIC_KEY + 1:
            self.neuron_certificates[netuid, hotkey] = NeuronCertificate(certificate[1:], certificate[0])

    @call(index=5)
    def serve_prometheus(
        self, origin: Origin, netuid: NetUid, version: u32, ip: u128, port: u16, ip_type: u8
    ) -> None:
        """Tell where the signing hotkey serves its metrics.

        Raises: InvalidIpType, InvalidIpAddress, HotKeyNotRegisteredInNetwork, ServingRateLimitExceeded,
        InvalidPort. Emits: PrometheusServed.
        """
        hotkey = origin.signed()
        self.check_prometheus(hotkey, netuid, ip, port, ip_type)
        self.prometheus[netuid, hotkey] = PrometheusInfo(self.system.number.get(), version, ip, port, ip_type)
        self.emit(events.PrometheusServed(netuid, hotkey))

    def check_axon(self, hotkey: bytes, netuid: int, ip: int, port: int, ip_type: int) -> None:
        """Whether a hotkey may serve there. Raises as `serve_axon`."""
        self._check_registered(netuid, hotkey)
        _check_address(ip_type, ip)
        self._check_rate(netuid, self.axons[netuid, hotkey])
        _check_port(port)

    def check_prometheus(self, hotkey: bytes, netuid: int, ip: int, port: int, ip_type: int) -> None:
        """Whether a hotkey may serve its metrics there. Raises as `serve_prometheus`."""
        _check_address(ip_type, ip)
        if ip == 0:
            raise errors.InvalidIpAddress(ip)
        self._check_registered(netuid, hotkey)
        self._check_rate(netuid, self.prometheus[netuid, hotkey])
        _check_port(port)

    def endpoints(self) -> Iterator[tuple[int, bytes]]:
        """Netuid and hotkey of everything that is announced."""
        for announced in (self.axons, self.prometheus, self.neuron_certificates):
            yield from ((netuid, hotkey) for netuid, hotkey, _ in announced.items())

    def forget(self, netuid: int, hotkey: bytes) -> None:
        """Drop all endpoints of a hotkey on a subnet."""
        for endpoints in (self.axons, self.prometheus, self.neuron_certificates):
            del endpoints[netuid, hotkey]

    def move_hotkey(self, old: bytes, new: bytes, netuid: int) -> None:
        """Give a hotkey's endpoints to another."""
        self.axons[netuid, new] = self.axons.take((netuid, old)) or self.axons[netuid, new]
        self.prometheus[netuid, new] = self.prometheus.take((netuid, old)) or self.prometheus[netuid, new]
        certificate = self.neuron_certificates.take((netuid, old))
        self.neuron_certificates[netuid, new] = certificate or self.neuron_certificates[netuid, new]

    def _check_registered(self, netuid: int, hotkey: bytes) -> None:
        if self.neurons.uid(netuid, hotkey) is None:
            raise errors.HotKeyNotRegisteredInNetwork(netuid, hotkey)

    def _check_rate(self, netuid: int, last: AxonInfo | PrometheusInfo | None) -> None:
        limit = self.hyperparameters.serving_rate_limit[netuid]
        if last is not None and last.block and self.system.number.get() - last.block < limit:
            raise errors.ServingRateLimitExceeded(netuid, last.block, limit)


def _check_address(ip_type: int, ip: int) -> None:
    if ip_type not in LOCALHOST:
        raise errors.InvalidIpType(ip_type)
    too_wide = ip >= BROADCAST[4] if ip_type == 4 else ip == BROADCAST[6]
    if too_wide or ip == LOCALHOST[ip_type]:
        raise errors.InvalidIpAddress(ip_type, ip)


def _check_port(port: int) -> None:
    if port == 0:
        raise errors.InvalidPort(port)
