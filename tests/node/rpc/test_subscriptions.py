"""Subscriptions: the present at once, then what changes, until it is unsubscribed."""

from __future__ import annotations

import asyncio
from typing import Any

from ganglion.crypto.hashing import twox128
from ganglion.crypto.keys import Keypair
from ganglion.node.service import Node

NUMBER_KEY = "0x" + (twox128(b"System") + twox128(b"Number")).hex()
SUDO_KEY = "0x" + (twox128(b"Sudo") + twox128(b"Key")).hex()


async def test_heads_are_told_from_the_present_one_on(rpc: Any, node: Node) -> None:
    for method, unsubscribe in (
        ("chain_subscribeNewHeads", "chain_unsubscribeNewHeads"),
        ("chain_subscribeNewHead", "chain_unsubscribeNewHead"),
        ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads"),
        ("chain_subscribeAllHeads", "chain_unsubscribeAllHeads"),
    ):
        subscription = await rpc.result(method)
        present = await rpc.next_news()
        assert present["number"] == hex(node.chain.head.number)
        await node.engine.seal()
        assert (await rpc.next_news())["parentHash"] == "0x" + node.chain.head.header.parent_hash.hex()
        assert await rpc.result(unsubscribe, subscription) is True
        assert await rpc.result(unsubscribe, subscription) is False


async def test_the_answer_comes_before_the_first_news_and_names_the_method(rpc: Any) -> None:
    await rpc.send({"jsonrpc": "2.0", "id": "first", "method": "chain_subscribeNewHeads", "params": []})
    answer = await rpc.receive()
    news = await rpc.receive()
    assert answer["id"] == "first"
    assert news["method"] == "chain_newHead"
    assert news["params"]["subscription"] == answer["result"]
    assert len(answer["result"]) == 16


async def test_storage_is_told_whole_and_then_by_changes(rpc: Any, node: Node) -> None:
    await rpc.result("state_subscribeStorage", [NUMBER_KEY, SUDO_KEY])
    first = await rpc.next_news()
    assert [key for key, _ in first["changes"]] == [NUMBER_KEY, SUDO_KEY]
    imported = await node.engine.seal()
    second = await rpc.next_news()
    assert second == {"block": "0x" + imported.stored.hash.hex(), "changes": [[NUMBER_KEY, "0x01000000"]]}


async def test_the_runtime_version_is_told_at_once(rpc: Any, node: Node) -> None:
    subscription = await rpc.result("state_subscribeRuntimeVersion")
    assert (await rpc.next_news())["specVersion"] == node.chain.runtime.version.spec_version
    assert await rpc.result("state_unsubscribeRuntimeVersion", subscription) is True


async def test_a_watched_transaction_is_told_to_its_end(
    rpc: Any, node: Node, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    raw = signer.transfer(alice, 0, bob)
    subscription = await rpc.result("author_submitAndWatchExtrinsic", "0x" + raw.hex())
    assert await rpc.next_news() == "ready"
    block = "0x" + (await node.engine.seal()).stored.hash.hex()
    assert await rpc.next_news() == {"inBlock": block}
    assert await rpc.next_news() == {"finalized": block}
    assert await rpc.result("author_unwatchExtrinsic", subscription) is False


async def test_an_unwatched_transaction_is_not_told(
    rpc: Any, node: Node, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    raw = signer.transfer(alice, 1, bob)
    subscription = await rpc.result("author_submitAndWatchExtrinsic", raw.hex())
    assert await rpc.next_news() == "future"
    assert await rpc.result("author_unwatchExtrinsic", subscription) is True
    await rpc.result("author_submitExtrinsic", signer.transfer(alice, 0, bob).hex())
    await node.engine.seal()
    await rpc.result("system_chain")
    assert rpc.news == []


async def test_a_refused_transaction_leaves_no_subscription(
    rpc: Any, new_connection: Any, signer: Any, bob: Keypair
) -> None:
    raw = signer.transfer(Keypair("//Nobody"), 0, bob)
    for _ in range(2):
        assert (await rpc.error("author_submitAndWatchExtrinsic", raw.hex()))[0] in (1010, 1012)
    await rpc.result("system_chain")
    assert rpc.news == []


async def test_a_client_may_not_subscribe_without_end(rpc: Any) -> None:
    for _ in range(1024):
        await rpc.result("state_subscribeRuntimeVersion")
    code, message, _ = await rpc.error("state_subscribeRuntimeVersion")
    assert (code, message) == (-32006, "Too many subscriptions on the connection")


async def test_subscriptions_end_with_their_connection(node: Node, new_connection: Any) -> None:
    async with new_connection() as client:
        await client.result("chain_subscribeNewHeads")
        assert node.server.connections == 1
    while node.server.connections:
        await asyncio.sleep(0.01)
    assert (await node.engine.seal()).stored.number == 1
