"""Votes and bonds as they are stored: a sparse row of (uid, u16) for each validator of each mechanism.

A row that is missing is empty. In votes an entry of zero is not the same as none.
Source: subtensor pallets/subtensor/src/epoch/run_epoch.rs (get_weights_sparse, get_bonds_sparse).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from ganglion.crypto.hashing import Identity
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUidStorageIndex
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.scale.types import Vec, u16
from ganglion.yuma import Rows

Row = tuple[tuple[int, int], ...]


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
        return _rows(self.weights, index, n)

    def bond_rows(self, index: int, n: int) -> Rows:
        """The bonds of uids 0 to n - 1."""
        return _rows(self.bonds, index, n)

    def uids(self, index: int) -> Iterator[int]:
        """Every uid that a row belongs to or names."""
        for rows in (self.weights, self.bonds):
            for uid, row in rows.under(index):
                yield uid
                yield from (target for target, _ in row)

    def store_bonds(self, index: int, rows: Rows) -> None:
        """Write every row, empty ones too."""
        for uid, row in enumerate(rows.to_lists()):
            self.bonds[index, uid] = tuple(row)

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


def _rows(
    stored: StorageDoubleMap[NetUidStorageIndex, u16, Vec[tuple[u16, u16]]], index: int, n: int
) -> Rows:
    rows: list[Row] = [()] * n
    for uid, row in stored.under(index):
        if uid < n:
            rows[uid] = row
    # What is stored was checked when it came, so it goes into arrays without another look at each pair.
    entries = chain.from_iterable(rows)
    table = np.fromiter(chain.from_iterable(entries), dtype=np.uint16).reshape(-1, 2)
    starts = np.zeros(n + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    return Rows(starts, table[:, 0].copy(), table[:, 1].copy())
