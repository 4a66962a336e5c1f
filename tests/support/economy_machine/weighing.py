"""Weights with a purpose: set, committed and revealed, sealed to the beacon."""

from __future__ import annotations

from typing import Any

from economy_machine.chooser import Attempt, Chooser
from economy_machine.purposes import Purpose, play
from economy_machine.stage import BEACON
from ganglion.crypto.timelock import seal
from ganglion.pallets.drand import Drand
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.timelocked_commits import TimelockedCommits
from ganglion.pallets.subtensor.types import storage_index
from ganglion.pallets.subtensor.weight_commits import WeightCommits, commit_hash
from ganglion.pallets.subtensor.weights import Weights
from ganglion.scale import Codecs
from ganglion.scale.types import Bytes, Vec, u16, u64

U16_MAX = 65_535
SEALED = Codecs().of(tuple[Bytes, Vec[u16], Vec[u16], u64])
Row = tuple[tuple[int, ...], tuple[int, ...]]


def _subnet(choose: Chooser, *, commits: bool) -> int | None:
    """A subnet that takes commits, or one that takes weights as they are."""
    enabled = choose.ledger[Hyperparameters].commit_reveal_weights_enabled
    fitting = [netuid for netuid in choose.ledger[Subnets].netuids() if netuid and enabled[netuid] is commits]
    return choose.one(fitting) if fitting else None


def _validator(choose: Chooser, netuid: int) -> bytes:
    """A hotkey that may validate, if there is one."""
    neurons = choose.ledger[Neurons]
    permitted = [uid for uid in range(neurons.count(netuid)) if neurons.has_permit(netuid, uid)]
    return neurons.hotkey(netuid, choose.one(permitted)) if permitted else choose.seated(netuid)


def _row(choose: Chooser, netuid: int) -> Row:
    uids = tuple(choose.some(range(choose.ledger[Neurons].count(netuid)), 8))
    return uids, tuple(choose.random.randint(1, U16_MAX) for _ in uids)


def _version(choose: Chooser, netuid: int) -> int:
    return choose.ledger[Hyperparameters].weights_version_key[netuid]


def _mechanism(choose: Chooser, netuid: int) -> int:
    return choose.one(tuple(choose.ledger[Hyperparameters].mechanisms(netuid)))


def _direct(function: Any, *, by_mechanism: bool) -> Purpose:
    def purpose(choose: Chooser) -> Attempt | None:
        netuid = _subnet(choose, commits=False)
        if netuid is None:
            return None
        where = (netuid, _mechanism(choose, netuid)) if by_mechanism else (netuid,)
        signer = choose.name(_validator(choose, netuid))
        return play(choose, signer, function, *where, *_row(choose, netuid), _version(choose, netuid))

    return purpose


def _batch(choose: Chooser) -> Attempt:
    netuids = [choose.netuid() for _ in range(2)]
    signer = choose.name(_validator(choose, netuids[0]))
    rows = tuple(tuple(zip(*_row(choose, netuid), strict=True)) for netuid in netuids)
    versions = tuple(_version(choose, netuid) for netuid in netuids)
    return play(choose, signer, Weights.batch_set_weights, tuple(netuids), rows, versions)


def _commit(function: Any, *, by_mechanism: bool, batch: bool = False) -> Purpose:
    def purpose(choose: Chooser) -> Attempt | None:
        netuid = _subnet(choose, commits=True)
        if netuid is None:
            return None
        mechanism = _mechanism(choose, netuid) if by_mechanism else 0
        hotkey, (uids, values) = _validator(choose, netuid), _row(choose, netuid)
        salt, version = (choose.random.randrange(U16_MAX),), _version(choose, netuid)
        committed = commit_hash(hotkey, storage_index(netuid, mechanism), uids, values, salt, version)
        choose.memory.keep(choose.memory.rows, (hotkey, netuid, mechanism, uids, values, salt, version))
        where = (netuid, mechanism) if by_mechanism else (netuid,)
        args = ((netuid,), (committed,)) if batch else (*where, committed)
        return play(choose, choose.name(hotkey), function, *args)

    return purpose


def _reveal(function: Any, *, by_mechanism: bool, batch: bool = False) -> Purpose:
    def purpose(choose: Chooser) -> Attempt | None:
        rows = [row for row in choose.memory.rows if by_mechanism or row[2] == 0]
        if not rows:
            return None
        hotkey, netuid, mechanism, uids, values, salt, version = choose.one(rows)
        if batch:
            args: tuple[Any, ...] = (netuid, (uids,), (values,), (salt,), (version,))
        else:
            where = (netuid, mechanism) if by_mechanism else (netuid,)
            args = (*where, uids, values, salt, version)
        return play(choose, choose.name(hotkey), function, *args)

    return purpose


def _seal(function: Any, *, by_mechanism: bool, with_version: bool = True) -> Purpose:
    def purpose(choose: Chooser) -> Attempt | None:
        netuid = _subnet(choose, commits=True)
        if netuid is None:
            return None
        hotkey, (uids, values) = _validator(choose, netuid), _row(choose, netuid)
        plain = SEALED.encode((hotkey, uids, values, _version(choose, netuid)))
        opens = choose.ledger[Drand].last_stored_round.get() + choose.random.randint(1, 20)
        sealed = seal(plain, BEACON.public_key, opens, choose.random.randbytes)
        where = (netuid, _mechanism(choose, netuid)) if by_mechanism else (netuid,)
        version = (4,) if with_version else ()
        return play(choose, choose.name(hotkey), function, *where, sealed, opens, *version)

    return purpose


PURPOSES: dict[Any, Purpose] = {
    Weights.set_weights: _direct(Weights.set_weights, by_mechanism=False),
    Weights.set_mechanism_weights: _direct(Weights.set_mechanism_weights, by_mechanism=True),
    Weights.batch_set_weights: _batch,
    WeightCommits.commit_weights: _commit(WeightCommits.commit_weights, by_mechanism=False),
    WeightCommits.commit_mechanism_weights: _commit(
        WeightCommits.commit_mechanism_weights, by_mechanism=True
    ),
    WeightCommits.batch_commit_weights: _commit(
        WeightCommits.batch_commit_weights, by_mechanism=False, batch=True
    ),
    WeightCommits.reveal_weights: _reveal(WeightCommits.reveal_weights, by_mechanism=False),
    WeightCommits.reveal_mechanism_weights: _reveal(
        WeightCommits.reveal_mechanism_weights, by_mechanism=True
    ),
    WeightCommits.batch_reveal_weights: _reveal(
        WeightCommits.batch_reveal_weights, by_mechanism=False, batch=True
    ),
    TimelockedCommits.commit_timelocked_weights: _seal(
        TimelockedCommits.commit_timelocked_weights, by_mechanism=False
    ),
    TimelockedCommits.commit_timelocked_mechanism_weights: _seal(
        TimelockedCommits.commit_timelocked_mechanism_weights, by_mechanism=True
    ),
    TimelockedCommits.commit_crv3_mechanism_weights: _seal(
        TimelockedCommits.commit_crv3_mechanism_weights, by_mechanism=True, with_version=False
    ),
}
"""By the function that is called."""
