"""Everything that is stored under a netuid, wherever it is declared.

Which entries belong to a subnet follows from the types of their keys: a `NetUid`, or a `NetUidStorageIndex`
of one of its mechanisms. So a section that is added later is cleared too, without another list to keep.
What only a value knows about a subnet is not found here; sections give that up in `forget_subnet`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid, NetUidStorageIndex
from ganglion.frame.storage import StorageItem
from ganglion.pallets.subtensor.mechanisms import MAX_MECHANISMS
from ganglion.pallets.subtensor.types import storage_index

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.subnets import Subnets

KEPT = ("SubtensorModule.RegisteredSubnetCounter",)
"""Items that outlive the subnet: how often a netuid has been given out."""


@runtime_checkable
class KnowsSubnets(Protocol):
    """A section that has something about subnets in its values, or must tell that a subnet goes."""

    def forget_subnet(self, netuid: int) -> None:
        """Give up what belongs to the subnet."""


class SubnetStorage(Section):
    """Finds and clears what belongs to a subnet, in all pallets."""

    hyperparameters: Hyperparameters
    subnets: Subnets

    def clear(self, netuid: int) -> None:
        """Leave nothing of a subnet."""
        for section in self.world.sections:
            if isinstance(section, KnowsSubnets):
                section.forget_subnet(netuid)
        for key in list(self.keys(netuid)):
            self.world.state.delete(key)

    def keys(self, netuid: int) -> Iterator[bytes]:
        """The storage keys of all entries of a subnet but those that outlive it."""
        indices = tuple(storage_index(netuid, mechanism) for mechanism in range(MAX_MECHANISMS))
        for item, place, is_index in self._places():
            yield from self._keys(item, place, indices if is_index else (netuid,))

    def try_state(self) -> None:
        """Nothing is stored of subnets that do not exist, nor of mechanisms that a subnet does not have."""
        netuids = frozenset(self.subnets.netuids())
        indices = frozenset(
            storage_index(netuid, mechanism)
            for netuid in netuids
            for mechanism in self.hyperparameters.mechanisms(netuid)
        )
        for item, place, is_index in self._places():
            there = indices if is_index else netuids
            for key in self.world.state.keys(item.prefix):
                parts = item.parts(key)
                if parts[place] not in there:
                    raise InvariantBroken(f"{item.name}{parts} is of no subnet")

    def _places(self) -> Iterator[tuple[StorageItem, int, bool]]:
        """Each item with entries of subnets, where its keys name them, and whether by mechanism."""
        codecs = self.world.runtime.codecs
        is_index = {codecs.of(NetUid): False, codecs.of(NetUidStorageIndex): True}
        for pallet in self.world.runtime.pallets:
            for item in pallet.storage:
                for place, codec in enumerate(item.keys):
                    if codec in is_index and f"{item.pallet}.{item.name}" not in KEPT:
                        yield item, place, is_index[codec]

    def _keys(self, item: StorageItem, place: int, values: tuple[int, ...]) -> Iterator[bytes]:
        state = self.world.state
        if place == 0:
            for value in values:
                yield from state.keys(item.key((value,)))
        else:
            yield from (key for key in state.keys(item.prefix) if item.parts(key)[place] in values)
