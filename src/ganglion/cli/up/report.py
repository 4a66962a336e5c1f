"""The report of a run, as JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path

from ganglion.cli.up.standing import Standing


def write_report(path: Path, standing: Standing, seconds_to_first_tao: float | None) -> None:
    """Write `{blocks, seconds_to_first_tao, neurons: [...]}`; amounts in rao, quality in [0, 1]."""
    report = {
        "blocks": standing.block,
        "seconds_to_first_tao": seconds_to_first_tao,
        "neurons": [
            {
                "netuid": neuron.netuid,
                "uid": neuron.uid,
                "role": str(neuron.role),
                "kind": neuron.kind,
                "quality": neuron.quality,
                "incentive": neuron.incentive,
                "dividends": neuron.dividends,
                "earned_rao": neuron.earned_rao,
                "earned_alpha_rao": neuron.earned_alpha_rao,
            }
            for neuron in standing.ranking
        ],
    }
    path.write_text(json.dumps(report, indent=2) + "\n")
