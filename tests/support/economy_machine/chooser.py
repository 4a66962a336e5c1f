"""Chooses by a random generator what a call is about: mostly something that exists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from economy_machine.stage import COLDKEYS, HOTKEYS, SPARES, SUDO
from ganglion.frame.address import AddressId, AddressRaw, MultiAddress
from ganglion.frame.call import RuntimeCall
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.system import System
from ledger import TAO, Ledger, keypair

T = TypeVar("T")
U64_MAX = 2**64 - 1
UNKNOWN_NETUIDS = (9, 255, 65_535)
DUST = 3_000_000
"""Rao around the least that may be staked."""

NAMES = (*COLDKEYS, *HOTKEYS, *SPARES)


@dataclass(frozen=True)
class Attempt:
    """A call and the name of the key that signs it."""

    signer: str
    call: RuntimeCall


@dataclass
class Memory:
    """What only those who made a call can know of it later."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    swaps: list[tuple[str, bytes]] = field(default_factory=list)
    announced: list[tuple[str, bytes, RuntimeCall]] = field(default_factory=list)

    def keep(self, shelf: list[T], thing: T, most: int = 40) -> None:
        """Remember a thing; the oldest are forgotten."""
        shelf.append(thing)
        del shelf[:-most]


class Chooser:
    """Draws from what is there. Reads the open block's state."""

    def __init__(self, ledger: Ledger, memory: Memory, random: Random) -> None:
        self.ledger = ledger
        self.memory = memory
        self.random = random
        self.inner: Callable[[], Attempt]  # draws the calls inside of calls; set by who can draw any
        self.names = {keypair(name).public_key: name for name in (*NAMES, SUDO)}

    @property
    def now(self) -> int:
        """The open block."""
        return self.ledger[System].number.get()

    def chance(self, percent: int) -> bool:
        """Whether something happens that does in so many cases of a hundred."""
        return self.random.randrange(100) < percent

    def one(self, things: Sequence[T]) -> T:
        """Any of them."""
        return self.random.choice(things)

    def some(self, things: Sequence[T], most: int) -> list[T]:
        """Some of them, each once, in random order."""
        return self.random.sample(things, self.random.randint(0, min(most, len(things))))

    def netuid(self, *, real: bool = False) -> int:
        """A subnet; if it need not be `real`, rarely the root network or one that does not exist."""
        if not real and self.chance(12):
            return self.one((0, 0, *UNKNOWN_NETUIDS))
        subnets = [netuid for netuid in self.ledger[Subnets].netuids() if netuid]
        return self.one(subnets) if subnets else 1

    def coldkey(self) -> str:
        """The name of somebody who signs."""
        return self.one(COLDKEYS) if self.chance(85) else self.one(NAMES)

    def account(self) -> bytes:
        """Any account, mostly a coldkey's; rarely one that cannot exist."""
        return self.ledger.key(self.coldkey()) if self.chance(97) else self.random.randbytes(32)

    def hotkey(self) -> bytes:
        """A hotkey, mostly one that somebody owns."""
        return self.ledger.key(self.one(HOTKEYS if self.chance(85) else NAMES))

    def seated(self, netuid: int) -> bytes:
        """A hotkey with a uid on the subnet; any if there is none."""
        hotkeys = self.ledger[Neurons].hotkeys(netuid)
        return self.one(hotkeys) if hotkeys else self.hotkey()

    def owner_of(self, hotkey: bytes) -> str:
        """The name of a hotkey's coldkey; anybody's if it has none that can sign."""
        return self.name(self.ledger[Accounts].owner_of(hotkey))

    def name(self, account: bytes) -> str:
        """The name of an account that can sign; anybody's if this one cannot."""
        return self.names.get(account) or self.coldkey()

    def address(self, account: bytes | None = None) -> MultiAddress:
        """An account as calls name it; rarely in a form that this chain does not know."""
        if self.chance(2):
            return AddressRaw(self.random.randbytes(3))
        return AddressId(self.account() if account is None else account)

    def amount(self, whole: int | None = None) -> int:
        """Rao or alpha-rao: mostly reasonable, at times nothing, dust, all of `whole`, or too much."""
        kind = self.random.randrange(20)
        if kind == 0:
            return self.one((0, 1, U64_MAX, U64_MAX // 2, 2**63))
        if kind == 1:
            return self.random.randint(1, DUST)
        if kind <= 4 and whole is not None:
            return min(whole + self.one((-1, 0, 0, 1)), U64_MAX) if whole else 0
        return self.random.randint(TAO // 10, 40 * TAO)

    def balance(self, name: str) -> int:
        """Free TAO of a signer, in rao."""
        return self.ledger[Balances].free(self.ledger.key(name))
