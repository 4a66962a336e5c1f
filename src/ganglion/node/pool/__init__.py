"""The transaction pool: what has been received, found good, and waits for a block."""

from ganglion.node.pool.pool import Pool

__all__ = ["Pool"]
