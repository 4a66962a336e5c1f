"""A validator of the echo subnet with an honest, a lying and a silent miner."""

import pytest
from bittensor import Wallet
from tests.support.echo_subnet import EchoValidator, Evidence, Wire, honest, lying, silent

from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.client import Client
from ganglion.neuron.keys import load_hotkey
from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def echo():
    return EchoValidator()


@pytest.fixture
def evidence():
    return Evidence()


@pytest.fixture
def validator(*, tmp_path, ledger, chain_of, clock, wire, alice, events, echo, evidence):
    def make(seed=1, evidence_at=None, **settings):
        return ValidatorLoop(
            echo,
            netuid=1,
            hotkey=alice.ss58_address,
            chain=chain_of(alice.ss58_address),
            client=Client(RequestSigner(alice, clock), wire, clock),
            clock=clock,
            reporter=events,
            seed=seed,
            checkpoint=tmp_path / "state.json",
            settings=ValidatorSettings(alpha=0.5, **settings),
            round_log=evidence,
            evidence=evidence_at,
        )

    return make


@pytest.fixture
def keys(wallets):
    """The miners' hotkeys by behaviour."""
    names = ("honest", "lying", "silent", "newcomer")
    for name in names:
        Wallet(name=name, hotkey="default", path=str(wallets)).create_new_hotkey(
            suppress=True, overwrite=True
        )
    return {name: load_hotkey(wallets, name, "default") for name in names}


@pytest.fixture
def address(keys):
    return {name: key.ss58_address for name, key in keys.items()}


@pytest.fixture
def subnet(ledger, wire, alice, keys):
    """Our validator as uid 0 and an honest, a lying and a silent miner as uids 1 to 3."""
    ledger.register(alice.ss58_address, permit=True)
    for port, behaviour in enumerate((honest, lying, silent), start=1):
        key = keys[behaviour.__name__]
        wire.miners[port] = (key, behaviour)
        ledger.register(key.ss58_address, axon=Endpoint("10.0.0.1", port))
    return ledger
