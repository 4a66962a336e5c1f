"""How long does a simulated day take, and where does the time go?

Runs blocks without transactions on the whole runtime in this process: state in memory, its root made and
committed in every block, no RPC. At the end every invariant of the state is checked.

    python benchmarks/economy/day.py --subnets 128 --blocks 7200

Seconds are those of the processor, which other work on the machine disturbs less than the clock's; both are
shown. What the runtime alone takes, without root and commit, is the sum of its parts. Garbage is collected as
a node does it. `--table` prints instead how the cost of a block grows with subnets and with uids.
"""

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from economy_world import TEMPO, Size, first_block

from ganglion.node.chain import Chain
from ganglion.node.service import GC_THRESHOLDS
from ganglion.pallets.subtensor.coinbase import Coinbase
from ganglion.pallets.subtensor.payout import Payout
from ganglion.runtime import runtime
from ganglion.state.memory import MemoryStore
from ganglion.state.overlay import Overlay

BLOCK_MS = 12_000
BLOCKS_A_DAY = 7_200
BEYOND_THE_RUNTIME = ("root", "commit")
PARTS = {
    "coinbase": "emission, prices, claims, schedule",
    "epochs": "Yuma consensus and the payout",
    "encoding": "what the block changed, as bytes",
    "root": "the trie",
    "commit": "the store",
    "other": "opening, inherents, header",
}


class Day:
    """A chain whose blocks are timed, in seconds of the processor."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.chain = Chain.open(runtime(), first_block(size), MemoryStore())
        self.world = self.chain._execution.world
        self.blocks: list[tuple[int, float]] = []
        """Epochs and seconds of each block."""
        self.seconds = dict.fromkeys(PARTS, 0.0)
        self.epochs = 0
        self._watch("coinbase", self.world[Coinbase], "on_initialize")
        self._watch("epochs", self.world[Payout], "run_epoch")
        self._watch("encoding", Overlay, "changes")
        self._watch("root", self.chain._db, "prepare")
        self._watch("commit", self.chain._db, "commit")
        gc.collect()
        gc.freeze()

    def run(self, blocks: int) -> None:
        """Make so many blocks."""
        for _ in range(blocks):
            epochs, watched = self.epochs, self._watched()
            began = time.process_time()
            self.chain.produce((), BLOCK_MS * (self.chain.head.header.number + 1))
            took = time.process_time() - began
            self.seconds["other"] += took - (self._watched() - watched)
            self.blocks.append((self.epochs - epochs, took))

    def forget(self) -> None:
        """Begin to count anew: what a chain reads for the first time is behind it."""
        self.blocks.clear()
        self.seconds = dict.fromkeys(PARTS, 0.0)
        self.epochs = 0

    def split(self) -> dict[str, float]:
        """Seconds by part; the coinbase without its epochs."""
        return self.seconds | {"coinbase": self.seconds["coinbase"] - self.seconds["epochs"]}

    def day_alone(self) -> float:
        """Seconds of a day of the runtime, without root and commit."""
        alone = sum(seconds for part, seconds in self.split().items() if part not in BEYOND_THE_RUNTIME)
        return alone / len(self.blocks) * BLOCKS_A_DAY

    def milliseconds(self, with_epoch: bool) -> float:
        """The median of the blocks with an epoch, or without."""
        times = [seconds for epochs, seconds in self.blocks if bool(epochs) is with_epoch]
        return 1000 * statistics.median(times) if times else 0.0

    def _watched(self) -> float:
        return sum(self.seconds.values()) - self.seconds["other"] - self.seconds["epochs"]

    def _watch(self, part: str, owner: Any, method: str) -> None:
        inner: Callable[..., Any] = getattr(owner, method)

        def timed(*args: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return inner(*args, **named)
            finally:
                self.seconds[part] += time.process_time() - began
                self.epochs += part == "epochs"

        setattr(owner, method, timed)


def report(day: Day, wall: float) -> None:
    """Print the figures of a day, or of a part of one."""
    blocks, total = len(day.blocks), sum(seconds for _, seconds in day.blocks)
    size = day.size
    print(f"{size.subnets} subnets of {size.uids} uids, {size.validators} of them validators, tempo {TEMPO}")
    print(f"{blocks} blocks, {day.epochs} epochs: {total:.1f} s of the processor, {wall:.1f} s by the clock")
    print(f"{blocks / total:.1f} blocks/s, a day of {BLOCKS_A_DAY} in {total / blocks * BLOCKS_A_DAY:.0f} s")
    alone = day.day_alone()
    print(f"the runtime alone: {BLOCKS_A_DAY / alone:.1f} blocks/s, a day in {alone:.0f} s")
    print(f"median block {day.milliseconds(False):.1f} ms, with an epoch {day.milliseconds(True):.1f} ms")
    for part, seconds in day.split().items():
        print(f"{part:>10} {1000 * seconds / blocks:7.2f} ms a block {seconds / total:6.1%}  {PARTS[part]}")


def table(sizes: Iterable[Size], blocks: int) -> None:
    """Print how the cost of a block grows."""
    print("subnets  uids  blocks/s  block ms  with an epoch ms  a day s  alone s")
    for size in sizes:
        day = Day(size)
        day.run(min(blocks, TEMPO))
        day.forget()
        day.run(blocks)
        day.world.try_state()
        seconds = sum(took for _, took in day.blocks) / blocks
        idle, busy = day.milliseconds(False), day.milliseconds(True)
        print(
            f"{size.subnets:7} {size.uids:5} {1 / seconds:9.1f} {idle:9.2f} {busy:17.2f}"
            f" {seconds * BLOCKS_A_DAY:8.0f} {day.day_alone():8.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subnets", type=int, default=128, help="active subnets besides the root network")
    parser.add_argument("--uids", type=int, default=256, help="uids of each; a quarter are validators")
    parser.add_argument("--blocks", type=int, default=BLOCKS_A_DAY, help="how many are timed")
    parser.add_argument("--warm-up", type=int, default=0, help="how many are made before")
    parser.add_argument("--claims", action="store_true", help="let root stakers' automatic claims be paid")
    parser.add_argument("--table", action="store_true", help="1, 16 and 128 subnets of 64 and 256 uids")
    options = parser.parse_args()
    gc.set_threshold(*GC_THRESHOLDS)
    if options.table:
        sizes = (Size(subnets, uids) for subnets in (1, 16, 128) for uids in (64, 256))
        table(sizes, options.blocks)
        return
    day = Day(Size(options.subnets, options.uids, options.claims))
    day.run(options.warm_up)
    day.forget()
    began = time.perf_counter()
    day.run(options.blocks)
    wall = time.perf_counter() - began
    day.world.try_state()
    report(day, wall)


if __name__ == "__main__":
    main()
