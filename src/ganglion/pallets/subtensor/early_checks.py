"""Early checks: what is refused before it enters a block, because the call would cost nothing.

Weights, commits, endpoints and takes pay no fee, so a transaction that is bound to fail must not get in. Each
check raises the error that the call itself would raise, or one that names the same cause.

The real chain lets weights of hotkeys without a uid in where the stake threshold is 0, as it is on a new
chain. Here they are refused: otherwise anybody could fill blocks for nothing.
Source: subtensor pallets/subtensor/src/guards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ganglion.frame.call import RuntimeCall
from ganglion.frame.pallet import Section
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.types import NetworkLastRegistered, storage_index
from ganglion.pallets.subtensor.weight_commits import commit_hash

if TYPE_CHECKING:
    from ganglion.pallets.drand import Drand
    from ganglion.pallets.subtensor.evm_keys import EvmKeys
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.pow_registration import PowRegistration
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.serving import Serving
    from ganglion.pallets.subtensor.stake_weight import StakeWeights
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.takes import Takes
    from ganglion.pallets.subtensor.weight_commits import WeightCommits
    from ganglion.pallets.subtensor.weights import Weights

Row = Sequence[int]
Check = Callable[..., object]


class EarlyChecks(Section):
    """Checks that change nothing. Each takes the signer and the call's arguments as on the wire."""

    drand: Drand
    commits: WeightCommits
    evm_keys: EvmKeys
    hyperparameters: Hyperparameters
    neurons: Neurons
    pow_registration: PowRegistration
    rate_limits: RateLimits
    serving: Serving
    stake_weights: StakeWeights
    subnets: Subnets
    takes: Takes
    weights: Weights

    def check(self, who: bytes, call: RuntimeCall) -> None:
        """Refuse a call of SubtensorModule that could not succeed. Raises: DispatchFailed."""
        check = self._checks().get(call.function)
        if check is not None:
            check(who, *call.args)

    def _checks(self) -> dict[str, Check]:
        return {
            "set_weights": self._set,
            "set_mechanism_weights": self._set_mechanism,
            "batch_set_weights": self._batch_set,
            "commit_weights": self._commit,
            "commit_mechanism_weights": self._commit_mechanism,
            "batch_commit_weights": self._batch_commit,
            "reveal_weights": self._reveal,
            "reveal_mechanism_weights": self._reveal_mechanism,
            "batch_reveal_weights": self._batch_reveal,
            "commit_timelocked_weights": self._commit_timelocked,
            "commit_timelocked_mechanism_weights": self._commit_timelocked_mechanism,
            "commit_crv3_mechanism_weights": self._commit_timelocked_mechanism,
            "register_network": self._register_network,
            "increase_take": self._take,
            "decrease_take": self._take,
            "associate_evm_key": self.evm_keys.check,
            "pow_register": self.pow_registration.check,
            "serve_axon": self._axon,
            "serve_axon_tls": self._axon,
            "serve_prometheus": self._prometheus,
        }

    def _set(self, who: bytes, netuid: int, *_: Any) -> None:
        self._set_mechanism(who, netuid, 0)

    def _set_mechanism(self, who: bytes, netuid: int, mechanism: int, *_: Any) -> None:
        uid = self._validator(who, netuid)
        if not self.hyperparameters.commit_reveal_weights_enabled[netuid]:
            self.weights.check_rate(netuid, storage_index(netuid, mechanism), uid)

    def _batch_set(self, who: bytes, netuids: Row, *lists: Sequence[Any]) -> None:
        _require_lengths(netuids, *lists)
        self._require_stake_on_all(who, netuids)

    def _commit(self, who: bytes, netuid: int, *_: Any) -> None:
        self._commit_mechanism(who, netuid, 0)

    def _commit_mechanism(self, who: bytes, netuid: int, mechanism: int, *_: Any) -> None:
        self._validator(who, netuid)
        self.commits.committer(who, netuid, mechanism)

    def _batch_commit(self, who: bytes, netuids: Row, hashes: Sequence[bytes]) -> None:
        _require_lengths(netuids, hashes)
        self._require_stake_on_all(who, netuids)

    def _reveal(self, who: bytes, netuid: int, *row: Any) -> None:
        self._reveal_mechanism(who, netuid, 0, *row)

    def _reveal_mechanism(self, who: bytes, netuid: int, mechanism: int, *row: Any) -> None:
        self._require_stake(who, netuid)
        self._require_opens(who, netuid, mechanism, row)

    def _batch_reveal(self, who: bytes, netuid: int, *lists: Sequence[Any]) -> None:
        _require_lengths(*lists)
        self._require_stake(who, netuid)
        for row in zip(*lists, strict=True):
            self._require_opens(who, netuid, 0, row)

    def _commit_timelocked(self, who: bytes, netuid: int, commit: bytes, reveal_round: int, *_: Any) -> None:
        self._commit_timelocked_mechanism(who, netuid, 0, commit, reveal_round)

    def _commit_timelocked_mechanism(
        self, who: bytes, netuid: int, mechanism: int, commit: bytes, reveal_round: int, *_: Any
    ) -> None:
        self._validator(who, netuid)
        last = self.drand.last_stored_round.get()
        if reveal_round < last:
            raise errors.InvalidRevealRound(reveal_round, last)

    def _register_network(self, who: bytes, hotkey: bytes) -> None:
        limit = self.subnets.network_rate_limit.get()
        if not self.rate_limits.passes(NetworkLastRegistered(), limit):
            raise errors.NetworkTxRateLimitExceeded(limit)

    def _take(self, who: bytes, hotkey: bytes, take: int) -> None:
        least, most = self.takes.min_delegate_take.get(), self.takes.max_delegate_take.get()
        if take < least:
            raise errors.DelegateTakeTooLow(take, least)
        if take > most:
            raise errors.DelegateTakeTooHigh(take, most)
        self.takes.check_owner(who, hotkey)

    def _axon(self, who: bytes, netuid: int, version: int, ip: int, port: int, ip_type: int, *_: Any) -> None:
        self.serving.check_axon(who, netuid, ip, port, ip_type)

    def _prometheus(self, who: bytes, netuid: int, version: int, ip: int, port: int, ip_type: int) -> None:
        self.serving.check_prometheus(who, netuid, ip, port, ip_type)

    def _validator(self, who: bytes, netuid: int) -> int:
        """The uid of a hotkey that has stake enough for votes."""
        self._require_stake(who, netuid)
        uid = self.neurons.uid(netuid, who)
        if uid is None:
            raise errors.HotKeyNotRegisteredInSubNet(netuid, who)
        return uid

    def _require_stake_on_all(self, who: bytes, netuids: Row) -> None:
        """Stake enough on each subnet, and a uid on one of them at least."""
        for netuid in netuids:
            self._require_stake(who, netuid)
        if all(self.neurons.uid(netuid, who) is None for netuid in netuids):
            raise errors.HotKeyNotRegisteredInSubNet(netuids, who)

    def _require_stake(self, who: bytes, netuid: int) -> None:
        if not self.stake_weights.above_threshold(who, netuid):
            raise errors.NotEnoughStakeToSetWeights(netuid, who)

    def _require_opens(self, who: bytes, netuid: int, mechanism: int, row: Sequence[Any]) -> None:
        """`row`: uids, values, salt, version key."""
        uids, values, salt, version_key = row
        index = storage_index(netuid, mechanism)
        self.commits.check_reveal(
            who, netuid, index, commit_hash(who, index, uids, values, salt, version_key)
        )


def _require_lengths(*lists: Sequence[Any]) -> None:
    if len(set(map(len, lists))) != 1:
        raise errors.InputLengthsUnequal(*map(len, lists))
