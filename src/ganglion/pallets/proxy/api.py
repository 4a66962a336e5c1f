"""The runtime API by which clients learn what a proxy of each type may do.

Source: RaoFoundation/subtensor common/src/proxy.rs, runtime/src/proxy_filters/mod.rs.
"""

from __future__ import annotations

from ganglion.frame.api import RuntimeApi, api_method
from ganglion.pallets.proxy.filters import DEPRECATED, Below, Constraint, Wraps, allowed_calls
from ganglion.pallets.proxy.types import ProxyType
from ganglion.scale import Enum, Struct
from ganglion.scale.types import Bytes, Vec, u8, u128


class CallConstraint(Enum, path="subtensor_runtime_common::proxy::CallConstraint"):
    """What a call's arguments must be like."""


class ParamLessThan(CallConstraint, index=0):
    param_name: Bytes
    limit: u128


class NestedCallMustBe(CallConstraint, index=1):
    param_name: Bytes
    pallet_name: Bytes
    call_name: Bytes


class CallInfo(Struct, path="subtensor_runtime_common::proxy::CallInfo"):
    """A call that is allowed."""

    pallet_name: Bytes
    pallet_index: u8
    call_name: Bytes
    call_index: u8
    constraint: CallConstraint | None


class FilterMode(Enum, path="subtensor_runtime_common::proxy::FilterMode"):
    """All calls, or those listed."""


class AllowAll(FilterMode, index=0): ...


class Allow(FilterMode, index=1, positional=True):
    calls: Vec[CallInfo]


class ProxyTypeInfo(Struct, path="subtensor_runtime_common::proxy::ProxyTypeInfo"):
    """A type of proxies."""

    name: Bytes
    index: u8
    deprecated: bool


class ProxyFilterInfo(Struct, path="subtensor_runtime_common::proxy::ProxyFilterInfo"):
    """What proxies of a type may do."""

    proxy_type: u8
    name: Bytes
    deprecated: bool
    filter_mode: FilterMode


class ProxyFilterRuntimeApi(RuntimeApi, version=1):
    """Types of proxies and their filters."""

    @api_method
    def get_proxy_types(self) -> Vec[ProxyTypeInfo]:
        """All types."""
        return tuple(ProxyTypeInfo(kind.name.encode(), kind, kind in DEPRECATED) for kind in ProxyType)

    @api_method
    def get_proxy_filters(self, proxy_types: Vec[u8] | None) -> Vec[ProxyFilterInfo]:
        """The filters of some types, or of all. What is no type is left out."""
        return tuple(
            ProxyFilterInfo(kind, kind.name.encode(), kind in DEPRECATED, self._mode(kind))
            for kind in ProxyType
            if proxy_types is None or kind in proxy_types
        )

    def _mode(self, kind: ProxyType) -> FilterMode:
        if kind is ProxyType.Any:
            return AllowAll()
        runtime = self.world.runtime
        return Allow(
            tuple(
                CallInfo(
                    entry.pallet.encode(),
                    runtime.call_codec.by_name[entry.pallet][0],
                    entry.function.encode(),
                    entry.index,
                    _constraint(constraint),
                )
                for entry, constraint in allowed_calls(runtime, kind)
            )
        )


def _constraint(constraint: Constraint | None) -> CallConstraint | None:
    match constraint:
        case Below(argument, limit):
            return ParamLessThan(argument.encode(), limit)
        case Wraps(argument, path):
            pallet, function = path.split(".")
            return NestedCallMustBe(argument.encode(), pallet.encode(), function.encode())
    return None
