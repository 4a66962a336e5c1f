"""Weights sealed to the beacon of a private chain, which opens them by itself."""

import asyncio
from dataclasses import replace

import bittensor
import bittensor_core
import pytest
from bittensor.timelock import QUICKNET_PERIOD

from ganglion.crypto.beacon import BeaconKey, MalformedPoint, Schedule
from ganglion.crypto.keys import Keypair
from ganglion.crypto.timelock import Ciphertext, open_sealed
from ganglion.neuron.chain import SdkChain
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.errors import ChainRefused
from ganglion.neuron.protocols import Weights
from ganglion.neuron.timelock import Beacon, beacon_of, commit_call, reveal_time, sealed_weights
from ganglion.node.chain_spec import localnet
from ganglion.node.config import NodeConfig
from ganglion.node.service import open_node
from ganglion.pallets.subtensor.timelocked_commits import Row, decode_payload
from ganglion.presets import LOCAL_BEACON

KEY = BeaconKey("//Own")
OWN = Beacon(KEY.public_key, Schedule(1_692_803_367, 3))
ALICE = Keypair("//Alice")
SIGNER = bittensor_core.Keypair.create_from_uri("//Alice")
ROW = Weights((0,), (65_535,))
TEMPO = 20
PATIENCE_S = 60


@pytest.fixture
async def client():
    """The SDK on a chain of four blocks and a pulse a second, whose subnet 1 is Alice's."""
    spec = localnet()
    subnet = {"netuid": 1, "owner": ALICE.address, "hotkey": ALICE.address, "tempo": TEMPO}
    changed = {
        "SubtensorModule": {**spec.genesis["SubtensorModule"], "subnets": [subnet]},
        "Drand": {**spec.genesis["Drand"], "period": 1},
    }
    spec = replace(spec, genesis={**spec.genesis, **changed})
    async with open_node(NodeConfig(spec, block_time_s=0.25, port=0)) as node:
        running = asyncio.ensure_future(node.run())
        async with bittensor.Client(f"ws://127.0.0.1:{node.server.port}") as client:
            await client.wait_for_block(2, timeout=PATIENCE_S)
            yield client
        node.stop()
        await running


@pytest.fixture
async def chain(client):
    """The same chain as the validator Alice reaches it."""
    chain = SdkChain(client.endpoint, SIGNER, SystemClock())
    yield chain
    await chain.close()


async def as_root(client, call):
    inner = await client.compose(call)
    (await client.submit_call(bittensor.calls.Sudo.sudo(call=inner), SIGNER)).raise_for_failure()


async def weights_set(client) -> tuple[dict, int]:
    """The rows of subnet 1 as soon as there are any, and the block."""
    async with asyncio.timeout(PATIENCE_S):
        while not (rows := await client.weights.weights(netuid=1)):
            await asyncio.sleep(0.25)
        return rows, await client.block()


def test_what_is_sealed_is_what_the_chain_opens_and_counts_as_this_hotkey_s():
    sealed = sealed_weights(bytes(32), Weights((0, 7), (1, 65_535)), 3, OWN, 7)
    opened = open_sealed(Ciphertext.parse(sealed), KEY.pulse(7).signature)
    assert decode_payload(opened, bytes(32)) == Row((0, 7), (1, 65_535), 3)


def test_sealing_twice_gives_different_bytes():
    assert sealed_weights(bytes(32), ROW, 0, OWN, 7) != sealed_weights(bytes(32), ROW, 0, OWN, 7)


def test_nothing_is_sealed_to_a_beacon_without_a_key():
    with pytest.raises(MalformedPoint):
        sealed_weights(bytes(32), ROW, 0, Beacon(b"", OWN.schedule), 7)


async def test_a_running_chain_opens_what_was_sealed_to_its_beacon_one_epoch_later(client):
    assert await beacon_of(client) == Beacon(
        BeaconKey(LOCAL_BEACON).public_key, Schedule(OWN.schedule.genesis_time, 1)
    )
    call = await commit_call(client, ALICE.public_key, 1, ROW, 0)
    result = await client.submit_call(call, SIGNER)
    committed_at = int(result.raise_for_failure().extrinsic_id.split("-")[0])
    rows, opened_at = await weights_set(client)
    assert rows == {0: {0: 1.0}}
    assert committed_at < opened_at <= committed_at + 2 * TEMPO + 4


async def test_the_time_of_opening_is_within_two_epochs(client):
    """To the last round of the public beacon before it, which may just be over."""
    published = await client.query(bittensor.storage.Drand.LastStoredRound)
    now_s = OWN.schedule.genesis_time + published - 1
    assert now_s - QUICKNET_PERIOD < await reveal_time(client, 1) <= now_s + 2 * TEMPO


async def test_just_before_an_epoch_nothing_is_sealed_to_a_round_that_is_over(client):
    epoch = await client.wait_for_epoch(1, timeout=PATIENCE_S)
    await client.wait_for_block(epoch.block + TEMPO - 3, timeout=PATIENCE_S)
    call = await commit_call(client, ALICE.public_key, 1, ROW, 0)
    (await client.submit_call(call, SIGNER)).raise_for_failure()


async def test_a_validator_seals_its_weights_where_the_subnet_demands_it(client, chain):
    await chain.set_weights(1, ROW, 0)
    waiting = await client.weights.timelocked_weight_commits(netuid=1)
    assert [commit["hotkey"] for commits in waiting.values() for commit in commits] == [ALICE.address]
    rows, _ = await weights_set(client)
    assert rows == {0: {0: 1.0}}


async def test_a_validator_sets_its_weights_at_once_where_nothing_need_be_hidden(client, chain):
    admin = bittensor.calls.AdminUtils
    await as_root(client, admin.sudo_set_admin_freeze_window(window=0))
    await as_root(client, admin.sudo_set_commit_reveal_weights_enabled(netuid=1, enabled=False))
    await chain.set_weights(1, ROW, 0)
    assert await client.weights.timelocked_weight_commits(netuid=1) == {}
    assert await client.weights.weights(netuid=1) == {0: {0: 1.0}}


async def test_who_commits_too_often_is_told_the_chain_s_reason(chain):
    await chain.set_weights(1, ROW, 0)
    with pytest.raises(ChainRefused) as refused:
        await chain.set_weights(1, ROW, 0)
    assert (refused.value.operation, refused.value.name) == ("commit_weights", "CommittingWeightsTooFast")


async def test_nothing_is_committed_on_a_chain_whose_beacon_has_no_key(client, chain):
    nobody = {"Sr25519": "0x" + bytes(32).hex()}
    config = await client.query(("Drand", "BeaconConfig"))
    payload = {"block_number": 0, "config": {**config, "public_key": "0x"}, "public": nobody}
    await as_root(client, bittensor.calls.Drand.set_beacon_config(config_payload=payload, signature=None))
    with pytest.raises(ChainRefused, match="no key"):
        await chain.set_weights(1, ROW, 0)
