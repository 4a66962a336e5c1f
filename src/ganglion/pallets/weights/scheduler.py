"""Weights of Scheduler's calls, for agendas as full as can be.

Source: polkadot-sdk substrate/frame/scheduler/src/weights.rs.
"""

from ganglion.frame.runtime import WeightRule
from ganglion.pallets.scheduler.types import MAX_SCHEDULED
from ganglion.pallets.weights.cost import cost

PROOF = 110_487

SCHEDULE = cost(11_548_266 + 494_382 * MAX_SCHEDULED, PROOF, 1, 1)
SCHEDULE_NAMED = cost(18_707_577 + 508_586 * MAX_SCHEDULED, PROOF, 2, 2)

SCHEDULER_WEIGHTS: dict[str, WeightRule] = {
    "Scheduler.schedule": SCHEDULE,
    "Scheduler.schedule_after": SCHEDULE,
    "Scheduler.schedule_named": SCHEDULE_NAMED,
    "Scheduler.schedule_named_after": SCHEDULE_NAMED,
    "Scheduler.cancel": cost(13_129_003 + 690_444 * MAX_SCHEDULED, PROOF, 1, 3),
    "Scheduler.cancel_named": cost(19_956_973 + 683_291 * MAX_SCHEDULED, PROOF, 2, 3),
    "Scheduler.set_retry": cost(147_698_000, PROOF, 1, 1),
    "Scheduler.set_retry_named": cost(160_844_000, PROOF, 2, 1),
    "Scheduler.cancel_retry": cost(148_172_000, PROOF, 1, 1),
    "Scheduler.cancel_retry_named": cost(162_653_000, PROOF, 2, 1),
}
