"""The local network's first blocks: everything is found where clients look for it, and money is whole."""

from collections.abc import Iterator

import bittensor_core
import pytest
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

from ganglion.crypto.keys import Keypair
from ganglion.frame.block import Digest, PreRuntime
from ganglion.frame.executive import Executive
from ganglion.frame.extrinsic import ExtrinsicCodec
from ganglion.frame.genesis import build_genesis
from ganglion.frame.metadata import metadata_v14, metadata_v15
from ganglion.frame.pallet import InherentData
from ganglion.frame.world import World
from ganglion.pallets.aura import Aura
from ganglion.pallets.balances import Balances
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.system import System
from ganglion.presets import LOCALNET_ENDOWMENTS, localnet_genesis
from ganglion.runtime import runtime
from ganglion.state.overlay import Overlay


class EmptyState:
    """What lies under a chain that has no past."""

    def get(self, key: bytes) -> bytes | None:
        return None

    def keys(self, prefix: bytes, start_after: bytes | None) -> Iterator[bytes]:
        return iter(())


@pytest.fixture
def world() -> World:
    world = runtime().on(Overlay(EmptyState()))
    build_genesis(world, localnet_genesis())
    return world


def test_development_keys_are_funded_and_have_their_roles(world: World) -> None:
    for uri, amount in LOCALNET_ENDOWMENTS.items():
        assert world[Balances].free(Keypair(uri).public_key) == amount
    assert world[Sudo].key.get() == Keypair("//Alice").public_key
    assert world[Aura].authorities.get() == (Keypair("//One").public_key,)


def test_the_first_state_is_sound_and_tells_nothing(world: World) -> None:
    world.try_state()
    assert world.events == []
    assert all(data is not None for data in world.state.changes().values())


def test_the_same_genesis_gives_the_same_bytes(world: World) -> None:
    again = runtime().on(Overlay(EmptyState()))
    build_genesis(again, localnet_genesis())
    assert again.state.changes() == world.state.changes()


def test_the_first_blocks_are_sound(world: World) -> None:
    codec = ExtrinsicCodec(runtime())
    executive = Executive(world, world[System], codec)
    for number in range(1, 6):
        slot = PreRuntime(b"aura", number.to_bytes(8, "little"))
        executive.open_block(number, bytes((number,)) * 32, Digest((slot,)))
        for raw in executive.inherents(InherentData(number * 12_000)):
            assert executive.apply(executive.check(codec.decode(raw))).failure is None
        executive.close_block()
        world.try_state()
    assert world[System].number.get() == 5


def test_the_whole_runtimes_metadata_is_read_by_two_other_decoders() -> None:
    names = [pallet.name for pallet in runtime().pallets]
    for metadata in (metadata_v14(runtime()), metadata_v15(runtime())):
        told = bittensor_core.Runtime(metadata, runtime().version.spec_version, 1, 42).metadata_ir()
        assert [pallet["name"] for pallet in told["pallets"]] == names
    config = RuntimeConfigurationObject(implements_scale_info=True)
    config.update_type_registry(load_type_registry_preset("core"))
    decoded = config.create_scale_object("MetadataVersioned", data=ScaleBytes(metadata_v14(runtime())))
    decoded.decode()
    assert [pallet.name for pallet in decoded.pallets] == names
