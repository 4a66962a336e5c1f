"""How long does a node take to join a chain of many accounts by state sync?

Two validators keep a chain with funded accounts; once they offer a snapshot, a third node joins. Prints the
seconds from its start until it serves, until it has found the snapshot, and until it has the state.

    python benchmarks/comet/state_sync.py --accounts 100000
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent.parent / "tests" / "support"))

from ganglion.crypto import ss58  # noqa: E402
from ganglion.node import chain_spec  # noqa: E402
from ganglion.node.chain_spec import ChainSpec  # noqa: E402
from replicas import Replicas, eventually  # noqa: E402

ENDOWMENT = 10**9


def spec_of(accounts: int) -> ChainSpec:
    """The localnet's specification with so many more accounts."""
    plain = chain_spec.localnet()
    more = [{"account": ss58.encode(os.urandom(32)), "amount": ENDOWMENT} for _ in range(accounts)]
    balances = plain.genesis["Balances"]
    endowed = {**balances, "endowments": [*balances["endowments"], *more]}
    return replace(plain, genesis={**plain.genesis, "Balances": endowed})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--accounts", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        spec = spec_of(options.accounts)
        replicas = Replicas(Path(directory, "net"), 2, block_time_s=1.0, chain=spec)
        replicas.start(options=("--snapshot-every", "20"))
        try:
            replicas.reaches(25)
            print(json.dumps({"accounts": options.accounts, **join(replicas, Path(directory))}, indent=2))
        finally:
            replicas.close()


def join(replicas: Replicas, directory: Path) -> dict[str, float]:
    """Let a third node join; seconds from its start."""
    port, layout = replicas.spare_port, replicas.layout
    began = time.monotonic()
    replicas.run(
        "joined", "ganglion", "node", "join", "--chain", str(layout.spec),
        "--data", str(directory / "joined"),
        "--peer", f"http://127.0.0.1:{layout.nodes[0].comet_port}",
        "--peer", f"http://127.0.0.1:{layout.nodes[1].comet_port}",
        "--port", str(port), "--p2p-port", str(port + 1), "--comet-port", str(port + 2),
    )  # fmt: skip
    steps = {"serving": "serving chain", "begun": "state sync begins", "done": "state sync done"}
    seen = {}
    for name, line in steps.items():
        eventually(line, lambda wanted=line: wanted in replicas.log("joined").read_text(), 300)
        seen[f"{name}_s"] = round(time.monotonic() - began, 1)
    return seen


if __name__ == "__main__":
    main()
