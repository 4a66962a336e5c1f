"""Which calls each type of proxy may make.

A proxy may make the calls that its type lists, and no others; only `Any` may make all. Two types look at the
arguments as well. What clients are told comes from the same lists.
Source: RaoFoundation/subtensor runtime/src/proxy_filters/mod.rs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ganglion.frame.call import CallEntry, RuntimeCall
from ganglion.frame.primitives import RAO_PER_TAO
from ganglion.frame.runtime import Runtime
from ganglion.pallets.proxy import call_groups as groups
from ganglion.pallets.proxy.types import ProxyType

SMALL_TRANSFER_LIMIT = RAO_PER_TAO // 2
"""A small transfer is of less than this, in rao or alpha-rao."""


@dataclass(frozen=True, slots=True)
class Below:
    """An argument must be less than `limit`."""

    argument: str
    limit: int


@dataclass(frozen=True, slots=True)
class Wraps:
    """An argument must be this call (`Pallet.call`)."""

    argument: str
    path: str


Constraint = Below | Wraps

NON_CRITICAL = (
    *groups.INFRASTRUCTURE,
    *groups.ADMINISTRATION,
    *groups.BALANCE_TRANSFERS,
    *groups.BALANCE_MAINTENANCE,
    *groups.STAKE_MANAGEMENT,
    *groups.STAKE_TRANSFERS,
    *groups.POW_REGISTRATION,
    *groups.HOTKEY_SWAPS,
    *groups.CHILD_KEYS,
    *groups.ROOT_CLAIMS,
    *groups.ROOT_CLAIM_TYPE,
    *groups.SUBNET_IDENTITY,
    *groups.SUBNET_ACTIVATION,
    *groups.SUBNET_MANAGEMENT,
    *groups.VALUE,
    *groups.COMMON,
)
NON_TRANSFER = (
    *groups.INFRASTRUCTURE,
    *groups.ADMINISTRATION,
    *groups.STAKE_MANAGEMENT,
    *groups.POW_REGISTRATION,
    *groups.BURNED_REGISTRATION,
    *groups.ROOT_REGISTRATION,
    *groups.HOTKEY_SWAPS,
    *groups.SUBNET_DISSOLUTION,
    *groups.CHILD_KEYS,
    *groups.ROOT_CLAIMS,
    *groups.ROOT_CLAIM_TYPE,
    *groups.SUBNET_IDENTITY,
    *groups.SUBNET_ACTIVATION,
    *groups.SUBNET_MANAGEMENT,
    *groups.VALUE,
    *groups.COMMON,
)
NON_FUNGIBLE = (
    *groups.INFRASTRUCTURE,
    *groups.ADMINISTRATION,
    *groups.POW_REGISTRATION,
    *groups.SUBNET_DISSOLUTION,
    *groups.CHILD_KEYS,
    *groups.ROOT_CLAIMS,
    *groups.ROOT_CLAIM_TYPE,
    *groups.SUBNET_IDENTITY,
    *groups.SUBNET_ACTIVATION,
    *groups.SUBNET_MANAGEMENT,
    *groups.COMMON,
)

ALLOWED: dict[ProxyType, tuple[str, ...]] = {
    ProxyType.Owner: groups.SUBNET_IDENTITY + groups.SUBNET_MANAGEMENT,
    ProxyType.NonCritical: NON_CRITICAL,
    ProxyType.NonTransfer: NON_TRANSFER,
    ProxyType.NonFungible: NON_FUNGIBLE,
    ProxyType.Staking: groups.STAKE_MANAGEMENT + groups.ROOT_CLAIM_TYPE,
    ProxyType.Registration: groups.POW_REGISTRATION + groups.BURNED_REGISTRATION,
    ProxyType.Transfer: groups.BALANCE_TRANSFERS + groups.STAKE_TRANSFERS,
    ProxyType.SmallTransfer: (
        "Balances.transfer_keep_alive",
        "Balances.transfer_allow_death",
        *groups.STAKE_TRANSFERS,
    ),
    ProxyType.ChildKeys: groups.CHILD_KEYS,
    ProxyType.SudoUncheckedSetCode: ("Sudo.sudo_unchecked_weight",),
    ProxyType.SwapHotkey: groups.HOTKEY_SWAPS,
    ProxyType.SubnetLeaseBeneficiary: (
        groups.SUBNET_ACTIVATION + groups.SUBNET_IDENTITY + groups.SUBNET_MANAGEMENT
    ),
    ProxyType.RootClaim: groups.ROOT_CLAIMS,
    ProxyType.BasketTrading: groups.BASKET_TRADING,
}
"""Types that are not here, but for `Any`, are those of abolished bodies and may do nothing."""

DEPRECATED = (ProxyType.Senate, ProxyType.Triumvirate, ProxyType.Governance, ProxyType.RootWeights)

CONSTRAINTS: dict[tuple[ProxyType, str], Constraint] = {
    (ProxyType.SmallTransfer, "Balances.transfer_keep_alive"): Below("value", SMALL_TRANSFER_LIMIT),
    (ProxyType.SmallTransfer, "Balances.transfer_allow_death"): Below("value", SMALL_TRANSFER_LIMIT),
    (ProxyType.SmallTransfer, "SubtensorModule.transfer_stake"): Below("alpha_amount", SMALL_TRANSFER_LIMIT),
    (ProxyType.SmallTransfer, "SubtensorModule.transfer_stake_and_hotkey"): Below(
        "alpha_amount", SMALL_TRANSFER_LIMIT
    ),
    (ProxyType.SudoUncheckedSetCode, "Sudo.sudo_unchecked_weight"): Wraps("call", "System.set_code"),
}

CONTAINED: dict[ProxyType, tuple[ProxyType, ...]] = {
    ProxyType.NonTransfer: (
        ProxyType.Owner,
        ProxyType.Senate,
        ProxyType.NonFungible,
        ProxyType.Triumvirate,
        ProxyType.Governance,
        ProxyType.Staking,
        ProxyType.Registration,
        ProxyType.RootWeights,
        ProxyType.ChildKeys,
        ProxyType.SwapHotkey,
        ProxyType.SubnetLeaseBeneficiary,
        ProxyType.RootClaim,
    ),
    ProxyType.Transfer: (ProxyType.SmallTransfer,),
}
"""Type -> the types whose proxies it may add and remove, besides its own."""


def is_superset(kind: ProxyType, other: ProxyType) -> bool:
    """Whether a proxy of one type may give and take the rights of another."""
    return kind in (ProxyType.Any, other) or other in CONTAINED.get(kind, ())


def allows(runtime: Runtime, kind: ProxyType, call: RuntimeCall) -> bool:
    """Whether a proxy of this type may make a call."""
    if kind is ProxyType.Any:
        return True
    listed = ALLOWED.get(kind, ())
    if call.path not in listed:
        return f"{call.pallet}.*" in listed and call.path not in groups.WITHHELD
    match CONSTRAINTS.get((kind, call.path)):
        case Below(argument, limit):
            return bool(_argument(runtime, call, argument) < limit)
        case Wraps(argument, path):
            return bool(_argument(runtime, call, argument).path == path)
    return True


def allowed_calls(runtime: Runtime, kind: ProxyType) -> Iterator[tuple[CallEntry, Constraint | None]]:
    """The runtime's calls that a type may make, but for `Any`; in order of index."""
    listed = frozenset(ALLOWED.get(kind, ()))
    for _, pallet in runtime.call_codec.by_index.items():
        for _, entry in sorted(pallet.by_index.items()):
            path = f"{entry.pallet}.{entry.function}"
            if path in listed or (f"{entry.pallet}.*" in listed and path not in groups.WITHHELD):
                yield entry, CONSTRAINTS.get((kind, path))


def _argument(runtime: Runtime, call: RuntimeCall, name: str) -> Any:
    names = [field.name for field in runtime.call_codec.entry(call).fields]
    return call.args[names.index(name)]
