import pytest
from bittensor import Wallet
from tests.support.audited_subnet import World

from ganglion.neuron.keys import load_hotkey

MINERS = ("friend", "rival", "third")


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    path = tmp_path_factory.mktemp("wallets")
    for name in ("validator", *MINERS, "newcomer"):
        Wallet(name=name, hotkey="default", path=str(path)).create_new_hotkey(suppress=True)
    return {wallet.name: load_hotkey(path, wallet.name, "default") for wallet in path.iterdir()}


@pytest.fixture
def world(keys, tmp_path):
    return World(tmp_path, keys["validator"], {name: keys[name] for name in MINERS})
