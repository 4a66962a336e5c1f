"""Events of Proxy. Source: subtensor pallets/proxy/src/lib.rs."""

from __future__ import annotations

from ganglion.frame.dispatch import DispatchError
from ganglion.frame.event import Event
from ganglion.frame.primitives import BlockNumber, TaoBalance
from ganglion.pallets.proxy.types import DepositKind, ProxyType
from ganglion.scale.containers import Err, Ok
from ganglion.scale.types import H256, AccountId, Unit, u16


class ProxyExecuted(Event, index=0):
    """A proxy made a call, which ended so."""

    result: Ok[Unit] | Err[DispatchError]


class PureCreated(Event, index=1):
    """An account without key was created, with its first proxy."""

    pure: AccountId
    who: AccountId
    proxy_type: ProxyType
    disambiguation_index: u16


class PureKilled(Event, index=2):
    """An account without key was given up."""

    pure: AccountId
    spawner: AccountId
    proxy_type: ProxyType
    disambiguation_index: u16


class Announced(Event, index=3):
    """A delegate announced a call."""

    real: AccountId
    proxy: AccountId
    call_hash: H256


class ProxyAdded(Event, index=4):
    """An account was given a proxy."""

    delegator: AccountId
    delegatee: AccountId
    proxy_type: ProxyType
    delay: BlockNumber


class ProxyRemoved(Event, index=5):
    """An account lost a proxy."""

    delegator: AccountId
    delegatee: AccountId
    proxy_type: ProxyType
    delay: BlockNumber


class DepositPoked(Event, index=6):
    """A deposit was brought to what it must be now. Amounts in rao."""

    who: AccountId
    kind: DepositKind
    old_deposit: TaoBalance
    new_deposit: TaoBalance


class RealPaysFeeSet(Event, index=7):
    """An account said whether it pays the fees of a delegate's proxy calls."""

    real: AccountId
    delegate: AccountId
    pays_fee: bool
