"""What the async-substrate-interface programs share: a connection, and one JSON object out.

PROGRAM URL ARGUMENT...
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from async_substrate_interface.async_substrate import AsyncSubstrateInterface

TIMEOUT_S = 80


def run(program: Callable[..., Awaitable[dict[str, Any]]]) -> None:
    """Connect, run `program` with the connection and the arguments, and write what it returns."""
    url, *arguments = sys.argv[1:]

    async def connected() -> dict[str, Any]:
        async with AsyncSubstrateInterface(url) as substrate:
            return await program(substrate, *arguments)

    result = asyncio.run(asyncio.wait_for(connected(), TIMEOUT_S))
    sys.stdout.write(json.dumps(result) + "\n")
