"""Epochs: votes and stake in, incentive and dividends out.

What Yuma consensus needs is read from storage, `ganglion.yuma` computes, and exactly what the chain stores
is stored: vectors by uid, and bonds and incentive of each mechanism.
Source: subtensor pallets/subtensor/src/epoch/run_epoch.rs, subnets/mechanism.rs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ganglion.crypto.hashing import Identity
from ganglion.fixed import I64F64
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.types import storage_index
from ganglion.scale.types import u64
from ganglion.yuma import Commit, ConsensusMode, EpochInput, EpochOutcome, blocks_of, flags_of, run_mechanisms
from ganglion.yuma import Hyperparameters as YumaSettings
from ganglion.yuma.engine import ops_for
from ganglion.yuma.epoch_input import MILLION

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.stake_weight import StakeWeights
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.timelocked_commits import TimelockedCommits
    from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
    from ganglion.pallets.subtensor.voting_power import VotingPower
    from ganglion.pallets.subtensor.weight_commits import WeightCommits
    from ganglion.pallets.system import System

U64_MAX = (1 << 64) - 1


class Pay(NamedTuple):
    """What an epoch allots to a hotkey as miner and as validator, in alpha-rao."""

    hotkey: bytes
    server: int
    validator: int


class Epoch(Section):
    """Runs a subnet's epoch."""

    system: System
    commits: WeightCommits
    timelocked_commits: TimelockedCommits
    hyperparameters: Hyperparameters
    neurons: Neurons
    schedule: EpochSchedule
    stake_weights: StakeWeights
    subnets: Subnets
    votes: VoteMatrix
    voting_power: VotingPower

    # netuid -> block of the last epoch that succeeded.
    last_mechanism_step_block: StorageMap[NetUid, u64] = storage(
        Identity, name="LastMechansimStepBlock", default=0
    )

    def run(self, netuid: int, emission: int) -> tuple[Pay, ...]:
        """Run the epoch of all mechanisms on `emission` alpha-rao; who is allotted what, in order of uid.

        Emits: IncentiveAlphaEmittedToMiners for each mechanism.
        """
        inputs = self.inputs(netuid)
        outcome = run_mechanisms(inputs, emission, self.emission_split(netuid), ops_for(inputs))
        for mechanism, part in enumerate(outcome.per_mechanism):
            self._store_mechanism(storage_index(netuid, mechanism), part)
        self._store(netuid, outcome.aggregate)
        self.voting_power.count(netuid, _stakes(inputs))
        self.last_mechanism_step_block[netuid] = self.system.number.get()
        return tuple(
            map(
                Pay,
                self.neurons.hotkeys(netuid),
                outcome.aggregate.server_emission.tolist(),
                outcome.aggregate.validator_emission.tolist(),
            )
        )

    def inputs(self, netuid: int) -> tuple[EpochInput, ...]:
        """What an epoch in this block would start from, for each mechanism; the emission is left at 0."""
        return tuple(self._input(netuid, mechanism) for mechanism in self.hyperparameters.mechanisms(netuid))

    def emission_split(self, netuid: int) -> tuple[int, ...] | None:
        """Each mechanism's part of the emission in u16 parts, or None for even parts."""
        return self.hyperparameters.mechanism_emission_split[netuid]

    def _input(self, netuid: int, mechanism: int) -> EpochInput:
        index, n = storage_index(netuid, mechanism), self.neurons.count(netuid)
        last_update = self.neurons.last_update[index]
        return EpochInput(
            n=n,
            current_block=self.system.number.get(),
            last_step_block=self.last_mechanism_step_block[netuid],
            rao_emission=0,
            hyperparameters=self._settings(netuid),
            stake=[stake.total for stake in self.stake_weights.of_subnet(netuid)],
            last_update=blocks_of("last_update", last_update + (0,) * (n - len(last_update))),
            block_at_registration=blocks_of("block_at_registration", self.neurons.registered_at(netuid)),
            validator_permit=flags_of("validator_permit", self.neurons.validator_permit[netuid]),
            weights=self.votes.weight_rows(index, n),
            bonds=self.votes.bond_rows(index, n),
            owner_uid=self.subnets.owner_uid(netuid),
            commits=self._commits(netuid, index),
            current_epoch=self.schedule.epoch_number(netuid),
            previous_consensus=self.neurons.consensus[netuid],
        )

    def _settings(self, netuid: int) -> YumaSettings:
        settings = self.hyperparameters
        alpha_low, alpha_high = settings.alpha_values[netuid]
        return YumaSettings(
            tempo=settings.tempo[netuid],
            activity_cutoff=settings.cutoff(netuid),
            stake_threshold=self.stake_weights.stake_threshold.get(),
            max_allowed_validators=settings.max_allowed_validators[netuid],
            kappa=settings.kappa[netuid],
            bonds_penalty=settings.bonds_penalty[netuid],
            # More than all of the old bonds cannot stay, whatever was written past the calls' checks.
            bonds_moving_average=min(settings.bonds_moving_average[netuid], MILLION),
            yuma3=settings.yuma3_on[netuid],
            liquid_alpha=settings.liquid_alpha_on[netuid],
            liquid_alpha_consensus_mode=ConsensusMode(settings.liquid_alpha_consensus_mode[netuid].name),
            alpha_sigmoid_steepness=settings.alpha_sigmoid_steepness[netuid],
            alpha_low=alpha_low,
            alpha_high=alpha_high,
            commit_reveal=settings.commit_reveal_weights_enabled[netuid],
            reveal_period=settings.reveal_period_epochs[netuid],
        )

    def _commits(self, netuid: int, index: int) -> tuple[Commit, ...]:
        """Commits that wait to be revealed, by uid."""
        found = []
        for hotkey, epoch, block in (*self.commits.waiting(index), *self.timelocked_commits.waiting(index)):
            uid = self.neurons.uid(netuid, hotkey)
            if uid is not None:
                found.append(Commit(uid, epoch, block))
        return tuple(found)

    def _store_mechanism(self, index: int, outcome: EpochOutcome) -> None:
        self.neurons.incentive[index] = tuple(outcome.incentive.tolist())
        self.emit(events.IncentiveAlphaEmittedToMiners(index, tuple(outcome.server_emission.tolist())))
        self.votes.store_bonds(index, outcome.bonds)

    def _store(self, netuid: int, outcome: EpochOutcome) -> None:
        neurons = self.neurons
        neurons.active[netuid] = tuple(outcome.active.tolist())
        neurons.emission[netuid] = tuple(outcome.emission.tolist())
        neurons.consensus[netuid] = tuple(outcome.consensus.tolist())
        neurons.dividends[netuid] = tuple(outcome.dividends.tolist())
        neurons.validator_trust[netuid] = tuple(outcome.validator_trust.tolist())
        neurons.validator_permit[netuid] = tuple(outcome.validator_permit.tolist())
        neurons.stake_weight[netuid] = tuple(outcome.stake_weight.tolist())


def _stakes(inputs: Sequence[EpochInput]) -> tuple[int, ...]:
    """Stake weights by uid in alpha-rao, those of all mechanisms added up as on the chain."""
    columns = zip(*([I64F64.to_u64(int(stake)) for stake in each.stake] for each in inputs), strict=True)
    return tuple(min(sum(column), U64_MAX) for column in columns)
