"""Proxy: accounts that may act for other accounts."""

from ganglion.pallets.proxy.pallet import Proxy

__all__ = ["Proxy"]
