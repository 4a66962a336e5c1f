"""Weights of the calls that every Substrate chain has.

Calls that contain calls weigh what those weigh, and a little more.
Source: polkadot-sdk weights.rs of frame_system, pallet_balances, pallet_timestamp, pallet_sudo; subtensor
pallets/utility/src/lib.rs.
"""

from __future__ import annotations

from collections.abc import Iterable

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays, Weight
from ganglion.frame.runtime import CallWeight, Runtime, WeightRule
from ganglion.pallets.weights.cost import cost

BATCH_BASE = 19_446_696
BATCH_ITEM = 1_700_000
WRAPPER = Weight(15_378_000, 3_983)


IF_ELSE = cost(21_831_000, 3_983, 2, 0).info.weight
AS_ANOTHER = Weight(6_893_000, 0)


def batch_weight(items: int) -> Weight:
    """What a batch of so many items weighs besides the items."""
    return Weight(BATCH_BASE + BATCH_ITEM * items, 3_983)


def _batch(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """All items together; free if every item is, but never for nothing."""
    inner = [runtime.info(item) for item in call.args[0]]
    weight = _sum(info.weight for info in inner) + batch_weight(len(inner))
    paid = not inner or any(info.pays_fee is Pays.Yes for info in inner)
    return DispatchInfo(weight, DispatchClass.Normal, Pays.Yes if paid else Pays.No)


def _wrapped(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """The last argument's call, and the wrapper's own work; the wrapped call's class."""
    inner = runtime.info(next(arg for arg in call.args if isinstance(arg, RuntimeCall)))
    return DispatchInfo(inner.weight + WRAPPER, inner.class_, Pays.Yes)


def _derived(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """The last argument's call, and the wrapper's own work; a normal call whatever is inside."""
    return DispatchInfo(runtime.info(call.args[1]).weight + WRAPPER, DispatchClass.Normal, Pays.Yes)


def _as_another(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """The call, and looking up its maker."""
    return DispatchInfo(runtime.info(call.args[1]).weight + AS_ANOTHER, DispatchClass.Normal, Pays.Yes)


def _weighed(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """What the caller, who is root, says it weighs; a normal call whatever is inside."""
    return DispatchInfo(call.args[1], DispatchClass.Normal, Pays.Yes)


def _if_else(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """Both calls, as if the first failed."""
    both = _sum(runtime.info(each).weight for each in call.args)
    return DispatchInfo(both + IF_ELSE, DispatchClass.Normal, Pays.Yes)


def _stated(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """What the caller, who is root, says it weighs."""
    inner = runtime.info(call.args[0])
    return DispatchInfo(call.args[1], inner.class_, Pays.Yes)


def _sum(weights: Iterable[Weight]) -> Weight:
    total = Weight(0, 0)
    for weight in weights:
        total = total + weight
    return total


CORE_WEIGHTS: dict[str, WeightRule] = {
    "System.remark": cost(7_000_000, 0, 0, 0),
    "System.set_storage": cost(2_400_000, 0, 0, 1, operational=True),
    "System.kill_storage": cost(2_200_000, 0, 0, 1, operational=True),
    "System.kill_prefix": cost(4_000_000, 0, 0, 1, operational=True),
    "System.remark_with_event": cost(8_000_000, 0, 0, 0),
    "Timestamp.set": CallWeight(
        9_994_000 + 2 * 25_000_000 + 100_000_000, DispatchClass.Mandatory, proof_size=1_493
    ),
    "Balances.transfer_allow_death": cost(50_062_000, 3_593, 1, 1),
    "Balances.force_transfer": cost(51_474_000, 6_196, 2, 2),
    "Balances.transfer_keep_alive": cost(39_923_000, 3_593, 1, 1),
    "Balances.transfer_all": cost(49_250_000, 3_593, 1, 1),
    "Balances.force_unreserve": cost(16_994_000, 3_593, 1, 1),
    "Balances.force_set_balance": cost(23_060_000, 3_593, 1, 1),
    "Balances.force_adjust_total_issuance": cost(6_048_000, 0, 0, 1),
    "Balances.burn": cost(30_215_000, 0, 1, 1),
    "Utility.batch": _batch,
    "Utility.batch_all": _batch,
    "Utility.force_batch": _batch,
    "Utility.as_derivative": _derived,
    "Utility.dispatch_as": _as_another,
    "Utility.with_weight": _weighed,
    "Utility.if_else": _if_else,
    "Utility.dispatch_as_fallible": _as_another,
    "Sudo.sudo": _wrapped,
    "Sudo.sudo_as": _wrapped,
    "Sudo.sudo_unchecked_weight": _stated,
    "Sudo.set_key": cost(9_600_000, 1_517, 1, 1),
    "Commitments.set_commitment": cost(33_480_000, 0, 5, 4, free=True),
    "Commitments.set_max_space": cost(2_856_000, 0, 0, 1),
    "Sudo.remove_key": cost(8_700_000, 1_517, 1, 1),
}
