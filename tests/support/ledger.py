"""A chain in one process that takes signed extrinsics: for tests, and for benchmarks of the whole economy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar

import pytest

from ganglion.crypto.beacon import Pulse
from ganglion.crypto.keys import Keypair
from ganglion.frame.address import AddressId, Sr25519
from ganglion.frame.block import Digest, PreRuntime
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchFailed, Outcome
from ganglion.frame.era import Era
from ganglion.frame.event import Event
from ganglion.frame.executive import CheckedExtrinsic, Executive
from ganglion.frame.extrinsic import ExtrinsicCodec, Signed
from ganglion.frame.genesis import build_genesis
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import InherentData, Section
from ganglion.frame.primitives import RAO_PER_TAO
from ganglion.frame.runtime import Runtime
from ganglion.frame.validity import InvalidKind, InvalidTransaction
from ganglion.frame.world import World
from ganglion.pallets.balances import Balances
from ganglion.pallets.extensions import CheckMetadataHash, Mode
from ganglion.pallets.system import System
from ganglion.pallets.system.extensions import (
    CheckGenesis,
    CheckMortality,
    CheckNonce,
    CheckSpecVersion,
    CheckTxVersion,
)
from ganglion.pallets.transaction_payment import ChargeTransactionPayment
from ganglion.state.overlay import EmptyBase, Overlay

S = TypeVar("S", bound=Section)
TAO = RAO_PER_TAO
BLOCK_MS = 12_000


@cache
def keypair(name: str) -> Keypair:
    """The development key `//name`."""
    return Keypair(f"//{name}")


class Ledger:
    """The core pallets with the whole way of an extrinsic: signatures, extensions, fees. Block 1 is open.

    Alice has 1,000 TAO and the sudo key, Bob has 1,000 TAO, the author is //Author.
    """

    def __init__(self, runtime: Runtime, genesis: dict[str, Any] | None = None) -> None:
        self.runtime = runtime
        self.world = World(runtime, Overlay(EmptyBase()))
        self.codec = ExtrinsicCodec(runtime)
        self.executive = Executive(self.world, self.world[System], self.codec)
        build_genesis(self.world, self._genesis() | (genesis or {}))
        self.number = 0
        self.open_block()

    def __getitem__(self, kind: type[S]) -> S:
        return self.world[kind]

    def key(self, name: str) -> bytes:
        """The account of a development key."""
        return keypair(name).public_key

    def open_block(self, blocks: int = 1, pulses: tuple[Pulse, ...] = ()) -> None:
        """Close the open block, if any, and open the next, so many times; the author has `pulses`."""
        for _ in range(blocks):
            if self.number:
                self.executive.close_block()
                self.world.try_state()
            self.number += 1
            slot = PreRuntime(b"aura", self.number.to_bytes(8, "little"))
            self.executive.open_block(self.number, self.hash_of(self.number - 1), Digest((slot,)))
            data = InherentData(self.number * BLOCK_MS, pulses=pulses)
            for raw in self.executive.inherents(data):
                self.executive.apply(self.executive.check(self.codec.decode(raw)))

    def hash_of(self, number: int) -> bytes:
        """The hash that stands for a block's."""
        return blake2b(str(number).encode(), digest_size=32).digest()

    def extrinsic(self, call: RuntimeCall, by: str = "Alice", **said: Any) -> CheckedExtrinsic:
        """A call signed and checked. `said`: nonce, tip, era, mode; birth, the hash signed for the era."""
        pair = keypair(by)
        nonce = said.get("nonce", self[System].account[pair.public_key].nonce)
        era = said.get("era", Era())
        values = {CheckNonce: nonce, ChargeTransactionPayment: said.get("tip", 0), CheckMortality: era}
        values[CheckMetadataHash] = said.get("mode", Mode.Disabled)
        extra = tuple(values.get(extension, ()) for extension in self.runtime.extensions)
        version = self.runtime.version
        implied = {
            CheckSpecVersion: version.spec_version,
            CheckTxVersion: version.transaction_version,
            CheckGenesis: self.hash_of(0),
            CheckMortality: said.get("birth", self.hash_of(era.birth(self.number))),
            CheckMetadataHash: None,
        }
        implicit = tuple(implied.get(extension, ()) for extension in self.runtime.extensions)
        payload = self.codec.payload(self.codec.signable(call, extra), implicit)
        proof = Signed(AddressId(pair.public_key), Sr25519(pair.sign(payload)), extra)
        return self.executive.check(self.codec.decode(self.codec.encode_signed(call, proof)))

    def apply(self, function: Callable[..., Any], *args: Any, by: str = "Alice", **said: Any) -> Outcome:
        """Sign and apply a call; how it ended."""
        return self.executive.apply(self.extrinsic(self.runtime.call(function, *args), by, **said))

    def told(self, function: Callable[..., Any], *args: Any, by: str = "Alice", **said: Any) -> list[Event]:
        """Sign and apply a call; the events it told."""
        before = len(self.world.events)
        self.apply(function, *args, by=by, **said)
        return [record.event for record in self.world.events[before:]]

    def run(self, function: Callable[..., Any], *args: Any, origin: Origin) -> list[Event]:
        """Run a call as an origin, without an extrinsic around it; the events it told."""
        before = len(self.world.events)
        self.world.dispatch(self.runtime.call(function, *args), origin)
        return [record.event for record in self.world.events[before:]]

    @contextmanager
    def refuses(self, kind: InvalidKind | type[DispatchFailed], match: str | None = None) -> Iterator[None]:
        """What happens inside must be refused so, and leave the state and the events as they were."""
        before, told = self.world.state.changes(), len(self.world.events)
        expected = InvalidTransaction if isinstance(kind, InvalidKind) else kind
        with pytest.raises(expected, match=match) as refused:
            yield
        if isinstance(refused.value, InvalidTransaction):
            assert refused.value.kind is kind
        assert self.world.state.changes() == before
        assert len(self.world.events) == told

    def free(self, name: str) -> int:
        """Free TAO of a development key, in rao."""
        return self[Balances].free(self.key(name))

    def set_data(self, name: str, **balances: int) -> None:
        """Give a development key other balances, the issuance following."""
        before = self[System].account[self.key(name)].data
        after = replace(before, **balances)
        issuance = self[Balances].total_issuance
        issuance.set(issuance.get() + after.total - before.total)
        self[Balances]._set(self.key(name), after)

    def _genesis(self) -> dict[str, Any]:
        endowed = [{"account": keypair(name).address, "amount": 1_000 * TAO} for name in ("Alice", "Bob")]
        return {
            "Balances": {"endowments": endowed},
            "Aura": {"authorities": [keypair("Author").address]},
            "Sudo": {"key": keypair("Alice").address},
        }
