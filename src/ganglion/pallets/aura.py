"""Aura: who may make blocks, and whose turn it is.

A block's digest carries its slot; the slot's author is authorities[slot mod count].
Source: polkadot-sdk substrate/frame/aura/src/lib.rs.
"""

from __future__ import annotations

from typing import Annotated

from ganglion.frame.block import PreRuntime
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.storage import StorageValue, storage
from ganglion.pallets.system.pallet import System
from ganglion.scale import Struct
from ganglion.scale.markers import Bounded, Newtype
from ganglion.scale.types import AccountId, Bytes32, Vec, u64

ENGINE = b"aura"
SLOT_SIZE = 8
MAX_AUTHORITIES = 32

AuraId = Annotated[Bytes32, Newtype("sp_consensus_aura::sr25519::app_sr25519::Public")]
Slot = Annotated[u64, Newtype("sp_consensus_slots::Slot")]


class AuraGenesis(Struct):
    """The authorities at genesis."""

    authorities: Annotated[Vec[AccountId], Bounded(MAX_AUTHORITIES)] = ()


class Aura(Pallet, crate="pallet_aura"):
    """The authorities and the current slot."""

    system: System
    genesis = AuraGenesis

    # Keys of the block makers; a key is also the account that earns its blocks' fees.
    authorities: StorageValue[Annotated[Vec[AuraId], Bounded(MAX_AUTHORITIES)]] = storage(default=())
    # Slot of the present block. Written when a block opens.
    current_slot: StorageValue[Slot] = storage(default=0)

    slot_duration: u64 = constant(12_000)

    def on_initialize(self) -> None:
        """Read the slot from the block's digest."""
        for item in self.system.digest.get().logs:
            if isinstance(item, PreRuntime) and item.engine == ENGINE and len(item.data) == SLOT_SIZE:
                self.current_slot.set(int.from_bytes(item.data, "little"))

    def build_genesis(self, config: AuraGenesis) -> None:
        """Set the authorities."""
        self.authorities.set(config.authorities)

    def author(self, slots_ahead: int = 0) -> bytes | None:
        """The author of the present block, or of a later slot; None without authorities."""
        authorities = self.authorities.get()
        slot = self.current_slot.get() + slots_ahead
        return authorities[slot % len(authorities)] if authorities else None
