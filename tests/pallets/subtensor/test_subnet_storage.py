"""Nothing of a dissolved subnet stays in storage, in whichever pallet it lies."""

import pytest

from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.storage import StorageItem
from ganglion.pallets.commitments.sealed_fields import SealedFields
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.owner_settings import OwnerSettings
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.subnet_storage import KEPT, SubnetStorage
from ganglion.pallets.subtensor.symbols import SYMBOLS
from ganglion.pallets.subtensor.voting_power import VotingPower
from ganglion.runtime import runtime
from ganglion.scale import Codec

NETUID = 3
OTHER = 5


def items_by_subnet() -> list[StorageItem]:
    """The items of the whole runtime that have a subnet among their keys."""
    items = [item for pallet in runtime().pallets for item in pallet.storage]
    return [item for item in items if subnet_places(item)]


def subnet_places(item: StorageItem) -> list[int]:
    return [place for place, codec in enumerate(item.keys) if codec.name.startswith("NetUid")]


def some_key(codec: Codec, netuid: int) -> object:
    if codec.name == "NetUid":
        return netuid
    if codec.name == "NetUidStorageIndex":
        return 4_096 + netuid  # that of its second mechanism
    return {"AccountId32": bytes(32), "H160": bytes(20)}.get(codec.name, 1)


@pytest.fixture
def world(chain_on):
    """The whole runtime with a raw entry for two subnets in every item that is kept by subnet."""
    world = chain_on(runtime()).world
    for item in items_by_subnet():
        for netuid in (NETUID, OTHER):
            world.state.put_raw(key_of(item, netuid), b"\0")
    return world


def key_of(item: StorageItem, netuid: int) -> bytes:
    return item.key(tuple(some_key(codec, netuid) for codec in item.keys))


def test_there_are_many_items_by_subnet_in_several_pallets():
    assert len(items_by_subnet()) > 100
    assert {item.pallet for item in items_by_subnet()} >= {"SubtensorModule", "Swap", "Commitments"}


@pytest.mark.parametrize("item", items_by_subnet(), ids=lambda item: f"{item.pallet}.{item.name}")
def test_an_entry_is_found_if_and_only_if_it_is_the_subnets(world, item):
    found = set(world[SubnetStorage].keys(NETUID))
    outlives = f"{item.pallet}.{item.name}" in KEPT
    assert (key_of(item, NETUID) in found) is not outlives
    assert key_of(item, OTHER) not in found


def test_a_netuid_that_is_a_number_of_mechanisms_apart_is_not_confused(world):
    state, indexed = world.state, world[SubnetStorage]
    (weights,) = (item for item in items_by_subnet() if item.name == "Weights")
    state.put_raw(weights.key((NETUID + 1, 0)), b"\0")
    assert weights.key((NETUID + 1, 0)) not in set(indexed.keys(NETUID))


def test_after_a_dissolution_storage_knows_no_more_than_before_the_launch(chain_on, root, who):
    chain = chain_on(runtime())
    chain.fund("owner", 5_000)
    before = {key for key, value in chain.world.state.changes().items() if value is not None}
    netuid = chain.subnet()
    chain.neuron(netuid, "miner")
    chain.stake(netuid, "owner_hotkey", "staker", 10)
    chain[SealedFields].timelocked_index.set(frozenset({(netuid, who("miner")), (9, who("miner"))}))
    chain.call(Dissolution.root_dissolve_network, netuid, by=root)
    left = {key for key, value in chain.world.state.changes().items() if value is not None} - before
    outlive = {"Account", "Owner", "OwnedHotkeys", "StakingHotkeys", "LastColdkeyHotkeyStakeBlock"}
    outlive |= {"RegisteredSubnetCounter", "NetworkLastLockCost", "NetworkRateLimit", "TimelockedIndex"}
    outlive |= {"LastRateLimitedBlock", "TotalStake"}
    assert {name_of(key) for key in left} <= outlive
    assert chain[SealedFields].timelocked_index.get() == {(9, who("miner"))}


def name_of(key: bytes) -> str:
    for pallet in runtime().pallets:
        for item in pallet.storage:
            if key.startswith(item.prefix):
                return item.name
    raise AssertionError(key.hex())


PRESET = {
    Locks.set_perpetual_lock: (9, True),
    VotingPower.enable_voting_power_tracking: (9,),
    VotingPower.sudo_set_voting_power_ema_alpha: (9, 1),
    RootClaims.sudo_set_root_claim_threshold: (9, 1),
    NetworkRegistration.update_symbol: (9, SYMBOLS[9]),
    OwnerSettings.set_activity_cutoff_factor: (9, 2_000),
}


@pytest.mark.parametrize("function", PRESET, ids=lambda function: function.__name__)
def test_nothing_can_be_set_for_a_subnet_that_does_not_exist(chain, root, function):
    caller = "anybody" if function is Locks.set_perpetual_lock else root
    with chain.refuses(errors.SubnetNotExists):
        chain.call(function, *PRESET[function], by=caller)


@pytest.mark.parametrize("index", [NETUID, 4_096 + 1], ids=["subnet", "mechanism"])
def test_an_entry_of_a_subnet_or_mechanism_that_is_not_there_breaks_the_state(chain, index):
    chain.subnet()
    chain.world.try_state()
    chain[Neurons].incentive[index] = (1,)
    with pytest.raises(InvariantBroken, match="is of no subnet"):
        chain.world.try_state()
