"""What Proxy stores and tells.

Source: subtensor pallets/proxy/src/lib.rs, common/src/lib.rs (ProxyType).
"""

from __future__ import annotations

import enum
from typing import Annotated

from ganglion.frame.primitives import BlockNumber
from ganglion.scale import Struct, named
from ganglion.scale.markers import Bounded
from ganglion.scale.types import H256, AccountId, Vec

MAX_PROXIES = 20
MAX_PENDING = 75


@named("subtensor_runtime_common::proxy::ProxyType")
class ProxyType(enum.IntEnum):
    """Which calls a proxy may make; see `filters`."""

    Any = 0
    Owner = 1
    NonCritical = 2
    NonTransfer = 3
    Senate = 4
    NonFungible = 5
    Triumvirate = 6
    Governance = 7
    Staking = 8
    Registration = 9
    Transfer = 10
    SmallTransfer = 11
    RootWeights = 12
    ChildKeys = 13
    SudoUncheckedSetCode = 14
    SwapHotkey = 15
    SubnetLeaseBeneficiary = 16
    RootClaim = 17
    BasketTrading = 18


class ProxyDefinition(Struct, path="pallet_subtensor_proxy::ProxyDefinition"):
    """That `delegate` may act, for what, and how many blocks ahead it must announce each call."""

    delegate: AccountId
    proxy_type: ProxyType
    delay: BlockNumber

    @property
    def rank(self) -> tuple[bytes, int, int]:
        """What an account's definitions are ordered by."""
        return self.delegate, self.proxy_type, self.delay


class Announcement(Struct, path="pallet_subtensor_proxy::Announcement"):
    """A call, by its hash, that a delegate will make for `real`; and since when that is known."""

    real: AccountId
    call_hash: H256
    height: BlockNumber


@named("pallet_subtensor_proxy::DepositKind")
class DepositKind(enum.IntEnum):
    """What a deposit is for."""

    Proxies = 0
    Announcements = 1


Definitions = Annotated[Vec[ProxyDefinition], Bounded(MAX_PROXIES)]
PendingCalls = Annotated[Vec[Announcement], Bounded(MAX_PENDING)]
