import asyncio

import pytest

from ganglion.neuron.chain import SdkChain, on_unhandled
from ganglion.neuron.errors import ChainUnavailable, EndpointInvalid
from ganglion.neuron.protocols import Endpoint, Weights
from ganglion.node.chain_spec import localnet
from ganglion.node.config import NodeConfig
from ganglion.node.service import open_node


@pytest.fixture
def nowhere(alice, clock):
    return SdkChain("ws://127.0.0.1:1", alice, clock, attempts=3, pause_s=1.0)


async def test_a_node_which_is_not_there_is_tried_with_growing_pauses_and_then_given_up(nowhere, clock):
    before = clock.monotonic()
    with pytest.raises(ChainUnavailable) as caught:
        await nowhere.metagraph(1)
    assert (caught.value.endpoint, caught.value.attempts) == ("ws://127.0.0.1:1", 3)
    assert clock.monotonic() - before == 1.0 + 2.0


async def test_extrinsics_without_a_node_are_unavailable_too(nowhere):
    with pytest.raises(ChainUnavailable):
        await nowhere.serve_axon(1, Endpoint("10.0.0.1", 1))
    with pytest.raises(ChainUnavailable):
        await nowhere.set_weights(1, Weights((0,), (65535,)), 0)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 404 Not Found\r\n\r\n", b"\x00\xff nonsense\r\n\r\n"])
async def test_a_server_which_is_no_node_is_given_up(alice, clock, answer):
    async def talk(_reader, writer):
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        endpoint = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        chain = SdkChain(endpoint, alice, clock, attempts=2)
        with pytest.raises(ChainUnavailable):
            await chain.block()
        await chain.close()


@pytest.fixture
async def silent():
    """The endpoint of a node which never answers, and a semaphore released for each who hangs up."""
    hung_up, writers = asyncio.Semaphore(0), []

    async def say_nothing(reader, writer):
        writers.append(writer)
        await reader.read()
        writer.close()
        hung_up.release()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", hung_up
        for writer in writers:
            writer.close()
            await writer.wait_closed()


@pytest.mark.parametrize("reads", [1, 3])
async def test_a_node_which_never_answers_leaves_no_connection_behind(alice, clock, silent, reads):
    endpoint, hung_up = silent
    chain = SdkChain(endpoint, alice, clock, attempts=reads, read_timeout_s=0.05)
    with pytest.raises(ChainUnavailable):
        await chain.block()
    async with asyncio.timeout(10):
        for _ in range(reads):
            await hung_up.acquire()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "rpc-session"]


async def test_when_one_of_two_nodes_is_gone_the_other_is_asked_without_a_pause(alice, clock):
    spec = localnet()
    before = clock.monotonic()
    async with open_node(NodeConfig(spec, port=0)) as first, open_node(NodeConfig(spec, port=0)) as second:
        chain = SdkChain(f"{url_of(first)}, {url_of(second)}", alice, clock, attempts=1)
        assert await chain.block() == 0
        await first.server.stop()
        assert await chain.block() == 0
        await chain.close()
        assert await chain.block() == 0
        await chain.close()
    assert clock.monotonic() == before


async def test_a_node_which_never_answers_is_left_for_the_next_one(alice, clock, silent):
    endpoint, _ = silent
    async with open_node(NodeConfig(localnet(), port=0)) as node:
        chain = SdkChain(f"{endpoint},{url_of(node)}", alice, clock, read_timeout_s=2.0)
        assert await chain.block() == 0
        await chain.close()


@pytest.mark.parametrize(
    "endpoint", ["", "nonsense", "ws://127.0.0.1:1,", "ws://127.0.0.1:1,http://127.0.0.1"]
)
def test_an_endpoint_which_no_node_can_have_is_refused_at_once(alice, clock, endpoint):
    with pytest.raises(EndpointInvalid, match="Unknown network"):
        SdkChain(endpoint, alice, clock)


def url_of(node) -> str:
    return f"ws://127.0.0.1:{node.server.port}"


async def test_what_the_sdk_leaves_of_a_broken_connection_is_a_line_and_anything_else_an_error(caplog):
    caplog.set_level("INFO")

    async def fail():
        raise ZeroDivisionError

    for name, level in (("rpc-session", "INFO"), ("ours", "ERROR")):
        task = asyncio.create_task(fail(), name=name)
        await asyncio.wait([task])
        on_unhandled(
            asyncio.get_running_loop(), {"message": "lost", "exception": task.exception(), "future": task}
        )
        assert caplog.records[-1].levelname == level
