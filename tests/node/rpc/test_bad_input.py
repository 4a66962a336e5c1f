"""Whatever a client sends, it gets an error that says what is wrong, and the node goes on."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.crypto.keys import Keypair
from ganglion.frame.era import Era
from ganglion.node.rpc.dispatch import Dispatcher, MessageLimits
from ganglion.node.rpc.method import Family, Json, collect, method
from ganglion.node.rpc.params import Account, BlockHash, Hex, Keys, NumberOrList, UInt
from ganglion.node.service import Node

WAIT_S = 30


@pytest.fixture
async def post(node: Node) -> AsyncIterator[Any]:
    """Posts a body; status and parsed answer."""
    async with aiohttp.ClientSession() as session:

        async def send(body: bytes) -> tuple[int, Any]:
            async with session.post(
                f"http://127.0.0.1:{node.server.port}/", data=io.BytesIO(body)
            ) as response:
                text = await response.text()
                return response.status, json.loads(text) if text.startswith(("{", "[")) else text

        yield send


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", -32700),
        ("", -32700),
        ('{"jsonrpc":"2.0","id":1,"method":"x","params":[' + "9" * 400 + "]}", -32700),
        ("[]", -32600),
        ("7", -32600),
        ('"text"', -32600),
        ('{"jsonrpc":"2.0","id":1}', -32600),
        ('{"jsonrpc":"2.0","id":1,"method":7}', -32600),
        ('{"jsonrpc":"2.0","id":[],"method":"system_chain"}', -32600),
        ('{"jsonrpc":"2.0","id":1,"method":"nothing_here"}', -32601),
        ('{"jsonrpc":"2.0","id":1,"method":"chain_getHeader","params":{"hash":1}}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"chain_getHeader","params":[5]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"chain_getHeader","params":["0x12"]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"chain_getHeader","params":["zz"]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"chain_getHeader","params":[null,7]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[-1]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[true]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[[[1]]]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"state_getStorage"}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"state_queryStorageAt","params":["0x"]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"account_nextIndex","params":["5Nobody"]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"account_nextIndex","params":[12]}', -32602),
    ],
)
async def test_a_bad_message_gets_its_code_over_both_transports(
    rpc: Any, post: Any, message: str, code: int
) -> None:
    await rpc.send(message)
    assert (await rpc.receive())["error"]["code"] == code
    status, answer = await post(message.encode())
    assert (status, answer["error"]["code"]) == (200, code)
    assert await rpc.result("system_chain") == "Bittensor"


async def test_ids_are_echoed_whatever_their_kind(rpc: Any) -> None:
    for request_id in (1, "a text", None, 1.5):
        await rpc.send({"jsonrpc": "2.0", "id": request_id, "method": "system_chain"})
        assert (await rpc.receive())["id"] == request_id


async def test_a_batch_is_answered_in_order_with_errors_in_place(rpc: Any, post: Any) -> None:
    batch = [
        {"jsonrpc": "2.0", "id": 1, "method": "system_chain"},
        {"jsonrpc": "2.0", "method": "system_chain"},
        {"jsonrpc": "2.0", "id": 2, "method": "nothing"},
        7,
        {"jsonrpc": "2.0", "id": 3, "method": "state_getMetadata"},
    ]
    await rpc.send(batch)
    over_socket = await rpc.receive()
    _, over_post = await post(json.dumps(batch).encode())
    assert over_socket == over_post
    assert [answer["id"] for answer in over_socket] == [1, 2, None, 3]
    assert ["error" in answer for answer in over_socket] == [False, True, True, False]


async def test_a_batch_may_not_be_too_long(rpc: Any) -> None:
    await rpc.send([{"jsonrpc": "2.0", "id": 1, "method": "system_chain"}] * 2001)
    error = (await rpc.receive())["error"]
    assert (error["code"], error["message"]) == (-32010, "The batch request was too large")


async def test_an_oversize_request_is_refused_and_others_are_served(
    node: Node, rpc: Any, post: Any, new_connection: Any
) -> None:
    huge = b'["' + b"0" * (15 << 20) + b'"]'
    status, _ = await post(huge)
    assert status == 413
    async with new_connection() as client:
        with contextlib.suppress(ConnectionError):  # the node may close before all is sent
            await client.socket.send_bytes(huge)
        message = await client.socket.receive(timeout=WAIT_S)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert await rpc.result("system_chain") == "Bittensor"


async def test_subscribing_over_post_is_refused(post: Any) -> None:
    _, answer = await post(b'{"jsonrpc":"2.0","id":1,"method":"chain_subscribeNewHeads"}')
    assert "WebSocket" in answer["error"]["message"]


async def test_a_get_that_is_no_websocket_says_what_to_do(node: Node) -> None:
    url = f"http://127.0.0.1:{node.server.port}/"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 405
        assert "WebSocket" in await response.text()


async def test_extrinsics_are_refused_with_the_standard_codes(
    rpc: Any, node: Node, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    async def refused(raw: bytes) -> tuple[int, str, Any]:
        answer: tuple[int, str, Any] = await rpc.error("author_submitExtrinsic", "0x" + raw.hex())
        return answer

    good = signer.transfer(alice, 0, bob)
    assert (await refused(b""))[0] == 1001
    assert (await refused(b"\x10\x84\xff\xff\xff"))[0] == 1002
    forged = good[:50] + bytes([good[50] ^ 1]) + good[51:]
    assert await refused(forged) == (1010, "Invalid Transaction", "Transaction has a bad signature")
    assert (await refused(forged))[:2] == (1012, "Transaction is temporarily banned")
    poor = signer.transfer(Keypair("//Nobody"), 0, bob)
    fees = "Inability to pay some fees (e.g. account balance too low)"
    assert await refused(poor) == (1010, "Invalid Transaction", fees)
    await rpc.result("author_submitExtrinsic", good.hex())
    assert (await refused(good))[:2] == (1013, "Transaction Already Imported")
    code, message, _ = await refused(signer.transfer(alice, 0, bob, 5))
    assert (code, message) == (1014, "Priority is too low: (1 vs 1)")
    await node.engine.seal()
    stale = signer.transfer(alice, 0, bob, 6)
    assert await refused(stale) == (1010, "Invalid Transaction", "Transaction is outdated")


async def test_an_expired_era_is_refused(
    rpc: Any, node: Node, signer: Any, alice: Keypair, bob: Keypair
) -> None:
    for _ in range(9):
        await node.engine.seal()
    genesis_hash = node.chain.genesis_hash
    raw = signer.transfer(alice, 0, bob, era=Era.mortal(4, 1), birth_hash=genesis_hash)
    code, _, data = await rpc.error("author_submitExtrinsic", raw.hex())
    assert (code, data) == (1010, "Transaction has a bad signature")
    future = signer.transfer(alice, 0, bob, era=Era.mortal(64, 60), birth_hash=genesis_hash)
    code, _, data = await rpc.error("author_submitExtrinsic", future.hex())
    assert (code, data) == (1010, "Transaction has an ancient birth block")


async def test_random_bytes_never_stop_the_node(rpc: Any) -> None:
    for size in range(1, 60):
        raw = bytes((size * 7 + at * 31) % 256 for at in range(size))
        code, _, _ = await rpc.error("author_submitExtrinsic", bytes([size << 2]).hex() + raw.hex())
        assert code in (1001, 1002, 1010, 1011)


async def test_a_subscriber_that_does_not_read_is_disconnected(node: Node) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", node.server.port)
    writer.write(
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    keys = json.dumps(["0x" + "00" * 600] * 5_000)
    request = b'{"jsonrpc":"2.0","id":1,"method":"state_subscribeStorage","params":[%s]}' % keys.encode()
    frame = b"\x81\xff" + len(request).to_bytes(8, "big") + bytes(4) + request
    for _ in range(20):
        writer.write(frame)
    async with asyncio.timeout(WAIT_S):
        while not node.server.connections:
            await asyncio.sleep(0.01)
        while node.server.connections:
            await asyncio.sleep(0.01)
    writer.transport.abort()


class Probe(Family):
    """Methods that echo what their parameters were read as."""

    @method("hex")
    def hex(self, value: Hex) -> Json:
        return value.hex()

    @method("hash")
    def hash(self, value: BlockHash) -> Json:
        return value.hex()

    @method("uint")
    def uint(self, value: UInt) -> Json:
        return value

    @method("numbers")
    def numbers(self, value: NumberOrList) -> Json:
        return value

    @method("keys")
    def keys(self, value: Keys) -> Json:
        return len(value)

    @method("account")
    def account(self, value: Account) -> Json:
        return value.hex()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), 1 << 64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["hex", "hash", "uint", "numbers", "keys", "account", "none"]), JSON)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_json_is_answered(name: str, value: Any) -> None:
    dispatcher = Dispatcher(collect([Probe()]), MessageLimits(), lambda number: None)
    for params in ([value], value):
        request = {"jsonrpc": "2.0", "id": 1, "method": name, "params": params}
        answer = json.loads(asyncio.run(dispatcher.answer(json.dumps(request), None)))
        assert "result" in answer or answer["error"]["code"] in (-32600, -32601, -32602, -32700)
