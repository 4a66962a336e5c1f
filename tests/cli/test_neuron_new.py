import json
import os
import subprocess
import sys

import pytest
from bittensor import Wallet

# As the console script does it: the current directory is not on the path.
GANGLION = [sys.executable, "-c", "import sys; sys.path.remove(''); from ganglion.cli.main import app; app()"]


def run(directory, *arguments, check=False):
    return subprocess.run([*GANGLION, *arguments], cwd=directory, capture_output=True, text=True, check=check)


@pytest.fixture
def written(tmp_path):
    """A directory with a new subnet `primes`."""
    done = run(tmp_path, "neuron", "new", "primes", check=True)
    assert "primes.subnet:PACKAGE" in done.stdout
    return tmp_path


def test_the_new_subnets_tests_pass_and_do_test_something(written):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_primes.py"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run(command, cwd=written, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, "3 passed" in done.stdout) == (0, True), done.stdout
    subnet = written / "primes" / "subnet.py"
    subnet.write_text(subnet.read_text().replace('"lazy": 0', '"lazy": 8'))
    assert subprocess.run(command, cwd=written, capture_output=True, env=environment, check=False).returncode


def test_nothing_of_the_skeletons_name_is_left_and_it_is_short(written):
    text = (written / "primes" / "subnet.py").read_text() + (written / "test_primes.py").read_text()
    assert "skeleton" not in text
    assert len((written / "primes" / "subnet.py").read_text().splitlines()) < 100


def test_the_new_subnet_runs(written):
    Wallet(name="me", hotkey="default", path=str(written)).create_new_hotkey(suppress=True)
    options = ["--subnet", "primes.subnet:PACKAGE", "--netuid", "1", "--wallet-path", str(written)]
    nowhere = ["--chain", "ws://127.0.0.1:1"]
    with subprocess.Popen(
        [*GANGLION, "neuron", "miner", *options, "--wallet-name", "me", "--port", "0", *nowhere],
        cwd=written,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        ready = json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(timeout=30) == 0
    assert (ready["event"], ready["kind"]) == ("ready", "newton")


@pytest.mark.parametrize("name", ["Primes", "2primes", "my-subnet", "class", "a b", "../x", "é", ""])
def test_what_is_no_package_name_is_refused_and_writes_nothing(tmp_path, name):
    assert run(tmp_path, "neuron", "new", name).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_exists_is_overwritten(tmp_path):
    (tmp_path / "test_primes.py").write_text("mine")
    assert run(tmp_path, "neuron", "new", "primes").returncode == 2
    assert [file.name for file in tmp_path.iterdir()] == ["test_primes.py"]
    assert (tmp_path / "test_primes.py").read_text() == "mine"
