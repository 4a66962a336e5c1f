"""Setting weights: a validator's scores of the neurons of a subnet, for one of its mechanisms.

Weights are u16 and stored with the largest scaled to 65535. Who has no validator permit may only weigh
itself. Where commit-reveal is on, weights arrive by way of a commit, and time counts from that.
Source: subtensor pallets/subtensor/src/subnets/weights.rs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import MechId, NetUid
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import ROOT_NETUID, storage_index
from ganglion.scale.types import Compact, Vec, u16, u64
from ganglion.yuma import max_upscale, within_limit

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.mechanisms import Mechanisms
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.stake_weight import StakeWeights
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
    from ganglion.pallets.system import System


class Weights(Section):
    """Takes validators' weights."""

    system: System
    hyperparameters: Hyperparameters
    mechanisms: Mechanisms
    neurons: Neurons
    stake_weights: StakeWeights
    subnets: Subnets
    votes: VoteMatrix

    @call(index=0)
    def set_weights(
        self, origin: Origin, netuid: NetUid, dests: Vec[u16], weights: Vec[u16], version_key: u64
    ) -> None:
        """Weigh the uids `dests` on mechanism 0; the signer is the validator's hotkey.

        Raises: CommitRevealEnabled, and what `store` does. Emits: WeightsSet.
        """
        self._ensure_direct(netuid)
        self.store(origin.signed(), netuid, 0, dests, weights, version_key)

    @call(index=119)
    def set_mechanism_weights(
        self,
        origin: Origin,
        netuid: NetUid,
        mecid: MechId,
        dests: Vec[u16],
        weights: Vec[u16],
        version_key: u64,
    ) -> None:
        """As `set_weights`, on any mechanism."""
        self._ensure_direct(netuid)
        self.store(origin.signed(), netuid, mecid, dests, weights, version_key)

    @call(index=80)
    def batch_set_weights(
        self,
        origin: Origin,
        netuids: Vec[Compact[NetUid]],
        weights: Vec[Vec[tuple[Compact[u16], Compact[u16]]]],
        version_keys: Vec[Compact[u64]],
    ) -> None:
        """Weigh on several subnets; one that fails does not keep the others.

        Raises: InputLengthsUnequal. Emits: BatchCompletedWithErrors and BatchWeightItemFailed for those that
        failed, WeightsSet for the others, BatchWeightsCompleted.
        """
        hotkey = origin.signed()
        if not len(netuids) == len(weights) == len(version_keys):
            raise errors.InputLengthsUnequal(len(netuids), len(weights), len(version_keys))

        def weigh(index: int, netuid: int) -> None:
            self._ensure_direct(netuid)
            row = weights[index]
            uids, values = [uid for uid, _ in row], [value for _, value in row]
            self.store(hotkey, netuid, 0, uids, values, version_keys[index])

        self.on_each(netuids, hotkey, weigh)

    def on_each(self, netuids: tuple[int, ...], hotkey: bytes, act: Callable[[int, int], None]) -> None:
        """`act(index, netuid)` for each of a batch; one that fails does not keep the others.

        Emits: BatchCompletedWithErrors and BatchWeightItemFailed for those that failed,
        BatchWeightsCompleted.
        """
        failures = []
        for index, netuid in enumerate(netuids):
            try:
                act(index, netuid)
            except DispatchFailed as failure:
                failures.append((netuid, self.world.runtime.dispatch_error(failure)))
        if failures:
            self.emit(events.BatchCompletedWithErrors())
        for netuid, error in failures:
            self.emit(events.BatchWeightItemFailed(netuid, error))
        self.emit(events.BatchWeightsCompleted(netuids, hotkey))

    def store(
        self,
        hotkey: bytes,
        netuid: int,
        mechanism: int,
        uids: Sequence[int],
        values: Sequence[int],
        version_key: int,
    ) -> None:
        """Check a validator's weights and store them. Changes nothing if it raises.

        Raises: CanNotSetRootNetworkWeights, WeightVecNotEqualSize, MechanismDoesNotExist,
        UidsLengthExceedUidsInSubNet, HotKeyNotRegisteredInSubNet, NotEnoughStakeToSetWeights,
        IncorrectWeightVersionKey, SettingWeightsTooFast, NeuronNoValidatorPermit, DuplicateUids,
        UidVecContainInvalidOne, WeightVecLengthIsLow, MaxWeightExceeded. Emits: WeightsSet.
        """
        self._check_target(netuid, mechanism, uids, values)
        uid = self._validator(hotkey, netuid, version_key)
        index = storage_index(netuid, mechanism)
        direct = not self.hyperparameters.commit_reveal_weights_enabled[netuid]
        if direct:
            self.check_rate(netuid, index, uid)
        alone = len(values) == 1 and uids[0] == uid
        self._check_row(netuid, uid, uids, alone)
        scaled = max_upscale(values)
        limit = self.hyperparameters.max_weights_limit[netuid]
        if not alone and not within_limit(scaled, limit):
            raise errors.MaxWeightExceeded(max(scaled), sum(scaled), limit)
        self.votes.weights[index, uid] = tuple(zip(uids, scaled, strict=True))
        if direct:
            self.neurons.note_update(netuid, mechanism, uid)
        self.emit(events.WeightsSet(index, uid))

    def _ensure_direct(self, netuid: int) -> None:
        if self.hyperparameters.commit_reveal_weights_enabled[netuid]:
            raise errors.CommitRevealEnabled(netuid)

    def _check_target(self, netuid: int, mechanism: int, uids: Sequence[int], values: Sequence[int]) -> None:
        if netuid == ROOT_NETUID:
            raise errors.CanNotSetRootNetworkWeights(netuid)
        if len(uids) != len(values):
            raise errors.WeightVecNotEqualSize(len(uids), len(values))
        self.mechanisms.ensure(netuid, mechanism)
        if len(uids) > self.neurons.count(netuid):
            raise errors.UidsLengthExceedUidsInSubNet(len(uids), self.neurons.count(netuid))

    def _validator(self, hotkey: bytes, netuid: int, version_key: int) -> int:
        """The uid of a hotkey that may set weights."""
        uid = self.neurons.uid(netuid, hotkey)
        if uid is None:
            raise errors.HotKeyNotRegisteredInSubNet(netuid, hotkey)
        if uid != self.subnets.owner_uid(netuid) and not self.stake_weights.above_threshold(hotkey, netuid):
            raise errors.NotEnoughStakeToSetWeights(netuid, hotkey)
        demanded = self.hyperparameters.weights_version_key[netuid]
        if version_key < demanded:
            raise errors.IncorrectWeightVersionKey(version_key, demanded)
        return uid

    def check_rate(self, netuid: int, index: int, uid: int) -> None:
        """Raises: SettingWeightsTooFast while a uid must wait to set weights on a mechanism again."""
        last, now = self.neurons.updated_at(index, uid), self.system.number.get()
        limit = self.hyperparameters.weights_set_rate_limit[netuid]
        if last and now - last < limit:
            raise errors.SettingWeightsTooFast(last, now, limit)

    def _check_row(self, netuid: int, uid: int, uids: Sequence[int], alone: bool) -> None:
        """`alone`: the validator weighs nobody but itself."""
        if not (alone or uid == self.subnets.owner_uid(netuid) or self.neurons.has_permit(netuid, uid)):
            raise errors.NeuronNoValidatorPermit(netuid, uid)
        if len(set(uids)) != len(uids):
            raise errors.DuplicateUids(netuid, uid)
        n = self.neurons.count(netuid)
        if any(target >= n for target in uids):
            raise errors.UidVecContainInvalidOne(max(uids), n)
        least = min(self.hyperparameters.min_allowed_weights[netuid], n)
        if not alone and len(uids) < least:
            raise errors.WeightVecLengthIsLow(len(uids), least)
