"""The version that a runtime states of itself.

`spec_version` rises with every change of metadata or rules: clients keep metadata by genesis hash and
spec version, and sign the number. Source: polkadot-sdk substrate/primitives/version.
"""

from __future__ import annotations

from dataclasses import replace

from ganglion.scale import Struct
from ganglion.scale.types import Bytes8, Vec, u8, u32


class RuntimeVersion(Struct, path="sp_version::RuntimeVersion"):
    """Names and numbers of a runtime; `apis` are (id, version) of its runtime interfaces."""

    spec_name: str
    impl_name: str
    authoring_version: u32
    spec_version: u32
    impl_version: u32
    apis: Vec[tuple[Bytes8, u32]]
    transaction_version: u32
    system_version: u8

    def with_apis(self, apis: tuple[tuple[bytes, int], ...]) -> RuntimeVersion:
        """The same version naming these interfaces."""
        return replace(self, apis=apis)
