"""chain_*, state_*, system_* and payment_*: answers in the shapes that clients expect."""

from __future__ import annotations

from typing import Any

import pytest

from ganglion.crypto.hashing import blake2_256, twox128
from ganglion.crypto.keys import Keypair
from ganglion.node.service import Node
from ganglion.state.proof import verify_proof

NUMBER_KEY = "0x" + (twox128(b"System") + twox128(b"Number")).hex()
ACCOUNT_PREFIX = "0x" + (twox128(b"System") + twox128(b"Account")).hex()
NOWHERE = "0x" + "11" * 32


async def test_a_header_hashes_to_its_blocks_hash(node: Node, rpc: Any) -> None:
    await rpc.result("engine_createBlock", True, True)
    header = await rpc.result("chain_getHeader")
    assert header["number"] == "0x1"
    assert header["parentHash"] == await rpc.result("chain_getBlockHash", 0)
    slot, seal = header["digest"]["logs"]
    assert slot.startswith("0x066175726120")
    assert seal.startswith("0x05617572610101")
    logs = bytes([2 << 2]) + bytes.fromhex(slot[2:]) + bytes.fromhex(seal[2:])
    encoded = bytes.fromhex(header["parentHash"][2:]) + bytes([1 << 2])
    encoded += bytes.fromhex(header["stateRoot"][2:]) + bytes.fromhex(header["extrinsicsRoot"][2:]) + logs
    assert "0x" + blake2_256(encoded).hex() == await rpc.result("chain_getHead")


@pytest.mark.parametrize("number", [0, "0x0", "0x00"])
async def test_block_numbers_come_as_numbers_or_hex(rpc: Any, node: Node, number: Any) -> None:
    assert await rpc.result("chain_getBlockHash", number) == "0x" + node.chain.genesis_hash.hex()


async def test_block_numbers_come_as_lists_and_unknown_ones_are_null(rpc: Any, node: Node) -> None:
    genesis = "0x" + node.chain.genesis_hash.hex()
    assert await rpc.result("chain_getBlockHash", [0, "0x0", 9]) == [genesis, genesis, None]
    assert await rpc.result("chain_getBlockHash", 9) is None


async def test_an_unknown_block_is_null_to_chain_methods_and_an_error_to_state_methods(rpc: Any) -> None:
    assert await rpc.result("chain_getBlock", NOWHERE) is None
    assert await rpc.result("chain_getHeader", NOWHERE) is None
    code, message, _ = await rpc.error("state_getStorage", NUMBER_KEY, NOWHERE)
    assert code == 4003
    assert message.startswith("Client error: UnknownBlock: ")


async def test_storage_is_read_at_the_block_asked_for(rpc: Any) -> None:
    for _ in range(2):
        await rpc.result("engine_createBlock", True, True)
    first = await rpc.result("chain_getBlockHash", 1)
    assert await rpc.result("state_getStorage", NUMBER_KEY) == "0x02000000"
    assert await rpc.result("state_getStorageAt", NUMBER_KEY, first) == "0x01000000"
    assert await rpc.result("state_getStorageSize", NUMBER_KEY) == 4
    assert await rpc.result("state_getStorageHash", NUMBER_KEY) == "0x" + blake2_256(b"\x02\0\0\0").hex()
    assert await rpc.result("state_getStorage", "0x00") is None


async def test_hex_comes_with_or_without_its_mark_and_params_padded_with_null(rpc: Any) -> None:
    await rpc.result("engine_createBlock", True, True)
    assert await rpc.result("state_getStorage", NUMBER_KEY[2:], None, None) == "0x01000000"


async def test_a_discarded_state_is_told_by_its_hash(rpc: Any, node: Node) -> None:
    for _ in range(258):
        await node.engine.seal()
    first = await rpc.result("chain_getBlockHash", 1)
    code, message, _ = await rpc.error("state_getStorage", NUMBER_KEY, first)
    assert code == 4003
    assert message == (f"Client error: Api called for an unknown Block: State already discarded for {first}")


async def test_paging_through_a_map_gives_every_key_once(rpc: Any) -> None:
    everything = await rpc.result("state_getKeys", ACCOUNT_PREFIX)
    seen, start = [], ACCOUNT_PREFIX
    while page := await rpc.result("state_getKeysPaged", ACCOUNT_PREFIX, 4, start):
        seen += page
        start = page[-1]
    assert seen == everything == sorted(everything)
    assert len(seen) >= 9
    assert [key for key, _ in await rpc.result("state_getPairs", ACCOUNT_PREFIX)] == seen


async def test_a_page_may_not_be_too_large(rpc: Any) -> None:
    code, message, _ = await rpc.error("state_getKeysPaged", "0x", 1001)
    assert (code, message) == (4002, "count exceeds maximum value. value: 1001, max: 1000")


async def test_many_keys_are_queried_at_once(rpc: Any) -> None:
    keys = await rpc.result("state_getKeys", "0x")
    head = await rpc.result("chain_getHead")
    (answer,) = await rpc.result("state_queryStorageAt", [*keys, "0x00"], head)
    assert answer["block"] == head
    assert [key for key, _ in answer["changes"]] == [*keys, "0x00"]
    assert [value for _, value in answer["changes"]].count(None) == 1


async def test_a_range_of_blocks_is_queried_for_changes(rpc: Any) -> None:
    for _ in range(3):
        await rpc.result("engine_createBlock", True, True)
    hashes = await rpc.result("chain_getBlockHash", [1, 2, 3])
    answer = await rpc.result("state_queryStorage", [NUMBER_KEY, "0x00"], hashes[0], hashes[2])
    assert [one["block"] for one in answer] == hashes
    assert answer[0]["changes"] == [[NUMBER_KEY, "0x01000000"], ["0x00", None]]
    assert answer[1]["changes"] == [[NUMBER_KEY, "0x02000000"]]
    assert (await rpc.error("state_queryStorage", [NUMBER_KEY], hashes[2], hashes[0]))[0] == 4001


async def test_a_read_proof_proves_against_the_headers_root(rpc: Any) -> None:
    header = await rpc.result("chain_getHeader")
    proof = await rpc.result("state_getReadProof", [NUMBER_KEY, "0x1234"])
    root = bytes.fromhex(header["stateRoot"][2:])
    entries = [bytes.fromhex(entry[2:]) for entry in proof["proof"]]
    key = bytes.fromhex(NUMBER_KEY[2:])
    value = await rpc.result("state_getStorage", NUMBER_KEY)
    proved = verify_proof(root, entries, [key, b"\x12\x34"])
    assert proved[key] == (None if value is None else bytes.fromhex(value[2:]))
    assert proved[b"\x12\x34"] is None


async def test_metadata_comes_in_both_versions(rpc: Any) -> None:
    v14 = await rpc.result("state_getMetadata")
    assert v14.startswith("0x6d6574610e")
    v15 = await rpc.result("state_call", "Metadata_metadata_at_version", "0x0f000000")
    assert bytes.fromhex(v15[2:])[:1] == b"\x01"
    assert b"meta\x0f" in bytes.fromhex(v15[2:])[:12]
    assert await rpc.result("state_call", "Metadata_metadata_at_version", "0x63000000") == "0x00"


async def test_the_runtime_version_has_all_that_clients_read(rpc: Any, node: Node) -> None:
    version = await rpc.result("state_getRuntimeVersion", None)
    assert version["specVersion"] == node.chain.runtime.version.spec_version
    assert {"transactionVersion", "stateVersion", "systemVersion", "apis", "specName"} <= version.keys()
    assert ["0x37e397fc7c91f5e4", 2] in version["apis"]


async def test_an_unknown_runtime_api_is_told_in_the_words_that_clients_match(rpc: Any) -> None:
    code, message, _ = await rpc.error("state_call", "Nothing_here", "0x")
    assert code == 4003
    assert message == "Client error: Execution failed: Other: Exported method Nothing_here is not found"


@pytest.mark.parametrize("data", ["0x", "0x00", "0x" + "00" * 40])
async def test_a_runtime_api_refuses_arguments_that_do_not_fit(rpc: Any, data: str) -> None:
    code, message, _ = await rpc.error("state_call", "AccountNonceApi_account_nonce", data)
    assert code == 4003
    assert "Bad input data provided to account_nonce" in message


async def test_the_system_describes_itself(rpc: Any) -> None:
    assert await rpc.result("system_chain") == "Bittensor"
    properties = {"isEthereum": False, "ss58Format": 42, "tokenDecimals": 9, "tokenSymbol": "TAO"}
    assert await rpc.result("system_properties") == properties
    health = {"peers": 0, "isSyncing": False, "shouldHavePeers": False}
    assert await rpc.result("system_health") == health
    assert await rpc.result("system_chainType") == "Local"
    assert (await rpc.result("system_localPeerId")).startswith("12D3KooW")
    for method in ("system_name", "system_version", "system_nodeRoles", "system_peers", "system_syncState"):
        await rpc.result(method)


async def test_every_method_that_answers_is_listed(rpc: Any) -> None:
    listed = (await rpc.result("rpc_methods"))["methods"]
    needed = {"account_nextIndex", "state_getKeys", "chain_subscribeNewHead", "rpc_methods", "state_callAt"}
    assert needed <= set(listed)
    assert listed == sorted(listed)


async def test_a_fee_is_quoted_by_runtime_api_and_by_method(
    rpc: Any, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    raw = signer.transfer(alice, 0, bob)
    info = await rpc.result("payment_queryInfo", "0x" + raw.hex())
    assert int(info["partialFee"]) > 0
    assert info["class"] == "normal"
    parts = (await rpc.result("payment_queryFeeDetails", "0x" + raw.hex()))["inclusionFee"]
    assert sum(int(part, 16) for part in parts.values()) == int(info["partialFee"])


async def test_a_dry_run_tells_the_outcome_and_changes_nothing(
    rpc: Any, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    good, broke = signer.transfer(alice, 0, bob), signer.transfer(alice, 0, bob, 10**18)
    stale = signer.transfer(Keypair("//Nobody"), 0, bob)
    before = await rpc.result("chain_getHeader")
    assert await rpc.result("system_dryRun", "0x" + good.hex()) == "0x0000"
    assert (await rpc.result("system_dryRun", "0x" + broke.hex())).startswith("0x0001")
    assert await rpc.result("system_dryRun", "0x" + stale.hex()) == "0x010001"
    assert (await rpc.error("system_dryRun", "0x1234"))[0] == -32602
    assert await rpc.result("chain_getHeader") == before


async def test_the_real_nodes_own_methods_forward_to_runtime_apis(rpc: Any) -> None:
    answer = await rpc.result("subnetInfo_getSubnetInfo", 9999)
    assert answer == [0]
    assert isinstance(await rpc.result("subnetInfo_getLockCost"), int)
    assert (await rpc.error("subnetInfo_getSubnetInfo", 1 << 20))[0] == -32602
