"""The same row operations, compiled.

Loading numba costs about a hundred megabytes and half a second, and the very first time on a machine
several seconds of compilation. So nothing imports this module by itself: pass
`ganglion.yuma.compiled.COMPILED` to `run_epoch` for large or many epochs. A node at rest stays plain.
"""

from ganglion.fixed.arrays import Raws, Shares
from ganglion.yuma import kernels
from ganglion.yuma.epoch_input import Blocks
from ganglion.yuma.row_ops import LiquidAlpha, RowOps
from ganglion.yuma.rows import Rows


class CompiledRowOps(RowOps):
    """RowOps with compiled loops where a numpy call per step is slow."""

    def select(self, rows: Rows, registered: Blocks, horizon: Blocks, excluded: Raws) -> Rows:
        """See RowOps."""
        return Rows(*kernels.select(_matrix(rows), registered, horizon, excluded))

    def normalise_rows(self, rows: Rows) -> Rows:
        """See RowOps."""
        return rows.with_values(kernels.normalise_rows(_matrix(rows)))

    def normalise_columns(self, rows: Rows) -> Rows:
        """See RowOps."""
        return rows.with_values(kernels.normalise_columns(_matrix(rows)))

    def upscale_columns(self, rows: Rows) -> Rows:
        """See RowOps."""
        return rows.with_values(kernels.upscale_columns(_matrix(rows)))

    def row_sums(self, rows: Rows) -> Shares:
        """See RowOps."""
        return kernels.row_sums(_matrix(rows))

    def weigh_columns(self, rows: Rows, factors: Shares) -> Shares:
        """See RowOps."""
        return kernels.weigh_columns(_matrix(rows), factors)

    def weigh_rows(self, rows: Rows, factors: Shares) -> Shares:
        """See RowOps."""
        return kernels.weigh_rows(_matrix(rows), factors)

    def weighted_median(self, rows: Rows, stake: Shares, minority: int) -> Shares:
        """See RowOps."""
        return kernels.weighted_median(_matrix(rows), stake, minority)

    def clip(self, rows: Rows, ceiling: Shares) -> Rows:
        """See RowOps."""
        return Rows(*kernels.clip(_matrix(rows), ceiling))

    def share_average(self, votes: Rows, bonds: Rows, stake: Shares, alpha: int) -> Rows:
        """See RowOps. Rows out of uid order take the plain way, which sorts."""
        if not _in_uid_order(votes, bonds):
            return super().share_average(votes, bonds, stake, alpha)
        return Rows(*kernels.share_average(_matrix(votes), _matrix(bonds), stake, alpha))

    def average(self, votes: Rows, bonds: Rows, alpha: int) -> Rows:
        """See RowOps. Rows out of uid order take the plain way, which sorts."""
        if not _in_uid_order(votes, bonds):
            return super().average(votes, bonds, alpha)
        return Rows(*kernels.average(_matrix(votes), _matrix(bonds), alpha))

    def liquid_average(self, votes: Rows, bonds: Rows, consensus: Shares, curve: LiquidAlpha) -> Rows:
        """See RowOps."""
        settings = (curve.low, curve.high, curve.steepness)
        return Rows(*kernels.liquid_average(_matrix(votes), _matrix(bonds), consensus, settings))


def _matrix(rows: Rows) -> kernels.Matrix:
    return rows.starts, rows.uids, rows.values


def _in_uid_order(*matrices: Rows) -> bool:
    return all(kernels.in_uid_order(rows.starts, rows.uids) for rows in matrices)


COMPILED = CompiledRowOps()
