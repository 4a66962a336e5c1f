"""Transfers per second and time to finality on 1, 4 and 7 validators, beside CometBFT's own kvstore.

All validators run on this machine. The same load is offered to both, one after the other: signed transfers to
our nodes, transactions of the same size to the key-value application. Finality is the time from sending to
the arrival of the block.

    python benchmarks/comet/throughput.py --validators 1 4 7 --rate 1000 --seconds 10
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "node"), str(HERE.parent.parent / "tests" / "support")]

import kvstore  # noqa: E402
import transfers  # noqa: E402
from transfers import Measured, Signer, connect, follow, offer, percentile_ms, sign_all  # noqa: E402

from ganglion.crypto.keys import Keypair  # noqa: E402
from ganglion.node.chain_spec import load  # noqa: E402
from replicas import Replicas, free_ports  # noqa: E402


async def ours(validators: int, options: argparse.Namespace) -> dict[str, Any]:
    """The load on our nodes, offered to all of them in turn."""
    with tempfile.TemporaryDirectory() as directory:
        replicas = Replicas(Path(directory), validators, block_time_s=options.block_time)
        replicas.start(options=("--snapshot-every", "0"))
        try:
            await asyncio.to_thread(replicas.reaches, 2)
            signer, seen = Signer(load(str(replicas.layout.spec))), Measured()
            keys = [Keypair(f"//load/{number}") for number in range(options.senders)]
            raws = sign_all(signer, keys, int(options.rate * options.seconds))
            async with contextlib.AsyncExitStack() as stack:
                ports = [node.port for node in replicas.layout.nodes]
                follower = await stack.enter_async_context(connect(ports[0]))
                clients = [await stack.enter_async_context(connect(port)) for port in ports]
                await transfers.fund(signer, follower, keys)
                await asyncio.sleep(2 * options.block_time)  # every node has the funds
                following = asyncio.create_task(follow(follower, len(raws), seen))
                began = asyncio.get_running_loop().time()
                await offer(clients, raws, options.rate, seen)
                await asyncio.wait_for(following, 300)
                return summary(seen, seen.ended - began)
        finally:
            replicas.close()


async def theirs(validators: int, options: argparse.Namespace) -> dict[str, Any]:
    """The load on CometBFT's key-value application."""
    first = free_ports(validators * 10)
    with tempfile.TemporaryDirectory() as directory:
        with kvstore.kvstore(Path(directory), validators, options.block_time, first) as nodes:
            seen, took = await kvstore.load(nodes, options.rate, options.seconds)
        return summary(seen, took)


def summary(seen: Measured, took: float) -> dict[str, Any]:
    """What a reader wants to know."""
    return {
        "included": len(seen.inclusion),
        "per_s": round(len(seen.inclusion) / took),
        "finality_p50_ms": percentile_ms(seen.inclusion, 0.5),
        "finality_p99_ms": percentile_ms(seen.inclusion, 0.99),
        "refused": sum(seen.refused.values()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--validators", type=int, nargs="+", default=[1, 4, 7])
    parser.add_argument("--rate", type=float, default=1_000, help="offered per second")
    parser.add_argument("--seconds", type=float, default=10, help="how long")
    parser.add_argument("--senders", type=int, default=200, help="accounts that send")
    parser.add_argument("--block-time", type=float, default=1.0, help="seconds between blocks")
    options = parser.parse_args()
    for validators in options.validators:
        for name, run in (("ganglion", ours), ("kvstore", theirs)):
            result = asyncio.run(run(validators, options))
            print(json.dumps({"validators": validators, "application": name, **result}), flush=True)


if __name__ == "__main__":
    main()
