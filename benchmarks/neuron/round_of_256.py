"""How much longer than its slowest miner does a round of 256 miners take?

A server in a process of its own plays all miners: each answers after a second, verified and signed as ever.
The validator's client asks all at once over real connections, as a round does.

    python benchmarks/neuron/round_of_256.py

The first round opens the connections, the later ones reuse them.
"""

import asyncio
import multiprocessing
import resource
import time

from signed_requests import CALLER, MINER, TASK, Echo, Number, serve

from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.client import Answer, Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.miner import Caller
from ganglion.neuron.protocols import Endpoint, Neuron
from ganglion.neuron.transport import HttpTransport

MINERS = 256
DELAY_S = 1.0


class Pensive(Echo):
    async def answer(self, request: Number, caller: Caller) -> Number:
        await asyncio.sleep(DELAY_S)
        return request


async def rounds(port: int) -> None:
    axon = Endpoint("127.0.0.1", port)
    miners = [Neuron(uid, MINER.ss58_address, "", 0, False, 0, 0.0, 0.0, axon) for uid in range(MINERS)]
    transport = HttpTransport()
    client = Client(RequestSigner(CALLER, SystemClock()), transport, SystemClock())
    for number in range(1, 5):
        began = time.perf_counter()
        outcomes = await asyncio.gather(*(client.ask(miner, TASK, Number(value=7)) for miner in miners))
        seconds = time.perf_counter() - began
        answered = [outcome.latency_s for outcome in outcomes if isinstance(outcome, Answer)]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"round {number}: {len(answered)} of {MINERS} answered   slowest {max(answered):.2f} s   "
            f"round {seconds:.2f} s ({seconds / max(answered) - 1:+.0%} of the slowest, "
            f"{seconds / DELAY_S - 1:+.0%} of a miner's own time)   memory {memory} MB"
        )
    await transport.close()


def main() -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=lambda: asyncio.run(serve(theirs, Pensive())), daemon=True)
    server.start()
    port, _ = ours.recv()
    asyncio.run(rounds(port))
    server.terminate()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
