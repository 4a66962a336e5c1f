"""Chains in one process, on an empty state, and verbs for tests.

`chain` has the economy's pallets and takes calls; `ledger` has the core pallets and takes extrinsics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b, sha256
from typing import Any, TypeVar

import pytest

from ganglion.frame.block import Digest
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.event import Event
from ganglion.frame.genesis import build_genesis
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import RAO_PER_TAO
from ganglion.frame.runtime import Runtime
from ganglion.frame.version import RuntimeVersion
from ganglion.frame.world import World
from ganglion.pallets.admin_utils import AdminUtils
from ganglion.pallets.aura import Aura
from ganglion.pallets.balances import Balances
from ganglion.pallets.core_api import CORE_APIS
from ganglion.pallets.crowdloan import Crowdloan
from ganglion.pallets.drand import Drand
from ganglion.pallets.extensions import EXTENSIONS
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.proxy import Proxy
from ganglion.pallets.subtensor import SubtensorModule
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.swap import Swap
from ganglion.pallets.system import System
from ganglion.pallets.timestamp import Timestamp
from ganglion.pallets.transaction_payment import TransactionPayment
from ganglion.pallets.utility import Utility
from ganglion.pallets.weights import WEIGHTS
from ganglion.runtime import runtime
from ganglion.state.overlay import EmptyBase, Overlay
from ledger import Ledger

S = TypeVar("S", bound=Section)
TAO = RAO_PER_TAO

VERSION = RuntimeVersion("test", "test", 1, 1, 1, (), 1, 1)
PALLETS = {
    0: System,
    3: Aura,
    5: Balances,
    7: SubtensorModule,
    14: Preimage,
    16: Proxy,
    19: AdminUtils,
    26: Drand,
    27: Crowdloan,
    28: Swap,
}


def account(name: str) -> bytes:
    """The account that a test calls `name`."""
    return blake2b(name.encode(), digest_size=32).digest()


class Chain:
    """A world with an open block. Accounts are named by text, calls are the pallets' methods."""

    def __init__(
        self, runtime: Runtime, genesis: dict[str, Any], prepare: Callable[[World], None] | None = None
    ) -> None:
        """`prepare` may write more of the state before block 1 opens."""
        self.runtime = runtime
        self.world = World(runtime, Overlay(EmptyBase()))
        build_genesis(self.world, genesis)
        if prepare is not None:
            prepare(self.world)
        self.number = 0
        self._open()

    def __getitem__(self, kind: type[S]) -> S:
        return self.world[kind]

    def advance(self, blocks: int = 1) -> None:
        """Close the open block and open the next, so many times; every closed block must be sound."""
        for _ in range(blocks):
            self._close()
            self._open()

    def fund(self, name: str, tao: int) -> bytes:
        """Give an account TAO from nowhere, as a genesis does."""
        self[Balances].deposit(account(name), tao * TAO)
        treasury = self[Treasury]
        treasury.total_issuance.set(treasury.total_issuance.get() + tao * TAO)
        return account(name)

    def call(self, function: Callable[..., Any], *args: Any, by: str | Origin, **named: Any) -> None:
        """Make a call as an account or origin. Raises what the call raises."""
        origin = Origin.of(account(by)) if isinstance(by, str) else by
        self.world.dispatch(self.runtime.call(function, *args, **named), origin)

    def who(self, name: str) -> bytes:
        """The account that a test calls `name`."""
        return account(name)

    def signed(self, name: str) -> Origin:
        """The origin of a call that an account signs."""
        return Origin.of(account(name))

    @contextmanager
    def refuses(self, error: type[DispatchFailed] | tuple[type[DispatchFailed], ...]) -> Iterator[None]:
        """What happens inside must raise `error`, or one of them, and leave the state as it was."""
        before = self.world.state.changes()
        told = len(self.world.events)
        with pytest.raises(error):
            yield
        assert self.world.state.changes() == before
        assert len(self.world.events) == told

    def events(self, kind: type[Event]) -> list[Any]:
        """The events of one kind in the open block."""
        return [record.event for record in self.world.events if isinstance(record.event, kind)]

    def balance(self, name: str) -> int:
        """Free TAO of an account, in rao."""
        return self[Balances].free(account(name))

    def stake_of(self, hotkey: str, coldkey: str, netuid: int) -> int:
        """Alpha-rao of a coldkey with a hotkey."""
        return self[Shares].of(account(hotkey), account(coldkey), netuid)

    def subnet(self, owner: str = "owner", hotkey: str = "owner_hotkey", *, started: bool = True) -> int:
        """Register a subnet, with the money for it; its netuid."""
        self.fund(owner, self[Subnets].lock_cost() // TAO + 2)
        self[Subnets].network_rate_limit.set(0)
        before = set(self[Subnets].netuids())
        self.call(NetworkRegistration.register_network, account(hotkey), by=owner)
        (netuid,) = set(self[Subnets].netuids()) - before
        if started:
            self.call(NetworkRegistration.start_call, netuid, by=owner)
        return netuid

    def neuron(self, netuid: int, hotkey: str, coldkey: str | None = None) -> int:
        """Register a hotkey by burning, with the money for it; its uid."""
        coldkey = coldkey or f"{hotkey}_coldkey"
        self.fund(coldkey, self[Registration].burn[netuid] // TAO + 2)
        self.call(Registration.burned_register, netuid, account(hotkey), by=coldkey)
        uid = self[Neurons].uid(netuid, account(hotkey))
        assert uid is not None
        return uid

    def stake(self, netuid: int, hotkey: str, coldkey: str, tao: int) -> int:
        """Fund a coldkey and stake that much; the alpha-rao it has then."""
        self.fund(coldkey, tao + 1)
        self.call(Staking.add_stake, account(hotkey), netuid, tao * TAO, by=coldkey)
        return self.stake_of(hotkey, coldkey, netuid)

    def _open(self) -> None:
        self.number += 1
        self.world.events.clear()
        parent_hash = sha256(str(self.number).encode()).digest()
        self[System].open_block(self.number, parent_hash, Digest(()))
        for section in self.world.sections:
            section.on_initialize()

    def _close(self) -> None:
        for section in self.world.sections:
            section.on_finalize()
        self.world.try_state()


@pytest.fixture(scope="session")
def subtensor_runtime() -> Runtime:
    """The economy's pallets without what only a node needs (time, fees, governance)."""
    return Runtime(VERSION, PALLETS, crate="test_runtime")


@pytest.fixture(scope="session")
def chain_on() -> Callable[..., Chain]:
    """Builds a chain on a runtime."""
    return lambda runtime, genesis=None, prepare=None: Chain(runtime, genesis or {}, prepare)


@pytest.fixture
def make_chain(chain_on: Callable[..., Chain], subtensor_runtime: Runtime) -> Callable[..., Chain]:
    """Builds a chain from a genesis, by default one with only the root network."""
    return partial(chain_on, subtensor_runtime)


@pytest.fixture
def chain(make_chain: Callable[..., Chain]) -> Chain:
    """A chain with the root network and nothing else, block 1 open."""
    return make_chain()


@pytest.fixture
def who() -> Callable[[str], bytes]:
    """Name -> account."""
    return account


@pytest.fixture(params=["signed", "nobody"])
def stranger(request: pytest.FixtureRequest) -> Origin:
    """An origin without privileges."""
    return Origin.of(account("stranger")) if request.param == "signed" else NONE


@pytest.fixture
def root() -> Origin:
    """The origin of governance."""
    return ROOT


CORE_PALLETS = {
    0: System,
    2: Timestamp,
    3: Aura,
    5: Balances,
    6: TransactionPayment,
    11: Utility,
    12: Sudo,
    16: Proxy,
}
CORE_EXTENSIONS = tuple(
    extension for extension in EXTENSIONS if not extension.__module__.startswith("ganglion.pallets.subtensor")
)


@pytest.fixture(scope="session")
def core_runtime() -> Runtime:
    """The pallets that every Substrate chain has."""
    return Runtime(
        VERSION,
        CORE_PALLETS,
        crate="core_runtime",
        extensions=CORE_EXTENSIONS,
        apis=CORE_APIS,
        weights=WEIGHTS,
    )


@pytest.fixture(scope="session")
def make_ledger(core_runtime: Runtime) -> Callable[..., Ledger]:
    """Builds a ledger, with parts of its genesis replaced."""
    return lambda genesis=None: Ledger(core_runtime, genesis)


@pytest.fixture
def ledger(make_ledger: Callable[..., Ledger]) -> Ledger:
    """A ledger with block 1 open."""
    return make_ledger()


@pytest.fixture
def full_ledger() -> Ledger:
    """A ledger with every pallet that there is, block 1 open."""
    return Ledger(runtime())
