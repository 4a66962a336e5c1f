"""Child links: which hotkeys lend parts of their stake weight to which, on one subnet.

Terms: a *parent* lends a *proportion* of its stake (parts of 2**64 - 1) to a *child*. A link is stored from
both ends. No hotkey is both parent and child of the same other one, and none lends more than all it has.
Source: subtensor pallets/subtensor/src/staking/set_children.rs (PCRelations).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap
from ganglion.pallets.subtensor import errors
from ganglion.scale.types import AccountId, Vec, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.stake_weight import StakeWeights

Link = tuple[int, bytes]
"""Proportion, and the hotkey at the other end."""

Links = StorageDoubleMap[AccountId, NetUid, Vec[tuple[u64, AccountId]]]

MAX_CHILDREN = 5
WHOLE = (1 << 64) - 1


class ChildLinks(Section):
    """Reads and rewrites links, always from both ends."""

    stake_weights: StakeWeights

    def children(self, parent: bytes, netuid: int) -> dict[bytes, int]:
        """Child -> proportion."""
        return _by_hotkey(self.stake_weights.child_keys[parent, netuid])

    def parents(self, child: bytes, netuid: int) -> dict[bytes, int]:
        """Parent -> proportion."""
        return _by_hotkey(self.stake_weights.parent_keys[child, netuid])

    def check(self, parent: bytes, netuid: int, children: Iterable[Link]) -> None:
        """Whether `parent` may ask for these children.

        Raises: InvalidChild, TooManyChildren, ProportionOverflow, ChildParentInconsistency.
        """
        _check_asked(parent, _by_hotkey(children), self.parents(parent, netuid))

    def set_children(self, parent: bytes, netuid: int, children: Iterable[Link]) -> None:
        """Replace a parent's children. Raises: ProportionOverflow, ChildParentInconsistency."""
        wanted = {child: part for child, part in _by_hotkey(children).items() if child != parent}
        parents = self.parents(parent, netuid)
        _check_linked(wanted, parents)
        self._link(parent, netuid, wanted, parents)

    def move(self, old: bytes, new: bytes, netuid: int, pending: Iterable[Link] | None) -> None:
        """Give the links of one hotkey to another, whose own are given up; `pending` is what `old` asked for.

        Raises: InvalidChild if the two are linked to each other, and as `check` for what is pending.
        """
        children, parents = self.children(old, netuid), self.parents(old, netuid)
        self._link(old, netuid, {}, {})
        if new in children or new in parents:
            raise errors.InvalidChild(new)
        if pending is not None:
            _check_asked(new, _by_hotkey(pending), parents)
        self._link(new, netuid, children, parents)

    def try_state(self) -> None:
        """Both ends of every link agree, and nobody lends more than all."""
        down, up = self.stake_weights.child_keys, self.stake_weights.parent_keys
        forth = {(a, netuid, b, part) for a, netuid, links in down.items() for part, b in links}
        back = {(a, netuid, b, part) for b, netuid, links in up.items() for part, a in links}
        if forth != back:
            raise InvariantBroken(f"child links with one end: {sorted(forth ^ back)}")
        for parent, netuid, links in down.items():
            if sum(part for part, _ in links) > WHOLE:
                raise InvariantBroken(f"{parent.hex()} lends more than all on subnet {netuid}")
            if self.parents(parent, netuid).keys() & _by_hotkey(links).keys():
                raise InvariantBroken(f"{parent.hex()} lends in a circle on subnet {netuid}")

    def _link(
        self, hotkey: bytes, netuid: int, children: Mapping[bytes, int], parents: Mapping[bytes, int]
    ) -> None:
        down, up = self.stake_weights.child_keys, self.stake_weights.parent_keys
        _rewrite(down, up, hotkey, netuid, children)
        _rewrite(up, down, hotkey, netuid, parents)


def _rewrite(own: Links, others: Links, hotkey: bytes, netuid: int, links: Mapping[bytes, int]) -> None:
    """Replace a hotkey's links in one direction, and their other ends."""
    gone = _by_hotkey(own[hotkey, netuid]).keys() - links.keys()
    _store(own, hotkey, netuid, tuple((links[other], other) for other in sorted(links)))
    for other in sorted(links):
        before = others[other, netuid]
        known = any(key == hotkey for _, key in before)
        link = (links[other], hotkey)
        kept = tuple(link if each[1] == hotkey else each for each in before)
        _store(others, other, netuid, kept if known else (*before, link))
    for other in sorted(gone):
        _store(others, other, netuid, tuple(each for each in others[other, netuid] if each[1] != hotkey))


def _store(links: Links, hotkey: bytes, netuid: int, value: tuple[Link, ...]) -> None:
    if value:
        links[hotkey, netuid] = value
    else:
        del links[hotkey, netuid]


def _by_hotkey(links: Iterable[Link]) -> dict[bytes, int]:
    return {hotkey: proportion for proportion, hotkey in links}


def _check_asked(parent: bytes, children: Mapping[bytes, int], parents: Mapping[bytes, int]) -> None:
    if parent in children:
        raise errors.InvalidChild(parent)
    if len(children) > MAX_CHILDREN:
        raise errors.TooManyChildren(len(children), MAX_CHILDREN)
    _check_linked(children, parents)


def _check_linked(children: Mapping[bytes, int], parents: Mapping[bytes, int]) -> None:
    if sum(children.values()) > WHOLE:
        raise errors.ProportionOverflow(sum(children.values()))
    if children.keys() & parents.keys():
        raise errors.ChildParentInconsistency(*sorted(children.keys() & parents.keys()))
