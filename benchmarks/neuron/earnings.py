"""Do earnings follow quality, and what do exploiters earn?

Runs `ganglion up` once for each seed, with real processes, and prints for each subnet the rank correlation
(Spearman) over its honest miners of what they earned with the known order of their kinds, and with the
quality which the validators measured, and the most that an exploiter earned, as a share of the median honest
miner. 88 blocks are ten epochs of every subnet at the default tempo. What is unknown here goes to
`ganglion up`.

    python benchmarks/neuron/earnings.py --seeds 1,2,3 --blocks 88
    python benchmarks/neuron/earnings.py --seeds 1 --subnets vision --miners vision=svm,mlp,knn,logistic,twin

Ends with status 1 if a correlation is below 0.9 or an exploiter has 5 %.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ganglion.cli.up.ranking import EXPLOITERS_MOST

LEAST_SPEARMAN = 0.9


def run(seed: int, blocks: int, others: list[str]) -> dict[str, Any]:
    """The report of one run. Raises: CalledProcessError."""
    with tempfile.TemporaryDirectory(prefix="earnings-") as directory:
        report = Path(directory) / "report.json"
        command = [
            sys.executable, "-m", "ganglion", "up", "--no-market", "--port", "0", "--seed", str(seed),
            "--blocks", str(blocks), "--directory", directory, "--report", str(report), *others,
        ]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        loaded: dict[str, Any] = json.loads(report.read_text())
        return loaded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", default="1,2,3", help="comma-separated")
    parser.add_argument("--blocks", type=int, default=88)
    chosen, others = parser.parse_known_args()
    print("| seed | subnet | Spearman, order | Spearman, measured | exploiters, most | alpha (quality) |")
    print("| --- | --- | --- | --- | --- | --- |")
    kept = True
    for seed in map(int, chosen.seeds.split(",")):
        report = run(seed, chosen.blocks, others)
        for subnet in report["subnets"]:
            neurons = [each for each in report["neurons"] if each["netuid"] == subnet["netuid"]]
            miners = ", ".join(
                f"{each['kind']} {each['earned_alpha_rao'] / 1e9:.2f} ({each['quality'] or 0:.1%})"
                for each in neurons
                if each["role"] == "miner"
            )
            order, measured = subnet["spearman"], subnet["spearman_measured"]
            exploiters = max(subnet["exploiters"].values(), default=0.0)
            kept &= min(order or 0, measured or 0) >= LEAST_SPEARMAN and exploiters < EXPLOITERS_MOST
            figures = (seed, subnet["subnet"], _number(order), _number(measured), f"{exploiters:.2%}", miners)
            print(f"| {' | '.join(map(str, figures))} |", flush=True)
    raise SystemExit(0 if kept else 1)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
