"""What can go wrong in the chain of a node. Refusals of transactions are in `pool.errors`.

NodeError
  ├ BlockNotFound      no block has this hash
  ├ InvalidBlock       a block that breaks a rule was offered
  ├ CallFailed         a runtime API could not be called
  └ CannotStart        the node refuses to start, for one reason of one line
"""

from __future__ import annotations


class NodeError(Exception):
    """Root of the node's errors."""


class BlockNotFound(NodeError):
    """No block of this chain has the hash. Carries `block_hash`."""

    def __init__(self, block_hash: bytes) -> None:
        super().__init__(f"block 0x{block_hash.hex()} is not on this chain")
        self.block_hash = block_hash


class InvalidBlock(NodeError):
    """A block that was offered does not follow the rules. Carries `number` and `reason`."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"block {number} is invalid: {reason}")
        self.number = number
        self.reason = reason


class CallFailed(NodeError):
    """A runtime API could not be called. Carries the `function` (`Trait_method`) and the `reason`."""

    def __init__(self, function: str, reason: str) -> None:
        super().__init__(reason)
        self.function = function
        self.reason = reason


class CannotStart(NodeError):
    """The node cannot start with these settings; the message is one line for the operator."""
