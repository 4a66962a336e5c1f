"""The named integers of the chain, with their units.

They are plain `int` to Python and carry the real chain's type names on the wire.
Source: subtensor common/src/lib.rs and common/src/currency.rs.
"""

from __future__ import annotations

from typing import Annotated

from ganglion.scale.markers import Newtype
from ganglion.scale.types import u8, u16, u32, u64, u128

TaoBalance = Annotated[u64, Newtype("subtensor_runtime_common::currency::TaoBalance")]
"""TAO in rao: 10**9 rao are one TAO."""

AlphaBalance = Annotated[u64, Newtype("subtensor_runtime_common::currency::AlphaBalance")]
"""A subnet's alpha in alpha-rao: 10**9 are one alpha."""

NetUid = Annotated[u16, Newtype("subtensor_runtime_common::NetUid")]
"""Number of a subnet; 0 is the root network."""

NetUidStorageIndex = Annotated[u16, Newtype("subtensor_runtime_common::NetUidStorageIndex")]
"""Subnet and mechanism in one number: 4096 * mechanism + netuid."""

MechId = Annotated[u8, Newtype("subtensor_runtime_common::MechId")]
"""Number of an incentive mechanism inside a subnet."""

PerU16 = Annotated[u16, Newtype("sp_arithmetic::per_things::PerU16")]
"""A proportion in parts of 65,535."""

Perbill = Annotated[u32, Newtype("sp_arithmetic::per_things::Perbill")]
"""A proportion in parts of 10**9."""

Permill = Annotated[u32, Newtype("sp_arithmetic::per_things::Permill")]
"""A proportion in parts of 10**6."""

Percent = Annotated[u8, Newtype("sp_arithmetic::per_things::Percent")]
"""A proportion in parts of 100."""

Multiplier = Annotated[u128, Newtype("sp_arithmetic::fixed_point::FixedU128")]
"""A factor in parts of 10**18."""

BlockNumber = u32
Nonce = u32

RAO_PER_TAO = 1_000_000_000
