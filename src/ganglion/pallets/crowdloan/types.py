"""What Crowdloan stores. Source: subtensor pallets/crowdloan/src/lib.rs."""

from __future__ import annotations

from ganglion.frame.primitives import BlockNumber, TaoBalance
from ganglion.pallets.preimage.types import BoundedCall
from ganglion.scale import Struct
from ganglion.scale.types import AccountId, u32


class CrowdloanInfo(Struct, path="pallet_crowdloan::CrowdloanInfo"):
    """A crowdloan. Amounts in rao; it has either a target address or a call."""

    creator: AccountId
    deposit: TaoBalance
    min_contribution: TaoBalance
    end: BlockNumber
    cap: TaoBalance
    funds_account: AccountId
    raised: TaoBalance
    target_address: AccountId | None
    call: BoundedCall | None
    finalized: bool
    contributors_count: u32
