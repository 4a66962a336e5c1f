"""A chain whose runtime offers the APIs, and one subnet with stakes to ask about."""

import pytest

from ganglion.frame.runtime import Runtime
from ganglion.pallets.subtensor.api import SUBTENSOR_APIS
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters


@pytest.fixture(scope="session")
def api_runtime(subtensor_runtime) -> Runtime:
    """The test runtime with the APIs."""
    pallets = {pallet.index: pallet.pallet for pallet in subtensor_runtime.pallets}
    return Runtime(subtensor_runtime.version, pallets, crate="test_runtime", apis=SUBTENSOR_APIS)


@pytest.fixture
def chain(chain_on, api_runtime):
    return chain_on(api_runtime)


@pytest.fixture
def netuid(chain):
    """A started subnet: owner, validator (100 TAO staked by `cold`), miner; an epoch has run."""
    netuid = chain.subnet()
    chain[Hyperparameters].tempo[netuid] = 3
    chain.neuron(netuid, "validator", "validator_coldkey")
    chain.neuron(netuid, "miner", "miner_coldkey")
    chain.stake(netuid, "validator", "cold", 100)
    chain.advance(5)
    return netuid


@pytest.fixture
def ask(chain):
    """Ask as a client does: arguments and answer pass through their encoding."""

    def asked(method, *args):
        cls, declared = chain.runtime.api_methods[method]
        given = [
            field.codec.decode(field.codec.encode(arg))
            for field, arg in zip(declared.inputs, args, strict=True)
        ]
        answer = getattr(chain.world[cls], declared.name)(*given)
        return declared.output.decode(declared.output.encode(answer))

    return asked
