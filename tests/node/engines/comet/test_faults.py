"""What may happen to four validators on four machines: nobody disagrees, nothing committed is lost.

Takes minutes, so it is no part of `make test`: run it with `make faults`. What was seen is in
docs/reliability.md.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.node import chain_spec
from ganglion.node.engines.comet.keys import read_key
from ganglion.node.engines.comet.process import find_binary
from replicas import Replicas, eventually, needs_cometbft
from skewed_comet import skewed_cometbft
from wires import Wires, needs_namespaces

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("comet")]

ALICE, BOB = Keypair("//Alice"), Keypair("//Bob")
ALL = (0, 1, 2, 3)
QUIET_S = 8.0
"""Long enough for a block or two, if there were any."""


@pytest.fixture(scope="module")
def wires() -> Iterator[Wires]:
    needs_cometbft()
    needs_namespaces()
    made = Wires(len(ALL))
    yield made
    made.close()


@pytest.fixture(scope="module")
def network(wires: Wires, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    replicas = Replicas(tmp_path_factory.mktemp("machines"), len(ALL), wires=wires)
    replicas.start()
    replicas.reaches(3)
    yield replicas
    replicas.close()
    replicas.audit()


@pytest.fixture
def fault(network: Replicas, wires: Wires, record_property: Any) -> Iterator[Any]:
    """Keeps what was committed before, and in the end, healed, compares all nodes; tells what it took."""
    before = network.history(0)
    began_s = time.monotonic()
    yield record_property
    wires.heal()
    network.beyond()
    eventually("no transaction waits", lambda: not any(waiting(network, number) for number in ALL))
    network.is_sound(before)
    record_property("blocks", network.head(0) - len(before) + 1)
    record_property("seconds", round(time.monotonic() - began_s, 1))


@pytest.fixture
def pay(network: Replicas, signer: Any) -> Any:
    """Sends a transfer to one node, and waits until others know of it."""
    spec = chain_spec.load(str(network.layout.spec))
    signs = type(signer)(spec.runtime(), spec.build_genesis(spec.runtime()).stored.hash)

    def nonce(number: int) -> int:
        found: int = network.call(network.node(number).url, "system_accountNextIndex", ALICE.address)
        return found

    def go(number: int, *others: int) -> None:
        mine = nonce(number)
        raw = signs.transfer(ALICE, mine, BOB)
        assert network.call(network.node(number).url, "author_submitExtrinsic", f"0x{raw.hex()}")
        for other in others:
            eventually(f"node {other} knows of the transfer", lambda at=other: nonce(at) > mine)

    return go


def ends(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ends soon; it is made to if not."""
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def waiting(network: Replicas, number: int) -> list[str]:
    """The transactions in a node's pool."""
    found: list[str] = network.call(network.node(number).url, "author_pendingExtrinsics")
    return found


def last_words(network: Replicas, number: int) -> str:
    """The line with which a node ended."""
    lines = network.log(network.node(number).name).read_text().splitlines()
    assert lines[-1].startswith("ganglion node: ")
    return lines[-1]


def said(network: Replicas, number: int, words: str) -> bool:
    return words in network.log(network.node(number).name).read_text()


def stands_still(network: Replicas, *numbers: int) -> None:
    """Nobody of them gets more than the block that was on its way."""
    heads = [network.head(number) for number in numbers]
    time.sleep(QUIET_S)
    assert all(network.head(number) <= head + 1 for number, head in zip(numbers, heads, strict=True))


@pytest.mark.parametrize("number", ALL)
def test_any_node_may_be_killed(network: Replicas, fault: Any, pay: Any, number: int) -> None:
    others = [other for other in ALL if other != number]
    network.kill(number)
    pay(others[0], *others)
    network.beyond(*others)
    network.start(number)


def test_one_that_was_long_away_catches_up(network: Replicas, fault: Any) -> None:
    network.kill(3)
    height = network.beyond(0, 1, 2, by=60)
    began_s = time.monotonic()
    network.start(3)
    network.reaches(height, 3)
    fault("start and 60 blocks, s", round(time.monotonic() - began_s, 1))


def test_cometbft_alone_may_be_killed(network: Replicas, fault: Any) -> None:
    killed = network.comet_pid(1)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    eventually("another runs", lambda: network.comet_pid(1) not in (None, killed))


def test_the_application_alone_may_be_killed(network: Replicas, wires: Wires, fault: Any) -> None:
    network.end(1)
    home = network.layout.data(network.node(1)) / "comet"
    for _ in range(2):
        network.start(1, options=("--attach",))
        eventually("it listens", (home / "abci.sock").exists)
        command = [*wires.on(1), find_binary(None), "start", "--home", str(home)]
        comet = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        network.beyond()
        network.kill(1)
        fault("CometBFT ends by itself", ends(comet))
    network.beyond(0, 2, 3)
    network.start(1)


def test_a_partition_in_halves_stops_the_chain_until_it_heals(
    network: Replicas, wires: Wires, fault: Any, pay: Any
) -> None:
    wires.split((0, 1), (2, 3))
    stands_still(network, *ALL)
    pay(0)
    wires.heal()
    healed_s = time.monotonic()
    network.beyond(by=1)
    fault("first block after, s", round(time.monotonic() - healed_s, 1))
    pay(0, *ALL)  # whose nonce is that behind the one which waited


def test_three_go_on_without_one_that_is_cut_off(
    network: Replicas, wires: Wires, fault: Any, pay: Any
) -> None:
    wires.split((0, 1, 2), (3,))
    pay(0, 1, 2)
    height = network.beyond(0, 1, 2)
    stands_still(network, 3)
    wires.heal()
    healed_s = time.monotonic()
    network.reaches(height, 3)
    fault("caught up after, s", round(time.monotonic() - healed_s, 1))


def test_slow_and_lossy_links_make_it_slow_and_nothing_else(
    network: Replicas, wires: Wires, fault: Any, pay: Any
) -> None:
    wires.worsen(delay_s=0.2, loss=0.05)
    began_s = time.monotonic()
    network.beyond(by=10)
    fault("block time, s", round((time.monotonic() - began_s) / 10, 2))
    pay(1, *ALL)


@pytest.mark.parametrize("how", ["garbage,twice,no time,nothing,backwards", "later,earlier", "root"])
def test_a_lying_proposer_gets_nothing_in(network: Replicas, fault: Any, pay: Any, how: str) -> None:
    network.end(3)
    network.start(3, through=("byzantine", how))
    honest = (0, 1, 2)
    liar = read_key(network.layout.data(network.node(3)) / "comet" / "config" / "priv_validator_key.json")
    first = network.beyond(*honest, by=2)
    last = network.beyond(*honest, by=10)
    pay(0, *honest)
    digests = [digest_at(network, height) for height in range(first, last)]
    assert not any(liar.address.hex() in digest for digest in digests)
    if how != "root":
        assert said(network, 0, "voted against")
    network.kill(3)
    rejoin(network, 3)  # what it kept may be what it made up


def digest_at(network: Replicas, height: int) -> str:
    header = network.call(network.node(0).url, "chain_getHeader", network.hash_at(0, height))
    return "".join(header["digest"]["logs"])


@pytest.mark.parametrize("skew", ["-45s", "20m"])
def test_a_wrong_clock_of_one_moves_nobodys_time(
    network: Replicas, fault: Any, tmp_path: Path, skew: str
) -> None:
    network.end(2)
    network.start(2, options=("--cometbft", str(skewed_cometbft(tmp_path))), COMET_SKEW=skew)
    network.beyond(by=8)
    ahead_s = newest_ms(network) / 1000 - time.time()
    fault("chain's clock ahead by, s", round(ahead_s, 1))
    assert abs(ahead_s) < 10
    network.end(2)
    network.start(2)


def newest_ms(network: Replicas) -> int:
    """Timestamp.Now of the newest block."""
    key = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb"
    stored = network.call(network.node(0).url, "state_getStorage", key)
    return int.from_bytes(bytes.fromhex(stored[2:]), "little")


def test_a_damaged_node_refuses_and_takes_the_state_from_its_peers_again(
    network: Replicas, wires: Wires, fault: Any
) -> None:
    network.end(3)
    node = network.node(3)
    database = network.layout.data(node) / "chain" / "data.mdb"
    with database.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(os.urandom(database.stat().st_size - 2 * 4096))
    network.start(3)
    assert network.ended(3) == 1
    assert "damaged" in last_words(network, 3)
    fault("it says", last_words(network, 3))
    rejoin(network, 3)
    network.end(0)  # the three others need its vote now
    network.beyond(1, 2, 3)
    network.start(0)


def rejoin(network: Replicas, number: int) -> None:
    """Have a node forget its chain and take the state from its peers."""
    node = network.node(number)
    peers = [part for at in (0, 1) for part in ("--peer", comet_url(network, at))]
    network.run(
        node.name, "ganglion", "node", "join", "--chain", str(network.layout.spec), "--afresh",
        "--data", str(network.layout.data(node)), *peers, "--host", node.host, "--port", str(node.port),
        "--p2p-port", str(node.p2p_port), "--comet-port", str(node.comet_port), machine=number,
    )  # fmt: skip
    eventually("it follows", lambda: network.head(number) >= network.head(0) - 1 > 0)


def comet_url(network: Replicas, number: int) -> str:
    node = network.node(number)
    return f"http://{node.host}:{node.comet_port}"


def test_a_full_disk_stops_its_node_only_and_room_lets_it_go_on(
    network: Replicas, fault: Any, tmp_path: Path
) -> None:
    network.end(2)
    data = network.layout.data(network.node(2))
    moved = tmp_path / "moved"
    data.rename(moved)
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(data)], check=True)
    try:
        shutil.copytree(moved, data, dirs_exist_ok=True)
        network.start(2)
        network.beyond()
        fill(data / "ballast")
        status = network.ended(2)
        fault("it says", last_words(network, 2))
        assert "make room" in last_words(network, 2)
        assert status == 1
        network.beyond(0, 1, 3)
        (data / "ballast").unlink()
        network.start(2)
        network.beyond()
        network.end(2)
    finally:
        shutil.copytree(data, moved, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
        subprocess.run(["umount", str(data)], check=True)
        data.rmdir()
        moved.rename(data)
    network.start(2)


def fill(path: Path) -> None:
    """Take all the room that there is."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
