"""AdminUtils: the calls by which root and subnet owners change settings."""

from ganglion.pallets.admin_utils.pallet import AdminUtils

__all__ = ["AdminUtils"]
