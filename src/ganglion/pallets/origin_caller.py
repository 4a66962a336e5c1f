"""Who makes a call, as a value that calls and stored tasks carry.

Source: polkadot-sdk substrate/frame/support/src/dispatch.rs (RawOrigin).
"""

from __future__ import annotations

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.scale import Enum
from ganglion.scale.types import AccountId


class RawOrigin(Enum, path="frame_support::dispatch::RawOrigin"):
    """Who makes a call."""


class ByRoot(RawOrigin, index=0, name="Root"): ...


class BySigned(RawOrigin, index=1, name="Signed", positional=True):
    account: AccountId


class ByNobody(RawOrigin, index=2, name="None"): ...


class ByAuthorized(RawOrigin, index=3, name="Authorized"): ...


class OriginCaller(Enum, path="node_subtensor_runtime::OriginCaller"):
    """Who makes a call, of all pallets that know makers."""


class SystemOrigin(OriginCaller, index=0, name="system", positional=True):
    origin: RawOrigin


def origin_of(caller: OriginCaller) -> Origin:
    """The origin that is meant. Raises: BadOrigin for an authorized transaction's: no call takes it."""
    match caller:
        case SystemOrigin(ByRoot()):
            return ROOT
        case SystemOrigin(BySigned(account)):
            return Origin.of(account)
        case SystemOrigin(ByNobody()):
            return NONE
    raise BadOrigin
