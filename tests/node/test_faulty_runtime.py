"""A fault of the runtime costs the transaction that reaches it its place, not the chain its block."""

from typing import Any

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.frame.call import call
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet
from ganglion.frame.runtime import CallWeight, Runtime
from ganglion.frame.storage import StorageValue, storage
from ganglion.node.chain import Chain
from ganglion.node.genesis import Genesis, first_block
from ganglion.node.pool import Pool
from ganglion.pallets.core_api import CORE_APIS
from ganglion.pallets.extensions import EXTENSIONS
from ganglion.pallets.weights import WEIGHTS
from ganglion.presets import localnet_genesis
from ganglion.runtime import CRATE, PALLETS, VERSION
from ganglion.scale.types import u32
from ganglion.state.memory import MemoryStore


class Faulty(Pallet, crate="pallet_faulty"):
    """Fails in ways that no pallet should."""

    touched: StorageValue[u32] = storage(default=0)

    @call(index=0)
    def divide(self, origin: Origin) -> None:
        """A bug."""
        self.touched.set(1)
        self.touched.set(1 // (self.touched.get() - 1))

    @call(index=1)
    def break_invariant(self, origin: Origin) -> None:
        """Bookkeeping that does not add up."""
        raise InvariantBroken("one and one are three")


@pytest.fixture(scope="module")
def faulty_runtime() -> Runtime:
    return Runtime(
        VERSION,
        {**PALLETS, 200: Faulty},
        crate=CRATE,
        extensions=EXTENSIONS,
        apis=CORE_APIS,
        weights={**WEIGHTS, "Faulty.divide": CallWeight(1), "Faulty.break_invariant": CallWeight(1)},
    )


@pytest.fixture(scope="module")
def faulty_genesis(faulty_runtime: Runtime) -> Genesis:
    declared = {pallet.name for pallet in faulty_runtime.pallets}
    given = {name: config for name, config in localnet_genesis().items() if name in declared}
    return first_block(faulty_runtime, given, {})


@pytest.fixture
def faulty_chain(faulty_runtime: Runtime, faulty_genesis: Genesis) -> Any:
    chain = Chain.open(faulty_runtime, faulty_genesis, MemoryStore())
    yield chain
    chain.close()


def submit(chain: Chain, clock: Any, signer: Any, key: Keypair, *functions: Any) -> Pool:
    pool = Pool(chain, clock)
    own = type(signer)(chain.runtime, chain.genesis_hash)
    for nonce, function in enumerate(functions):
        pool.submit(own.sign(key, nonce, chain.runtime.call(function)))
    return pool


def test_a_transaction_that_the_runtime_fails_on_is_left_out(
    faulty_chain: Chain, clock: Any, signer: Any, alice: Keypair, caplog: pytest.LogCaptureFixture
) -> None:
    pool = submit(faulty_chain, clock, signer, alice, Faulty.divide)
    imported = faulty_chain.produce(pool.ready(), 1)
    pool.on_imported(imported)
    assert imported.transactions == ()
    assert "ZeroDivisionError" in caplog.text
    assert pool.ready() == ()
    with faulty_chain.view() as view:
        touched = faulty_chain.runtime.pallets[-1].storage[0]
        assert view.get(touched.prefix) is None
    pool.close()


def test_a_broken_invariant_stops_the_block_and_leaves_the_chain_as_it_was(
    faulty_chain: Chain, clock: Any, signer: Any, alice: Keypair
) -> None:
    pool = submit(faulty_chain, clock, signer, alice, Faulty.break_invariant)
    with pytest.raises(InvariantBroken):
        faulty_chain.produce(pool.ready(), 1)
    assert faulty_chain.head.number == 0
    assert faulty_chain.produce((), 1).stored.number == 1
    pool.close()
