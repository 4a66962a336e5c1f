"""Environments of their own for the real clients, so that their dependencies never meet ours.

`sdk` holds the `bittensor` SDK with its `btcli`, `asi` holds `async-substrate-interface`, `polkadot` holds
`@polkadot/api`. Each lives under `.venvs/` of the repository. An environment is made anew only when what it
is made from changes: the digest of that is kept in a stamp inside it.

    python tests/clients/environments.py            make all, passing over those whose tools are missing
    python tests/clients/environments.py asi        make one and write its directory as the last line
"""

import fcntl
import hashlib
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1] / ".venvs"
STAMP = "made-from.sha256"
TOOL_IS_MISSING = 3
"""Exit status when the machine lacks a tool that the environment needs: a reason to skip, not a failure."""


class ToolMissing(Exception):
    """A program without which an environment is of no use is not installed."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A directory under `.venvs/`, what it is made from, how, and which programs that takes."""

    name: str
    ingredients: Callable[[], bytes]
    build: Callable[[Path], None]
    tools: tuple[str, ...] = ()

    @property
    def directory(self) -> Path:
        return HOME / self.name


def python_packages(*requirements: str) -> tuple[Callable[[], bytes], Callable[[Path], None]]:
    """A virtual environment of this very Python with `requirements` installed."""

    def ingredients() -> bytes:
        return "\n".join((sys.version, *requirements)).encode()

    def build(directory: Path) -> None:
        run(sys.executable, "-m", "venv", str(directory))
        run(str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet", *requirements)

    return ingredients, build


def node_packages(manifest: Path) -> tuple[Callable[[], bytes], Callable[[Path], None]]:
    """The packages which the lock file in the directory `manifest` pins, installed by npm."""
    files = (manifest / "package.json", manifest / "package-lock.json")

    def ingredients() -> bytes:
        return b"\n".join(file.read_bytes() for file in files)

    def build(directory: Path) -> None:
        directory.mkdir(parents=True)
        for file in files:
            shutil.copy(file, directory)
        run("npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", cwd=directory)

    return ingredients, build


ENVIRONMENTS = {
    environment.name: environment
    for environment in (
        Environment("sdk", *python_packages("bittensor==11.3.0")),
        Environment("asi", *python_packages("async-substrate-interface==2.2.1", "bittensor-wallet==4.1.1")),
        Environment("polkadot", *node_packages(HERE / "polkadot"), tools=("node", "npm")),
    )
}


def run(*command: str, cwd: Path | None = None) -> None:
    """Run `command` to its end; its output goes to our stderr. Raises CalledProcessError if it fails."""
    subprocess.run(command, cwd=cwd, check=True, stdout=sys.stderr)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lock of the environment `name`: several test processes may want it at once."""
    HOME.mkdir(exist_ok=True)
    with (HOME / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure(environment: Environment) -> Path:
    """The directory of `environment`, made first if it is missing or made from something else.

    Raises: ToolMissing; CalledProcessError when an installer fails (its own words are on stderr).
    """
    for tool in environment.tools:
        if shutil.which(tool) is None:
            raise ToolMissing(f"{tool} is not installed: the {environment.name} client cannot be tried here")
    digest = hashlib.sha256(environment.ingredients()).hexdigest()
    stamp = environment.directory / STAMP
    with alone(environment.name):
        if stamp.exists() and stamp.read_text() == digest:
            return environment.directory
        shutil.rmtree(environment.directory, ignore_errors=True)
        log.info("making %s", environment.directory)
        environment.build(environment.directory)
        stamp.write_text(digest)
    return environment.directory


def main(names: list[str]) -> int:
    """Make the environments called `names`, or all that this machine has the tools for."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    status = 0
    for name in names or ENVIRONMENTS:
        try:
            sys.stdout.write(f"{ensure(ENVIRONMENTS[name])}\n")
        except ToolMissing as missing:
            log.warning("%s", missing)
            status = TOOL_IS_MISSING if names else 0
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
