"""Prints the tables of docs/yuma.md, and with --plot FILE.svg draws its growth curves.

    python benchmarks/yuma/table.py --plot docs/yuma-speed.svg

Times are the least of several runs of `run_epoch` on prepared input, in one thread.
"""

import argparse
import ctypes
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from growth_plot import Curve, draw
from yuma_worlds import RUST_MS, random_epoch

from ganglion.yuma import EpochInput, RowOps, run_epoch
from ganglion.yuma.compiled import COMPILED

PLAIN = RowOps()
OWN_BYTES = 10  # one weight during an epoch: u16 uid and I32F32 value
M_MMAP_THRESHOLD = -3
STORED_BYTES = 8  # a weight and a bond as stored: u16 uid and u16 value each
FIRST_CALL = """
from time import perf_counter
began = perf_counter()
from yuma_worlds import random_epoch
from ganglion.yuma import run_epoch
epoch = random_epoch(validators=64, uids=256, scored=256)
ready = perf_counter()
from ganglion.yuma.compiled import COMPILED
run_epoch(epoch, COMPILED)
print(f"{perf_counter() - ready:.2f}")
"""


def least_ms(call: Callable[[], object], budget_s: float = 3.0) -> float:
    """The fastest of as many calls as fit the budget, and of three at least."""
    times: list[float] = []
    while len(times) < 3 or sum(times) < budget_s:
        began = perf_counter()
        call()
        times.append(perf_counter() - began)
    return min(times) * 1000


def peak_bytes(epoch: EpochInput, ops: RowOps) -> int:
    """How far resident memory rises during one epoch above what it is before (Linux, glibc)."""
    libc = ctypes.CDLL(None)
    libc.mallopt(M_MMAP_THRESHOLD, 1 << 20)  # an array that is freed goes back at once and does not count
    libc.malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    run_epoch(epoch, ops)
    return _status("VmHWM") - before


def _status(name: str) -> int:
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith(name))
    return int(line.split()[1]) * 1024


def speed_table() -> None:
    print("| rule | uids | scored by each | Rust, ms | plain, ms | compiled, ms | Rust / compiled |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for (yuma3, uids, scored), rust in RUST_MS.items():
        epoch = random_epoch(validators=64, uids=uids, scored=scored, yuma3=yuma3)
        plain, fast = (least_ms(partial(run_epoch, epoch, ops)) for ops in (PLAIN, COMPILED))
        rule = "Yuma 3, liquid alpha" if yuma3 else "Yuma 2"
        print(f"| {rule} | {uids} | {scored} | {rust} | {plain:.1f} | {fast:.1f} | {rust / fast:.1f} |")


def large_table() -> None:
    print("| rule | validators | uids | scored by all of them | compiled, ms | ns per weight |")
    print("| --- | --- | --- | --- | --- | --- |")
    shapes = [(256, 16384, 16384), (64, 4096, 512), (4096, 4096, 64), (4096, 4096, 512)]
    for yuma3 in (False, True):
        for validators, uids, scored in shapes:
            epoch = random_epoch(validators=validators, uids=uids, scored=scored, same=True, yuma3=yuma3)
            ms = least_ms(partial(run_epoch, epoch, COMPILED))
            per_weight = ms * 1e6 / (validators * scored)
            rule = "Yuma 3, liquid alpha" if yuma3 else "Yuma 2"
            print(f"| {rule} | {validators} | {uids} | {scored} | {ms:.1f} | {per_weight:.0f} |")


def memory_table() -> None:
    print("| engine | rule | bytes per weight | of a weight's 10 in an epoch | of the 8 stored |")
    print("| --- | --- | --- | --- | --- |")
    for name, ops in (("plain", PLAIN), ("compiled", COMPILED)):
        for yuma3 in (False, True):
            epoch = random_epoch(validators=256, uids=16384, scored=16384, yuma3=yuma3)
            per_weight = peak_bytes(epoch, ops) / (256 * 16384)
            rule = "Yuma 3, liquid alpha" if yuma3 else "Yuma 2"
            times = f"{per_weight / OWN_BYTES:.1f} x | {per_weight / STORED_BYTES:.1f} x"
            print(f"| {name} | {rule} | {per_weight:.1f} | {times} |")


def first_call_table() -> None:
    print("| first call in a process | seconds |")
    print("| --- | --- |")
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache}
        for name in ("first ever, compiling", "any later one, from the cache on disk"):
            command = [sys.executable, "-c", FIRST_CALL]
            run = subprocess.run(
                command,
                env=environment,
                cwd=Path(__file__).parent,
                capture_output=True,
                text=True,
                check=True,
            )
            print(f"| {name} | {run.stdout.strip()} |")


def growth(path: Path) -> None:
    """Curves of time over uids, every uid scored by 64 validators, and the Rust figures."""
    sizes = [64, 128, 256, 512, 1024, 2048, 4096, 8192]
    curves = []
    for yuma3, rule in ((False, "Yuma 2"), (True, "Yuma 3, liquid alpha")):
        rust = [
            (uids, ms) for (rule3, uids, scored), ms in RUST_MS.items() if rule3 == yuma3 and scored == uids
        ]
        curves.append(Curve(f"{rule}, Rust", rust, dashed=True))
        for name, ops in (("plain", PLAIN), ("compiled", COMPILED)):
            points = []
            for uids in sizes:
                epoch = random_epoch(validators=64, uids=uids, scored=uids, yuma3=yuma3)
                points.append((uids, least_ms(partial(run_epoch, epoch, ops), 1.0)))
            curves.append(Curve(f"{rule}, {name}", points))
    path.write_text(draw(curves, x_title="uids, each scored by 64 validators", y_title="ms per epoch"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plot", type=Path, help="write the growth curves to this SVG file")
    plot = parser.parse_args().plot
    run_epoch(random_epoch(validators=4, uids=8, scored=8), COMPILED)
    for table in (speed_table, large_table, memory_table, first_call_table):
        table()
        print()
    if plot:
        growth(plot)


if __name__ == "__main__":
    main()
