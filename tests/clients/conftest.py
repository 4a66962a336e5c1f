"""A real node process, under each engine, and the real clients as processes beside it.

Every client program writes one JSON object as its last line. Programs get a home directory of their own,
because the SDK keeps the metadata of the chains that it saw there.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from replicas import Replicas, needs_cometbft

HERE = Path(__file__).resolve().parent
TOOL_IS_MISSING = 3
BLOCK_TIME_S = 0.5
"""Encrypted transactions live for 8 blocks: quicker ones may pass before a busy client is done."""

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
CLIENT_TIMEOUT_S = 90
"""The SDK may hang on Python 3.11 when it closes with reads in flight: no client waits longer than this."""

Run = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Node:
    """A running `ganglion node`: where clients reach it, where it writes its log, how quick it is."""

    url: str
    log: Path
    block_time_s: float


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for_line(log: Path, line: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until `line` stands in `log`. Fails with the log's end if the process ends or the time is over."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while line not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the node never wrote {line!r}; its log ends with:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def start_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str | Path], Node]]:
    """Starts nodes with quick blocks and fresh data directories: `start_node(chain)`; all stop at the end."""
    with ExitStack() as running:
        yield lambda chain: running.enter_context(running_node(chain, tmp_path_factory.mktemp("node")))


@contextmanager
def running_node(chain: str | Path, directory: Path) -> Iterator[Node]:
    """A node of a chain (a preset's name or a file), which must stop well at the end."""
    port, log = free_port(), directory / "node.log"
    command = [Path(sys.executable).with_name("ganglion"), "node", "--chain", str(chain)]
    command += ["--block-time", str(BLOCK_TIME_S), "--data", str(directory / "data"), "--port", str(port)]
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT)
    try:
        wait_for_line(log, "Imported #1", process)
        yield Node(f"ws://127.0.0.1:{port}", log, BLOCK_TIME_S)
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(STOP_TIMEOUT_S)
    assert status == 0, f"the node did not stop well:\n{log.read_text()[-3000:]}"


@contextmanager
def running_validator(directory: Path) -> Iterator[Node]:
    """The only validator of a replicated localnet, with its CometBFT; it must stop well at the end."""
    replicas = Replicas(directory, 1, block_time_s=BLOCK_TIME_S)
    name = replicas.node(0).name
    replicas.start(0)
    try:
        replicas.reaches(1)
        yield Node(replicas.node(0).url, replicas.log(name), BLOCK_TIME_S)
    finally:
        status = replicas.end(0)
    assert status == 0, f"the node did not stop well:\n{replicas.log(name).read_text()[-3000:]}"


@pytest.fixture(scope="session", params=["solo", "comet"])
def node(
    request: pytest.FixtureRequest,
    start_node: Callable[[str | Path], Node],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Node]:
    """The localnet node that most tests share: all of them once under each engine."""
    if request.param == "solo":
        yield start_node("localnet")
        return
    needs_cometbft()
    with running_validator(tmp_path_factory.mktemp("validator")) as validator:
        yield validator


def environment(name: str) -> Path:
    """The directory of the client environment `name`, made if needed. Skips if a tool for it is missing."""
    made = subprocess.run(
        [sys.executable, HERE / "environments.py", name], capture_output=True, text=True, check=False
    )
    if made.returncode == TOOL_IS_MISSING:
        pytest.skip(made.stderr.splitlines()[-1])
    assert made.returncode == 0, made.stderr
    return Path(made.stdout.splitlines()[-1])


def last_json(command: list[str | Path], **options: Any) -> dict[str, Any]:
    """Run a client program and read the JSON of its last line. Fails with all it wrote if it ends badly."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=CLIENT_TIMEOUT_S, check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment variables of a client: ours, with a home directory of its own."""
    return {**os.environ, "HOME": str(tmp_path_factory.mktemp("home")), "NO_COLOR": "1", "COLUMNS": "200"}


@pytest.fixture(scope="session")
def sdk_environment() -> Path:
    return environment("sdk")


@pytest.fixture(scope="session")
def wallets(sdk_environment: Path, home: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wallet directory on disk: `alice` to `ferdie`, unencrypted, each with the hotkey `default`."""
    directory = tmp_path_factory.mktemp("wallets")
    program = HERE / "sdk" / "make_wallets.py"
    last_json([sdk_environment / "bin" / "python", program, directory], env=home)
    return directory


@pytest.fixture(scope="session")
def sdk_on(sdk_environment: Path, wallets: Path, home: dict[str, str]) -> Callable[[Node], Run]:
    """How to run programs of `sdk/` with the `bittensor` SDK against a node."""
    python = sdk_environment / "bin" / "python"

    def on(node: Node) -> Run:
        def run(program: str, *arguments: object) -> dict[str, Any]:
            command = [python, HERE / "sdk" / program, node.url, wallets, *map(str, arguments)]
            return last_json(command, env=home)

        return run

    return on


@pytest.fixture(scope="session")
def sdk(node: Node, sdk_on: Callable[[Node], Run]) -> Run:
    """Runs a program of `sdk/` against the shared node: `sdk("transfer.py", "alice", "bob")`."""
    return sdk_on(node)


@pytest.fixture(scope="session")
def asi(node: Node, home: dict[str, str]) -> Run:
    """Runs a program of `asi/` with `async-substrate-interface`."""
    python = environment("asi") / "bin" / "python"

    def run(program: str, *arguments: object) -> dict[str, Any]:
        return last_json([python, HERE / "asi" / program, node.url, *map(str, arguments)], env=home)

    return run


@pytest.fixture(scope="session")
def polkadot(node: Node, home: dict[str, str]) -> Run:
    """Runs a program of `polkadot/` with `@polkadot/api`.

    The program comes over stdin, because Node looks for packages beside the program's own file, or in the
    working directory when it has none.
    """
    directory = environment("polkadot")

    def run(program: str, *arguments: object) -> dict[str, Any]:
        command = ["node", "--input-type=module", "-", node.url, *map(str, arguments)]
        source = (HERE / "polkadot" / program).read_text()
        return last_json(command, input=source, cwd=directory, env=home)

    return run


@pytest.fixture(scope="session")
def subnet(sdk: Run) -> dict[str, Any]:
    """A subnet registered and started by Alice, whose hotkey is its first neuron."""
    return sdk("register_subnet.py", "alice")
