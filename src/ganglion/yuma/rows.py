"""Sparse matrices as the chain stores them: per validator uid a row of (uid, value) entries.

All rows lie behind one another in two arrays, in stored order; row i is the entries
starts[i]:starts[i + 1]. An entry of value zero is not the same as a missing one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganglion.yuma.errors import InvalidInput

U16_MAX = 0xFFFF
Values = NDArray[Any]
Starts = NDArray[np.int64]
Uids = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """n sparse rows. Values are u16 as stored, or uint64 raw I32F32 during an epoch."""

    starts: Starts
    uids: Uids
    values: Values

    @classmethod
    def of(cls, field: str, rows: Sequence[Sequence[Sequence[int]]]) -> "Rows":
        """Rows from Python lists of [uid, u16] pairs. Raises InvalidInput naming `field`."""
        lengths = [len(_list_of(field, row)) for row in _list_of(field, rows)]
        pairs = [_pair_of(field, pair) for row in rows for pair in row]
        table = np.array(pairs, dtype=np.uint16).reshape(-1, 2)
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(lengths, out=starts[1:])
        return cls(starts, table[:, 0].copy(), table[:, 1].copy())

    @classmethod
    def empty(cls, count: int) -> "Rows":
        """`count` rows without entries."""
        nothing = np.zeros(0, dtype=np.uint16)
        return cls(np.zeros(count + 1, dtype=np.int64), nothing, nothing)

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.starts) - 1

    @property
    def entries(self) -> int:
        """Number of entries in all rows."""
        return len(self.uids)

    @property
    def lengths(self) -> Starts:
        """Entries per row."""
        return np.diff(self.starts)

    def spread(self, per_row: Values) -> Values:
        """One value per row, repeated for each of its entries."""
        return np.repeat(per_row, self.lengths)

    def keys(self) -> NDArray[np.uint32]:
        """One number per entry that orders and identifies it: row x 2**16 + uid."""
        rows = self.spread(np.arange(self.count, dtype=np.uint32))
        return (rows << np.uint32(16)) | self.uids

    def with_values(self, values: Values) -> "Rows":
        """The same entries with other values."""
        return Rows(self.starts, self.uids, values)

    def keep(self, mask: NDArray[np.bool_]) -> "Rows":
        """The entries where `mask` holds."""
        if mask.all():
            return self
        kept = np.zeros(self.entries + 1, dtype=np.int64)
        np.cumsum(mask, out=kept[1:])
        return Rows(kept[self.starts], self.uids[mask], self.values[mask])

    def keep_rows(self, flags: NDArray[np.bool_]) -> "Rows":
        """The rows where `flags` holds, the others emptied."""
        if flags[self.lengths > 0].all():
            return self
        return self.keep(self.spread(flags))

    def to_lists(self) -> list[list[tuple[int, int]]]:
        """Python rows of (uid, value) pairs."""
        pairs = list(zip(self.uids.tolist(), self.values.tolist(), strict=True))
        bounds = self.starts.tolist()
        return [pairs[start:end] for start, end in pairwise(bounds)]


def rows_from_keys(count: int, keys: NDArray[np.uint32], values: Values) -> Rows:
    """Rows from ascending keys (see Rows.keys)."""
    bounds = np.arange(count + 1, dtype=np.int64) << 16
    return Rows(np.searchsorted(keys, bounds).astype(np.int64), keys.astype(np.uint16), values)


def _list_of(field: str, value: object) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise InvalidInput(field, "must be a list of rows of [uid, value] pairs", value)
    return value


def _pair_of(field: str, pair: Sequence[int]) -> Sequence[int]:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        raise InvalidInput(field, "each entry must be a pair [uid, value]", pair)
    for number in pair:
        if type(number) is not int or not 0 <= number <= U16_MAX:
            raise InvalidInput(field, "uids and values must be whole numbers from 0 to 65535", pair)
    return pair
