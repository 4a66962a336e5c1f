"""Baskets: what newer runtimes remember of root stakers' shares of their validators' funds.

This chain pays root stakers in alpha (see `root_claims`) and has no funds (see `api/beta_basket`): nothing is
ever stored here, but clients look before they claim.
Source: spec 475, pallet_subtensor storage.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.pallet import Section
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.scale.types import AccountId, i128


class Baskets(Section):
    """What was claimed of funds: nothing."""

    # hotkey, coldkey -> shares claimed, or never owed because the stake came later.
    basket_claimed: StorageDoubleMap[AccountId, AccountId, i128] = storage(
        Blake2_128Concat, Blake2_128Concat, default=0
    )
