"""Baskets: funds of root stakers that newer runtimes keep. This chain has none, and says so.

Layouts are those of spec 475; every answer is that of a chain on which nobody has a basket.
"""

from __future__ import annotations

from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.scale import Struct
from ganglion.scale.types import AccountId, Vec, u32, u64

_PATH = "pallet_subtensor::rpc_info::basket_info::"


class BasketHolding(Struct, path=_PATH + "BasketHolding"):
    """A fund's alpha of one subnet."""

    netuid: NetUid
    alpha: AlphaBalance
    spot_tao: TaoBalance
    realizable_tao: TaoBalance


class BasketSummary(Struct, path=_PATH + "BasketSummary"):
    """A validator's fund."""

    hotkey: AccountId
    nav_tao: TaoBalance = 0
    spot_nav_tao: TaoBalance = 0
    shares: u64 = 0
    deposited_tao: TaoBalance = 0
    redeemed_tao: TaoBalance = 0
    holdings: Vec[BasketHolding] = ()


class BasketPosition(Struct, path=_PATH + "BasketPosition"):
    """A staker's part of a fund."""

    hotkey: AccountId
    beta: u64
    beta_total: u64
    nav_tao: TaoBalance
    value_tao: TaoBalance
    spot_value_tao: TaoBalance


class BetaPricing(Struct, path=_PATH + "BetaPricing"):
    """Prices and indices of a fund's shares."""

    hotkey: AccountId
    spot_price: U64F64Raw
    display_price: U64F64Raw
    stake_price: U64F64Raw
    staker_yield: U64F64Raw
    staker_twr: U64F64Raw
    bag_index: U64F64Raw
    stake_index: U64F64Raw
    first_block: u64
    provisional: bool
    spot_nav_tao: TaoBalance
    shares: u64
    display_shares: U64F64Raw


class BetaPricingPage(Struct, path=_PATH + "BetaPricingPage"):
    """Some funds' prices, and the hotkey after which the next page starts."""

    pricing: Vec[BetaPricing] = ()
    next: AccountId | None = None


class BetaPosition(Struct, path=_PATH + "BetaPosition"):
    """A staker's part of a fund as shown to people."""

    hotkey: AccountId
    beta: u64
    display_beta: U64F64Raw
    display_price: U64F64Raw
    value_tao: TaoBalance
    spot_value_tao: TaoBalance
    provisional: bool


class BasketTradingStatus(Struct, path=_PATH + "BasketTradingStatus"):
    """Whether a fund may trade, and with how much."""

    enabled: bool = False
    frozen: bool = False
    refill_blocks: u64 = 0
    tao_available: TaoBalance = 0
    budget_tao: TaoBalance = 0


class BasketClaimPreview(Struct, path=_PATH + "BasketClaimPreview"):
    """What a claim on a fund would give."""

    hotkey: AccountId
    owed_shares: u64
    accrued_tao: TaoBalance
    redeemable_tao: TaoBalance
    forfeited_tao_est: TaoBalance
    rows: u32
    rows_to_sell: u32
    dust_rows: u32
    swept_rows: u32
    flushed_credits: u32


class BetaBasketRuntimeApi(RuntimeApi, version=4):
    """Funds, of which there are none."""

    @api_method
    def get_root_basket_owed(self, coldkey: AccountId) -> TaoBalance:
        """Nothing is owed."""
        return 0

    @api_method
    def get_basket_payout(self, hotkey: AccountId, coldkey: AccountId) -> TaoBalance:
        """A claim pays nothing."""
        return 0

    @api_method
    def get_validator_basket_nav(self, hotkey: AccountId) -> TaoBalance:
        """No fund is worth anything."""
        return 0

    @api_method
    def get_validator_basket(self, hotkey: AccountId) -> Vec[tuple[NetUid, AlphaBalance, TaoBalance]]:
        """No fund holds anything."""
        return ()

    @api_method
    def get_root_basket_total_nav(self) -> TaoBalance:
        """All funds together are worth nothing."""
        return 0

    @api_method
    def get_validator_basket_summary(self, hotkey: AccountId) -> BasketSummary:
        """An empty fund."""
        return BasketSummary(hotkey)

    @api_method
    def get_all_validator_baskets(self) -> Vec[BasketSummary]:
        """No funds."""
        return ()

    @api_method
    def get_root_basket_positions(self, coldkey: AccountId) -> Vec[tuple[AccountId, u64, TaoBalance]]:
        """No positions."""
        return ()

    @api_method
    def get_basket_position(self, hotkey: AccountId, coldkey: AccountId) -> BasketPosition | None:
        """No position."""
        return None

    @api_method
    def get_root_basket_portfolio(self, coldkey: AccountId) -> Vec[BasketPosition]:
        """No positions."""
        return ()

    @api_method
    def get_beta_pricing(self, hotkey: AccountId) -> BetaPricing | None:
        """No price."""
        return None

    @api_method
    def get_all_beta_pricing(self, start_after: AccountId | None, limit: u32) -> BetaPricingPage:
        """No prices."""
        return BetaPricingPage()

    @api_method
    def get_beta_position(self, hotkey: AccountId, coldkey: AccountId) -> BetaPosition | None:
        """No position."""
        return None

    @api_method
    def get_beta_portfolio(self, coldkey: AccountId) -> Vec[BetaPosition]:
        """No positions."""
        return ()

    @api_method
    def get_basket_trading_status(self, hotkey: AccountId) -> BasketTradingStatus:
        """No trading."""
        return BasketTradingStatus()

    @api_method
    def get_basket_claim_preview(self, hotkey: AccountId, coldkey: AccountId) -> BasketClaimPreview | None:
        """No claim."""
        return None

    @api_method
    def get_root_basket_claim_previews(self, coldkey: AccountId) -> Vec[BasketClaimPreview]:
        """No claims."""
        return ()
