"""Several machines on one: network namespaces whose packets this process carries, delays and loses.

Each machine has a namespace with one interface, a TUN device whose other end is here, and so does the host.
No bridge, no firewall and no `tc` is needed, only root and /dev/net/tun: kernels often lack the rest.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import random
import selectors
import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pytest

SUBNET = "10.207.83"
HOST = 254
MTU = 1_500
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_LONGEST_NAP_S = 0.05


def needs_namespaces() -> None:
    """Skip the test where networks cannot be made."""
    if os.geteuid() or not Path("/dev/net/tun").exists() or shutil.which("ip") is None:
        pytest.skip("networks of several machines need root, /dev/net/tun and the program `ip`")


class Wires:
    """`machines` namespaces that reach each other and the host. `close` them."""

    def __init__(self, machines: int) -> None:
        self.hosts = tuple(f"{SUBNET}.{at + 1}" for at in range(machines))
        self._names = [f"ganglion-{os.getpid()}-{at}" for at in range(machines)]
        self._ends: dict[int, int] = {}
        self._groups: list[set[int]] = []
        self._delay_s, self._loss, self._random = 0.0, 0.0, random.Random(7)
        self._due: list[tuple[float, int, int, bytes]] = []
        self._order = count()
        self._stopping = threading.Event()
        for at, name in enumerate(self._names):
            _ip("netns", "add", name)
            self._ends[at + 1] = _tun(f"gw{os.getpid()}n{at}", f"{SUBNET}.{at + 1}", name)
        self._ends[HOST] = _tun(f"gw{os.getpid()}h", f"{SUBNET}.{HOST}", None)
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def on(self, machine: int) -> tuple[str, ...]:
        """What to put before a command so that it runs on a machine."""
        return ("ip", "netns", "exec", self._names[machine])

    def split(self, *groups: Iterable[int]) -> None:
        """From now on machines of different groups do not reach each other; the host reaches all."""
        self._groups = [{machine + 1 for machine in group} for group in groups]

    def heal(self) -> None:
        """All reach each other, without delay or loss."""
        self._groups, self._delay_s, self._loss = [], 0.0, 0.0

    def worsen(self, *, delay_s: float, loss: float) -> None:
        """Between machines every packet takes that long, and that share of them is lost."""
        self._delay_s, self._loss = delay_s, loss

    def close(self) -> None:
        """Take everything down."""
        self._stopping.set()
        self._thread.join()
        for end in self._ends.values():
            os.close(end)
        for name in self._names:
            _ip("netns", "delete", name)

    def _carry(self) -> None:
        with selectors.DefaultSelector() as selector:
            for number, end in self._ends.items():
                selector.register(end, selectors.EVENT_READ, number)
            while not self._stopping.is_set():
                nap_s = self._due[0][0] - time.monotonic() if self._due else _LONGEST_NAP_S
                for key, _ in selector.select(min(max(nap_s, 0.0), _LONGEST_NAP_S)):
                    self._take(key.fd, key.data)
                while self._due and self._due[0][0] <= time.monotonic():
                    _, _, end, packet = heapq.heappop(self._due)
                    _write(end, packet)

    def _take(self, end: int, sender: int) -> None:
        try:
            packet = os.read(end, MTU + 64)
        except BlockingIOError:
            return
        receiver = packet[19] if packet[0] >> 4 == 4 else 0
        if receiver not in self._ends:
            return
        if HOST in (sender, receiver):
            _write(self._ends[receiver], packet)
        elif self._reaches(sender, receiver) and self._random.random() >= self._loss:
            due_s = time.monotonic() + self._delay_s
            heapq.heappush(self._due, (due_s, next(self._order), self._ends[receiver], packet))

    def _reaches(self, sender: int, receiver: int) -> bool:
        return not self._groups or any({sender, receiver} <= group for group in self._groups)


def _tun(device: str, address: str, namespace: str | None) -> int:
    """Our end of a new TUN device that has the address."""
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH22x", device.encode(), _IFF_TUN | _IFF_NO_PI))
    inside: tuple[str, ...] = ()
    if namespace is not None:
        _ip("link", "set", device, "netns", namespace)
        inside = ("-n", namespace)
        _ip(*inside, "link", "set", "lo", "up")
    _ip(*inside, "address", "add", f"{address}/24", "dev", device)
    _ip(*inside, "link", "set", device, "up", "mtu", str(MTU))
    return end


def _write(end: int, packet: bytes) -> None:
    try:
        os.write(end, packet)
    except OSError:
        return  # a full queue loses packets, as networks do


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
