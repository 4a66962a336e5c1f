"""System: accounts, block records and limits, and the basic checks of a transaction."""

from ganglion.pallets.system.account import AccountData, AccountInfo
from ganglion.pallets.system.pallet import System

__all__ = ["AccountData", "AccountInfo", "System"]
