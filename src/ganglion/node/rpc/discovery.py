"""The table of all methods. Clients offer only what `rpc_methods` lists."""

from __future__ import annotations

from collections.abc import Mapping

from ganglion.node.engines.engine import Sealing
from ganglion.node.rpc.author import AuthorMethods
from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.chain import ChainMethods
from ganglion.node.rpc.chain_heads import HeadSubscriptions
from ganglion.node.rpc.custom import CustomMethods
from ganglion.node.rpc.engine import EngineMethods
from ganglion.node.rpc.method import Family, Json, Method, collect, method
from ganglion.node.rpc.payment import PaymentMethods
from ganglion.node.rpc.state import StateMethods
from ganglion.node.rpc.state_queries import StateQueries
from ganglion.node.rpc.system import SystemMethods

FAMILIES = (
    AuthorMethods,
    ChainMethods,
    HeadSubscriptions,
    StateMethods,
    StateQueries,
    SystemMethods,
    PaymentMethods,
    CustomMethods,
)


class DiscoveryMethods(Family):
    """Tells which methods there are."""

    def __init__(self, names: list[str]) -> None:
        self._names = sorted([*names, "rpc_methods"])

    @method("rpc_methods")
    def names(self) -> Json:
        """All names, aliases among them."""
        return {"methods": self._names}


def all_methods(backend: Backend) -> Mapping[str, Method]:
    """Every method that the node offers, by every name."""
    families: list[Family] = [family(backend) for family in FAMILIES]
    if backend.engine.sealing is not Sealing.AUTO:
        families.append(EngineMethods(backend))
    families.append(DiscoveryMethods(list(collect(families))))
    return collect(families)
