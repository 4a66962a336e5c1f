"""What Balances stores and tells besides plain amounts.

Source: polkadot-sdk substrate/frame/balances/src/types.rs and substrate/frame/support/src/traits/tokens.
"""

from __future__ import annotations

import enum
from typing import Annotated

from ganglion.frame.primitives import TaoBalance
from ganglion.scale import Struct, named
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Bytes8, Vec


class ReserveData(Struct, path="pallet_balances::types::ReserveData"):
    """Part of an account's reserve, held under a name."""

    id: Bytes8
    amount: TaoBalance


@named("pallet_balances::types::AdjustmentDirection")
class AdjustmentDirection(enum.IntEnum):
    """Whether total issuance grows or shrinks."""

    Increase = 0
    Decrease = 1


@named("frame_support::traits::tokens::misc::BalanceStatus")
class BalanceStatus(enum.IntEnum):
    """Where a repatriated reserve goes."""

    Free = 0
    Reserved = 1


class Endowment(Struct):
    """An account's TAO (rao) at genesis."""

    account: AccountId
    amount: TaoBalance


class BalancesGenesis(Struct):
    """Who owns what at genesis."""

    endowments: Vec[Endowment] = ()


MAX_RESERVES = 50
Reserves = Annotated[Vec[ReserveData], Bounded(MAX_RESERVES)]
