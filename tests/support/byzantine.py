"""A validator whose application lies: `python -m byzantine HOW ganglion node ...`.

It proposes wrong blocks, each time in another of the ways named by HOW (separated by commas), and votes for
whatever it is shown. `root` lies about what came out of a block instead.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from ganglion.cli.main import app
from ganglion.node.engines.comet.maker import BlockMaker

HOUR_NS = 3_600 * 10**9
honest_propose, honest_decide = BlockMaker.propose, BlockMaker.decide


def propose(how: str, maker: BlockMaker, place: Any, *rest: Any) -> tuple[bytes, ...]:
    if how == "later":
        return honest_propose(maker, replace(place, time_ns=place.time_ns + HOUR_NS), *rest)
    if how == "earlier":
        return honest_propose(maker, replace(place, time_ns=place.time_ns - HOUR_NS), *rest)
    made = honest_propose(maker, place, *rest)
    return {
        "garbage": (*made, b"\x10\x84\xff\xff\xff"),
        "twice": (*made, made[0]),
        "no time": made[1:],
        "nothing": (),
        "backwards": made[::-1],
        "root": made,
    }[how]


def main() -> None:
    ways = sys.argv[1].split(",")
    if ways == ["root"]:

        def decide(maker: BlockMaker, *rest: Any) -> Any:
            decided = honest_decide(maker, *rest)
            return replace(decided, hash=bytes(byte ^ 0xFF for byte in decided.hash))

        BlockMaker.decide = decide  # type: ignore[method-assign]
    else:
        BlockMaker.judge = lambda *_: None  # type: ignore[method-assign]
        turns = iter(range(sys.maxsize))
        BlockMaker.propose = lambda *given: propose(ways[next(turns) % len(ways)], *given)  # type: ignore
    sys.argv[:] = sys.argv[2:]
    app()


if __name__ == "__main__":
    main()
