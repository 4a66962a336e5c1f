"""Votes and bonds as they are stored: a sparse row of (uid, u16) for each validator of each mechanism.

A row that is missing is empty. In votes an entry of zero is not the same as none. Epochs take rows as bytes
from storage into arrays and back: what they hold is never made Python objects.
Source: subtensor pallets/subtensor/src/epoch/run_epoch.rs (get_weights_sparse, get_bonds_sparse).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ganglion.crypto.hashing import Identity
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUidStorageIndex
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.scale.primitives import read_compact, write_compact
from ganglion.scale.types import Vec, u16
from ganglion.yuma import Rows

Row = tuple[tuple[int, int], ...]

PAIR = np.dtype([("uid", "<u2"), ("value", "<u2")])
"""How an entry of a row lies in bytes."""


class VoteMatrix(Section):
    """Rows of votes (weights) and of bonds."""

    # storage index of the mechanism, uid -> (uid, u16). Votes: the largest of a row is 65535.
    weights: StorageDoubleMap[NetUidStorageIndex, u16, Vec[tuple[u16, u16]]] = storage(
        Identity, Identity, default=()
    )
    bonds: StorageDoubleMap[NetUidStorageIndex, u16, Vec[tuple[u16, u16]]] = storage(
        Identity, Identity, default=()
    )

    def weight_rows(self, index: int, n: int) -> Rows:
        """The votes of uids 0 to n - 1."""
        return _decoded([self.weights.get_encoded((index, uid)) for uid in range(n)])

    def bond_rows(self, index: int, n: int) -> Rows:
        """The bonds of uids 0 to n - 1."""
        return _decoded([self.bonds.get_encoded((index, uid)) for uid in range(n)])

    def uids(self, index: int) -> Iterator[int]:
        """Every uid that a row belongs to or names."""
        for rows in (self.weights, self.bonds):
            for uid, row in rows.under(index):
                yield uid
                yield from (target for target, _ in row)

    def store_bonds(self, index: int, rows: Rows) -> None:
        """Let every row be written, empty ones too."""
        for uid, row in enumerate(_encoded(rows)):
            if self.bonds.get_encoded((index, uid)) != row:
                self.bonds.put_encoded((index, uid), row)

    def forget_uid(self, index: int, uid: int) -> None:
        """Drop the uid's own rows; others' votes for it become zero."""
        del self.bonds[index, uid]
        del self.weights[index, uid]
        for voter, row in self.weights.under(index):
            if any(target == uid and weight for target, weight in row):
                self.weights[index, voter] = tuple(
                    (target, 0 if target == uid else weight) for target, weight in row
                )

    def drop_bonds_in(self, index: int, uid: int) -> None:
        """Drop every validator's bond in `uid`."""
        for holder, row in self.bonds.under(index):
            self.bonds[index, holder] = tuple(bond for bond in row if bond[0] != uid)

    def clear(self, index: int) -> None:
        """Drop all rows of a mechanism."""
        self.weights.clear_under(index)
        self.bonds.clear_under(index)


def _decoded(rows: Sequence[bytes | None]) -> Rows:
    """Rows from what is stored of them, which was checked when it came: no pair is looked at."""
    starts, pairs = [0], []
    for row in rows:
        count, at = read_compact(row, 0) if row else (0, 0)
        starts.append(starts[-1] + count)
        if row and count:
            pairs.append(row[at:])
    table = np.frombuffer(b"".join(pairs), PAIR)
    return Rows(np.array(starts, dtype=np.int64), table["uid"].copy(), table["value"].copy())


def _encoded(rows: Rows) -> Iterator[bytes]:
    table = np.empty(rows.entries, PAIR)
    table["uid"], table["value"] = rows.uids, rows.values
    for start, end in pairwise(rows.starts.tolist()):
        row = bytearray()
        write_compact(end - start, row)
        row += table[start:end].tobytes()
        yield bytes(row)
