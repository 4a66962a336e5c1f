"""The report of a run, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ganglion.cli.up.ranking import rankings
from ganglion.cli.up.standing import Standing


def write_report(path: Path, standing: Standing, seconds_to_first_tao: Mapping[str, float]) -> None:
    """Write `{blocks, seconds_to_first_tao, subnets: [...], neurons: [...]}`; amounts in rao, quality in
    [0, 1]. `seconds_to_first_tao` by subnet.
    """
    ranked = rankings(standing)
    report = {
        "blocks": standing.block,
        "seconds_to_first_tao": min(seconds_to_first_tao.values(), default=None),
        "subnets": [
            {
                "subnet": ranking.subnet,
                "netuid": ranking.netuid,
                "seconds_to_first_tao": seconds_to_first_tao.get(ranking.subnet),
                "spearman": ranking.spearman,
                "spearman_measured": ranking.spearman_measured,
                "exploiters": ranking.shares,
            }
            for ranking in ranked
        ],
        "neurons": [
            {
                "netuid": neuron.netuid,
                "subnet": neuron.part.subnet,
                "uid": neuron.uid,
                "role": str(neuron.part.role),
                "kind": neuron.part.kind,
                "quality": neuron.quality,
                "incentive": neuron.incentive,
                "dividends": neuron.dividends,
                "earned_rao": neuron.earned_rao,
                "earned_alpha_rao": neuron.earned_alpha_rao,
            }
            for ranking in ranked
            for neuron in ranking.neurons
        ],
    }
    path.write_text(json.dumps(report, indent=2) + "\n")
