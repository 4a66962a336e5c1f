"""Does the state stay sound whatever anybody calls? The machine of the tests, for as many calls as asked.

    python benchmarks/economy/soak.py --calls 200000 --seed 1

`try_state` runs after every block. Prints a line on standard error while it runs, then what came of each kind
of call. Should the state ever contradict itself, or anything but a refusal be raised, it prints the seed, the
last calls and the failure, and ends with status 1: the same seed on the same code fails at the same call.
"""

import argparse
import sys
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "support"))

from economy_machine.machine import Machine

REASONS = 3
SHOWN = 700
PROGRESS_EVERY = 50


def soak(machine: Machine, calls: int, per_block: int, seed: int) -> None:
    """Make so many calls, so many to a block at most. Raises what the machine raises."""
    random, began = Random(seed), perf_counter()
    while machine.tally.calls < calls:
        for _ in range(min(random.randint(0, per_block), calls - machine.tally.calls)):
            machine.attempt(random.choice(machine.kinds))
        machine.close_block()
        if machine.tally.blocks % PROGRESS_EVERY == 0:
            done, seconds = machine.tally.calls, perf_counter() - began
            line = f"{done:,} of {calls:,} calls, {machine.tally.blocks:,} blocks, {seconds:,.0f} s"
            print(f"\r{line} ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def report(machine: Machine, seconds: float) -> None:
    """What came of every kind, and of all."""
    tally = machine.tally
    print("| kind | succeeded | refused | mostly because |")
    print("| --- | --- | --- | --- |")
    for kind in sorted(set(tally.succeeded) | set(tally.refused)):
        refused: Counter[str] = tally.refused[kind] if kind in tally.refused else Counter()
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in refused.most_common(REASONS))
        print(f"| {kind} | {tally.succeeded[kind]:,} | {refused.total():,} | {reasons} |")
    made, ways = sum(tally.succeeded.values()), len(tally.both_ways)
    print()
    print(f"{tally.calls:,} calls in {tally.blocks:,} blocks and {seconds:,.0f} s: {made:,} succeeded.")
    print(f"{len(set(machine.kinds))} kinds, {ways} of them succeeded and were refused.")
    print(", ".join(f"{what} {count:,}" for what, count in sorted(tally.happened.items())))
    print("try_state held after every block.")


def explain(machine: Machine, seed: int) -> None:
    """What led to the failure that is being handled."""
    print(f"\nseed {seed}, call {machine.tally.calls}, block {machine.ledger.number}; the last calls:")
    for number, attempt, result in machine.last_calls:
        print(f"  block {number} {attempt.signer}: {str(attempt.call)[:SHOWN]} -> {result}")
    traceback.print_exc()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-block", type=int, default=50, help="calls in a block at most")
    given = parser.parse_args()
    machine, began = Machine(given.seed), perf_counter()
    try:
        soak(machine, given.calls, given.per_block, given.seed)
    except Exception:  # noqa: BLE001  whatever it is, it must be reproducible
        explain(machine, given.seed)
        sys.exit(1)
    report(machine, perf_counter() - began)


if __name__ == "__main__":
    main()
