"""Everything that is stored under a netuid, wherever it is declared.

Which entries belong to a subnet follows from the types of their keys: a `NetUid`, or a `NetUidStorageIndex`
of one of its mechanisms. So a section that is added later is cleared too, without another list to keep.
What only a value knows about a subnet is not found here; sections give that up in `forget_subnet`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid, NetUidStorageIndex
from ganglion.frame.storage import StorageItem
from ganglion.pallets.subtensor.mechanisms import MAX_MECHANISMS
from ganglion.pallets.subtensor.types import storage_index

KEPT = ("SubtensorModule.RegisteredSubnetCounter",)
"""Items that outlive the subnet: how often a netuid has been given out."""


@runtime_checkable
class KnowsSubnets(Protocol):
    """A section that has something about subnets in its values, or must tell that a subnet goes."""

    def forget_subnet(self, netuid: int) -> None:
        """Give up what belongs to the subnet."""


class SubnetStorage(Section):
    """Finds and clears what belongs to a subnet, in all pallets."""

    def clear(self, netuid: int) -> None:
        """Leave nothing of a subnet."""
        for section in self.world.sections:
            if isinstance(section, KnowsSubnets):
                section.forget_subnet(netuid)
        for key in list(self.keys(netuid)):
            self.world.state.delete(key)

    def keys(self, netuid: int) -> Iterator[bytes]:
        """The storage keys of all entries of a subnet but those that outlive it."""
        codecs = self.world.runtime.codecs
        indices = tuple(storage_index(netuid, mechanism) for mechanism in range(MAX_MECHANISMS))
        wanted = {codecs.of(NetUid): (netuid,), codecs.of(NetUidStorageIndex): indices}
        for pallet in self.world.runtime.pallets:
            for item in pallet.storage:
                for place, codec in enumerate(item.keys):
                    if codec in wanted and f"{item.pallet}.{item.name}" not in KEPT:
                        yield from self._keys(item, place, wanted[codec])

    def _keys(self, item: StorageItem, place: int, values: tuple[int, ...]) -> Iterator[bytes]:
        state = self.world.state
        if place == 0:
            for value in values:
                yield from state.keys(item.key((value,)))
        else:
            yield from (key for key in state.keys(item.prefix) if item.parts(key)[place] in values)
