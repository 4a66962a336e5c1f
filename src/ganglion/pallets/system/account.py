"""What is kept of every account.

Source: polkadot-sdk substrate/frame/system/src/lib.rs (AccountInfo), substrate/frame/balances/src/types.rs
(AccountData). Balances of this chain are u64, so an account takes 56 bytes.
"""

from __future__ import annotations

from typing import Annotated

from ganglion.frame.primitives import Nonce, TaoBalance
from ganglion.scale import Struct
from ganglion.scale.markers import Newtype
from ganglion.scale.types import u32, u128

ExtraFlags = Annotated[u128, Newtype("pallet_balances::types::ExtraFlags")]
NEW_LOGIC = 1 << 127
"""The flag of accounts whose references follow the newer rules; every account of ours does."""


class AccountData(Struct, path="pallet_balances::types::AccountData"):
    """An account's TAO. All but `flags` in rao; `frozen` limits how low free plus reserved may fall."""

    free: TaoBalance = 0
    reserved: TaoBalance = 0
    frozen: TaoBalance = 0
    flags: ExtraFlags = NEW_LOGIC

    @property
    def total(self) -> int:
        """Free and reserved, in rao."""
        return self.free + self.reserved

    @property
    def is_held(self) -> bool:
        """Whether something besides the owner depends on the balance."""
        return self.reserved > 0 or self.frozen > 0

    def with_free(self, free: int) -> AccountData:
        """The same with other free TAO (rao)."""
        return AccountData(free, self.reserved, self.frozen, self.flags)


class AccountInfo(Struct, path="frame_system::AccountInfo"):
    """An account: its next nonce, its references, and its TAO.

    *Providers* and *sufficients* keep it alive, *consumers* depend on its being alive.
    """

    nonce: Nonce = 0
    consumers: u32 = 0
    providers: u32 = 0
    sufficients: u32 = 0
    data: AccountData = AccountData()

    @property
    def can_lose_provider(self) -> bool:
        """Whether a provider could go and no consumer would miss it."""
        return self.consumers == 0 or self.providers > 1

    def with_data(self, data: AccountData) -> AccountInfo:
        """The same with other balances."""
        return AccountInfo(self.nonce, self.consumers, self.providers, self.sufficients, data)

    def with_nonce(self, nonce: int) -> AccountInfo:
        """The same with another nonce."""
        return AccountInfo(nonce, self.consumers, self.providers, self.sufficients, self.data)
