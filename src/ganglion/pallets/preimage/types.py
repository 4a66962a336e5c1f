"""What Preimage stores, and calls that other pallets keep through it.

Source: polkadot-sdk substrate/frame/preimage/src/lib.rs, substrate/frame/support/src/traits/preimages.rs.
"""

from __future__ import annotations

from typing import Annotated

from ganglion.frame.primitives import TaoBalance
from ganglion.scale import Enum
from ganglion.scale.markers import Bounded, Newtype
from ganglion.scale.types import H256, AccountId, Bytes, u32

MAX_SIZE = 4 * 1024 * 1024
MAX_INLINE = 128

Ticket = Annotated[TaoBalance, Newtype("frame_support::traits::tokens::fungible::HoldConsideration")]
"""A deposit that is held, in rao."""


class RequestStatus(Enum, path="pallet_preimage::RequestStatus"):
    """Whether anything waits for a preimage, who has paid for it, and how long it is."""


class Unrequested(RequestStatus, index=0):
    ticket: tuple[AccountId, Ticket]
    len: u32


class Requested(RequestStatus, index=1):
    maybe_ticket: tuple[AccountId, Ticket] | None
    count: u32
    maybe_len: u32 | None


class BoundedCall(Enum, path="frame_support::traits::preimages::Bounded"):
    """An encoded call: itself if it is short, or else its hash, with the call among the preimages."""


class Legacy(BoundedCall, index=0):
    hash: H256


class Inline(BoundedCall, index=1, positional=True):
    data: Annotated[Bytes, Bounded(MAX_INLINE)]


class Lookup(BoundedCall, index=2):
    hash: H256
    len: u32
