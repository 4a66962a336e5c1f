"""Events of Crowdloan. Amounts in rao. Source: subtensor pallets/crowdloan/src/lib.rs."""

from __future__ import annotations

from ganglion.frame.event import Event
from ganglion.frame.primitives import BlockNumber, TaoBalance
from ganglion.scale.types import AccountId, u32


class Created(Event, index=0):
    """A crowdloan was created."""

    crowdloan_id: u32
    creator: AccountId
    end: BlockNumber
    cap: TaoBalance


class Contributed(Event, index=1):
    """Somebody contributed."""

    crowdloan_id: u32
    contributor: AccountId
    amount: TaoBalance


class Withdrew(Event, index=2):
    """Somebody took a contribution back."""

    crowdloan_id: u32
    contributor: AccountId
    amount: TaoBalance


class PartiallyRefunded(Event, index=3):
    """Some contributors were refunded; others are left."""

    crowdloan_id: u32


class AllRefunded(Event, index=4):
    """All contributors but the creator are refunded."""

    crowdloan_id: u32


class Finalized(Event, index=5):
    """What was raised went to its purpose."""

    crowdloan_id: u32


class Dissolved(Event, index=6):
    """A crowdloan was given up."""

    crowdloan_id: u32


class MinContributionUpdated(Event, index=7):
    """The least contribution was changed."""

    crowdloan_id: u32
    new_min_contribution: TaoBalance


class EndUpdated(Event, index=8):
    """The end was changed."""

    crowdloan_id: u32
    new_end: BlockNumber


class CapUpdated(Event, index=9):
    """The cap was changed."""

    crowdloan_id: u32
    new_cap: TaoBalance


class MaxContributionUpdated(Event, index=10):
    """The most that one may give was changed; None: any amount."""

    crowdloan_id: u32
    new_max_contribution: TaoBalance | None
