"""All about each neuron of a subnet. Ranks, trust and pruning scores are no longer computed.

Source: subtensor pallets/subtensor/src/rpc_info/neuron_info.rs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.primitives import AlphaBalance, NetUid, PerU16
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import AxonInfo, PrometheusInfo
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.scale import Struct
from ganglion.scale.types import AccountId, Compact, Vec, u16, u64

T = TypeVar("T")

NO_AXON = AxonInfo(0, 0, 0, 0, 0, 0, 0, 0)
NO_PROMETHEUS = PrometheusInfo(0, 0, 0, 0, 0)
NO_PRUNING_SCORE = 65_535


class NeuronInfo(Struct, path="pallet_subtensor::rpc_info::neuron_info::NeuronInfo"):
    """A neuron with its weights and bonds on the first mechanism."""

    hotkey: AccountId
    coldkey: AccountId
    uid: Compact[u16]
    netuid: Compact[NetUid]
    active: bool
    axon_info: AxonInfo
    prometheus_info: PrometheusInfo
    stake: Vec[tuple[AccountId, Compact[AlphaBalance]]]
    rank: Compact[u16]
    emission: Compact[AlphaBalance]
    incentive: Compact[PerU16]
    consensus: Compact[PerU16]
    trust: Compact[PerU16]
    validator_trust: Compact[PerU16]
    dividends: Compact[PerU16]
    last_update: Compact[u64]
    validator_permit: bool
    weights: Vec[tuple[Compact[u16], Compact[u16]]]
    bonds: Vec[tuple[Compact[u16], Compact[u16]]]
    pruning_score: Compact[u16]


class NeuronInfoLite(Struct, path="pallet_subtensor::rpc_info::neuron_info::NeuronInfoLite"):
    """A neuron without weights and bonds."""

    hotkey: AccountId
    coldkey: AccountId
    uid: Compact[u16]
    netuid: Compact[NetUid]
    active: bool
    axon_info: AxonInfo
    prometheus_info: PrometheusInfo
    stake: Vec[tuple[AccountId, Compact[AlphaBalance]]]
    rank: Compact[u16]
    emission: Compact[AlphaBalance]
    incentive: Compact[PerU16]
    consensus: Compact[PerU16]
    trust: Compact[PerU16]
    validator_trust: Compact[PerU16]
    dividends: Compact[PerU16]
    last_update: Compact[u64]
    validator_permit: bool
    pruning_score: Compact[u16]


class NeuronInfoRuntimeApi(RuntimeApi, version=1):
    """Neurons."""

    subnets: Subnets
    neurons: Neurons
    votes: VoteMatrix
    serving: Serving
    accounts: Accounts
    shares: Shares

    @api_method
    def get_neurons(self, netuid: NetUid) -> Vec[NeuronInfo]:
        """All neurons of a subnet, by uid."""
        return tuple(self._full(netuid, uid) for uid in self._uids(netuid))

    @api_method
    def get_neuron(self, netuid: NetUid, uid: u16) -> NeuronInfo | None:
        """One neuron."""
        return self._full(netuid, uid) if uid in self._uids(netuid) else None

    @api_method
    def get_neurons_lite(self, netuid: NetUid) -> Vec[NeuronInfoLite]:
        """All neurons of a subnet, by uid, without weights and bonds."""
        return tuple(NeuronInfoLite(**self._fields(netuid, uid)) for uid in self._uids(netuid))

    @api_method
    def get_neuron_lite(self, netuid: NetUid, uid: u16) -> NeuronInfoLite | None:
        """One neuron, without weights and bonds."""
        return NeuronInfoLite(**self._fields(netuid, uid)) if uid in self._uids(netuid) else None

    def _uids(self, netuid: int) -> range:
        return range(self.neurons.count(netuid) if self.subnets.exists(netuid) else 0)

    def _full(self, netuid: int, uid: int) -> NeuronInfo:
        return NeuronInfo(
            **self._fields(netuid, uid),
            weights=tuple(row for row in self.votes.weights[netuid, uid] if row[1]),
            bonds=tuple(row for row in self.votes.bonds[netuid, uid] if row[1]),
        )

    def _fields(self, netuid: int, uid: int) -> dict[str, Any]:
        neurons, hotkey = self.neurons, self.neurons.hotkey(netuid, uid)
        coldkey = self.accounts.owner_of(hotkey)
        return {
            "hotkey": hotkey,
            "coldkey": coldkey,
            "uid": uid,
            "netuid": netuid,
            "active": _at(neurons.active[netuid], uid, False),
            "axon_info": self.serving.axons[netuid, hotkey] or NO_AXON,
            "prometheus_info": self.serving.prometheus[netuid, hotkey] or NO_PROMETHEUS,
            "stake": ((coldkey, self.shares.of_hotkey(hotkey, netuid)),),
            "rank": 0,
            "emission": _at(neurons.emission[netuid], uid, 0),
            "incentive": _at(neurons.incentive[netuid], uid, 0),
            "consensus": _at(neurons.consensus[netuid], uid, 0),
            "trust": 0,
            "validator_trust": _at(neurons.validator_trust[netuid], uid, 0),
            "dividends": _at(neurons.dividends[netuid], uid, 0),
            "last_update": _at(neurons.last_update[netuid], uid, 0),
            "validator_permit": _at(neurons.validator_permit[netuid], uid, False),
            "pruning_score": NO_PRUNING_SCORE,
        }


def _at(vector: Sequence[T], uid: int, default: T) -> T:
    return vector[uid] if uid < len(vector) else default
