"""A runtime at work on one state: the world, its executive, and the pallets that the node itself asks."""

from __future__ import annotations

from ganglion.frame.block import Digest
from ganglion.frame.executive import Executive
from ganglion.frame.extrinsic import ExtrinsicCodec
from ganglion.frame.runtime import Runtime
from ganglion.pallets.system import System
from ganglion.state.overlay import Overlay


class Execution:
    """A world with its executive. Belongs to one thread at a time."""

    def __init__(self, runtime: Runtime, codec: ExtrinsicCodec, state: Overlay) -> None:
        self.state = state
        self.world = runtime.on(state)
        self.system = self.world[System]
        self.executive = Executive(self.world, self.system, codec)

    def stand_before(self, number: int, parent_hash: bytes) -> None:
        """Make the world what a transaction of block `number` would find, without running that block's hooks.

        Transactions are judged so, since an era may begin at the newest block, whose hash the state learns
        only when the next block opens.
        """
        self.system.open_block(number, parent_hash, Digest(()))

    def replace_state(self, state: Overlay) -> None:
        """Go on with another state."""
        self.state = self.world.state = state
