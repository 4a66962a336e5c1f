"""TAO flows: how much TAO users and the protocol moved into or out of a subnet.

Emission does not follow the flows; they are counted because clients show them.
Source: subtensor pallets/subtensor/src/coinbase/subnet_emissions.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Identity
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.fixed_point import I64F64Raw
from ganglion.scale.types import i64, u64

_I64_MAX = (1 << 63) - 1


class TaoFlows(Section):
    """Net flows in rao, negative when TAO left."""

    # netuid -> net flow of users' staking.
    subnet_tao_flow: StorageMap[NetUid, i64] = storage(Identity, default=0)
    # netuid -> net flow of the protocol's own injections, buys and sales.
    subnet_protocol_flow: StorageMap[NetUid, i64] = storage(Identity, default=0)
    # netuid -> (block, average); no rule writes it any more, clients still read it.
    subnet_ema_tao_flow: StorageMap[NetUid, tuple[u64, I64F64Raw] | None] = storage(Identity)

    def note(self, netuid: int, change: int) -> None:
        """Count TAO that users moved in (negative: out)."""
        self.subnet_tao_flow[netuid] = _clamp(self.subnet_tao_flow[netuid] + change)

    def note_protocol(self, netuid: int, change: int) -> None:
        """Count TAO that the protocol moved in (negative: out)."""
        self.subnet_protocol_flow[netuid] = _clamp(self.subnet_protocol_flow[netuid] + change)


def _clamp(value: int) -> int:
    return min(max(value, -_I64_MAX - 1), _I64_MAX)
