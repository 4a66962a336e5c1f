"""When epochs run.

A subnet's epoch is due `tempo` blocks after its last one, or when its owner asked for it, or when none has
succeeded for very long. A block runs only so many; the others wait a block. The last blocks before an
epoch are *frozen*: hyperparameters cannot be changed, so that validators know the rules they are scored by.
Source: subtensor pallets/subtensor/src/coinbase/run_coinbase.rs (drain_pending, should_run_epoch),
coinbase/tempo_control.rs, utils/misc.rs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Identity
from ganglion.economy.schedule import MAX_TEMPO, EpochClock
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import Hyperparameter, OwnerHyperparamUpdate
from ganglion.scale.types import u8, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.system import System


class EpochSchedule(Section):
    """Counts blocks to epochs."""

    system: System
    hyperparameters: Hyperparameters
    neurons: Neurons
    rate_limits: RateLimits
    subnets: Subnets

    # netuid -> block of the last slot, whether its epoch succeeded or not.
    last_epoch_block: StorageMap[NetUid, u64] = storage(Identity, default=0)
    # netuid -> block at which the owner, or a full block before, wants an epoch; 0: none.
    pending_epoch_at: StorageMap[NetUid, u64] = storage(Identity, default=0)
    # netuid -> number of slots so far: the epoch that commits count in.
    subnet_epoch_index: StorageMap[NetUid, u64] = storage(Identity, default=0)
    # netuid -> blocks since the last epoch that succeeded.
    blocks_since_last_step: StorageMap[NetUid, u64] = storage(Identity, default=0)
    max_epochs_per_block: StorageValue[u8] = storage(default=2)

    min_tempo: u16 = constant(360)
    max_tempo: u16 = constant(MAX_TEMPO)

    @call(index=141)
    def trigger_epoch(self, origin: Origin, netuid: NetUid) -> None:
        """Let the signer's subnet have an epoch when the freeze window has passed, counted from now.

        Raises: BadOrigin, DynamicTempoBlockedByCommitReveal, EpochTriggerAlreadyPending,
        AutoEpochAlreadyImminent, TxRateLimitExceeded. Emits: EpochTriggered.
        """
        owner = self.subnets.ensure_owner(origin, netuid)
        if self.hyperparameters.commit_reveal_weights_enabled[netuid]:
            raise errors.DynamicTempoBlockedByCommitReveal(netuid)
        if self.pending_epoch_at[netuid]:
            raise errors.EpochTriggerAlreadyPending(netuid, self.pending_epoch_at[netuid])
        window, left = self.hyperparameters.admin_freeze_window.get(), self.blocks_left(netuid)
        if left < window:
            raise errors.AutoEpochAlreadyImminent(netuid, left, window)
        key = OwnerHyperparamUpdate(netuid, Hyperparameter.TriggerEpoch)
        if not self.rate_limits.passes(key, self.owner_rate_limit(netuid)):
            raise errors.TxRateLimitExceeded(netuid, key.hyperparameter.name)
        fires_at = self.system.number.get() + window
        self.pending_epoch_at[netuid] = fires_at
        self.rate_limits.note(key)
        self.emit(events.EpochTriggered(netuid, owner, fires_at))

    def due(self, netuids: Iterable[int]) -> tuple[int, ...]:
        """Count a block for each subnet; those whose epoch this block runs.

        Emits: EpochDeferred for those beyond the block's limit, EpochSkipped for broken ones.
        """
        running: list[int] = []
        now = self.system.number.get()
        for netuid in netuids:
            self.blocks_since_last_step[netuid] += 1
            if not self._clock(netuid).is_due(now):
                continue
            if len(running) >= self.max_epochs_per_block.get():
                self._defer(netuid)
                continue
            if self._is_sound(netuid):
                running.append(netuid)
                self.blocks_since_last_step[netuid] = 0
            else:
                self.emit(events.EpochSkipped(netuid, now))
            self.restart(netuid)
            self.pending_epoch_at[netuid] = 0
            self.subnet_epoch_index[netuid] += 1
        return tuple(running)

    def deferred(self, netuids: Iterable[int]) -> frozenset[int]:
        """Those whose slot falls on this block, but whose epoch the block will not run: it is full."""
        due, room = [netuid for netuid in netuids if self.is_due(netuid)], self.max_epochs_per_block.get()
        if len(due) <= room:
            return frozenset()
        beyond = set()
        for netuid in due:
            if room == 0:
                beyond.add(netuid)
            elif self._is_sound(netuid):
                room -= 1
        return frozenset(beyond)

    def is_due(self, netuid: int) -> bool:
        """Whether a slot falls on this block. A tempo of 0 means never."""
        return self._clock(netuid).is_due(self.system.number.get())

    def epoch_number(self, netuid: int) -> int:
        """The epoch that this block belongs to: a slot that falls on it counts already."""
        return self.subnet_epoch_index[netuid] + self.is_due(netuid)

    def blocks_left(self, netuid: int) -> int:
        """Blocks until the tempo brings the next epoch; 2**64 - 1 if it never does."""
        return self._clock(netuid).blocks_left(self.system.number.get())

    def next_epoch_block(self, netuid: int) -> int | None:
        """The block of the next epoch, a full block's delay aside; None if there is none."""
        return self._clock(netuid).next_start()

    def is_frozen(self, netuid: int) -> bool:
        """Whether hyperparameters are frozen: shortly before an epoch, or waiting for one asked for."""
        if self.hyperparameters.tempo[netuid] == 0:
            return False
        if self.pending_epoch_at[netuid] > self.system.number.get():
            return True
        return self.blocks_left(netuid) < self.hyperparameters.admin_freeze_window.get()

    def ensure_open(self, netuid: int) -> None:
        """Raises: AdminActionProhibitedDuringWeightsWindow while the subnet is frozen."""
        if self.is_frozen(netuid):
            raise errors.AdminActionProhibitedDuringWeightsWindow(netuid, self.next_epoch_block(netuid))

    def owner_rate_limit(self, netuid: int) -> int:
        """Blocks between two changes of one hyperparameter by the owner."""
        return self.hyperparameters.tempo[netuid] * self.hyperparameters.owner_hyperparam_rate_limit.get()

    def stagger(self, netuid: int, tempo: int) -> None:
        """Begin a new subnet's count, shifted by its netuid so that not all epochs meet."""
        self.last_epoch_block[netuid] = max(self.system.number.get() - netuid % max(tempo, 1), 0)

    def restart(self, netuid: int) -> None:
        """Count the next tempo from this block."""
        self.last_epoch_block[netuid] = self.system.number.get()

    def _clock(self, netuid: int) -> EpochClock:
        return EpochClock(
            self.hyperparameters.tempo[netuid],
            self.last_epoch_block[netuid],
            self.pending_epoch_at[netuid],
            self.blocks_since_last_step[netuid],
        )

    def _defer(self, netuid: int) -> None:
        now = self.system.number.get()
        self.pending_epoch_at[netuid] = now + 1
        self.emit(events.EpochDeferred(netuid, now, now + 1))

    def _is_sound(self, netuid: int) -> bool:
        """Whether no hotkey has two uids: an epoch's pay goes by hotkey."""
        hotkeys = [hotkey for _, hotkey in self.neurons.keys.under(netuid)]
        return len(set(hotkeys)) == len(hotkeys)
