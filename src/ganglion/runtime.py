"""Ganglion's runtime: which pallets, under which indices, with which extensions, interfaces and weights.

Indices and names are the real chain's, so that its clients find everything where they expect it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ganglion.frame.pallet import Pallet
from ganglion.frame.runtime import Runtime
from ganglion.frame.version import RuntimeVersion
from ganglion.pallets.admin_utils import AdminUtils
from ganglion.pallets.aura import Aura
from ganglion.pallets.balances import Balances
from ganglion.pallets.commitments import Commitments
from ganglion.pallets.core_api import CORE_APIS
from ganglion.pallets.crowdloan import Crowdloan
from ganglion.pallets.drand import Drand
from ganglion.pallets.extensions import EXTENSIONS
from ganglion.pallets.mev_shield import MevShield
from ganglion.pallets.mev_shield.api import ShieldApi
from ganglion.pallets.multisig import Multisig
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.proxy import Proxy
from ganglion.pallets.proxy.api import ProxyFilterRuntimeApi
from ganglion.pallets.safe_mode import SafeMode
from ganglion.pallets.scheduler import Scheduler
from ganglion.pallets.subtensor import SubtensorModule
from ganglion.pallets.subtensor.api import SUBTENSOR_APIS
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.swap import Swap
from ganglion.pallets.system import System
from ganglion.pallets.timestamp import Timestamp
from ganglion.pallets.transaction_payment import TransactionPayment
from ganglion.pallets.utility import Utility
from ganglion.pallets.validator_set import ValidatorSet
from ganglion.pallets.weights import WEIGHTS

REAL_SPEC_VERSION = 475
"""The real chain's version whose interface this one offers."""

REVISION = 7
"""Counts our own changes of interface or rules. Clients keep metadata by genesis hash and spec version, so
whoever changes a declaration raises this number; a test holds the fingerprint."""

VERSION = RuntimeVersion(
    spec_name="node-subtensor",
    impl_name="ganglion",
    authoring_version=1,
    spec_version=REAL_SPEC_VERSION * 1_000 + REVISION,
    impl_version=1,
    apis=(),
    transaction_version=1,
    system_version=1,
)

PALLETS: dict[int, type[Pallet]] = {
    0: System,
    2: Timestamp,
    3: Aura,
    5: Balances,
    6: TransactionPayment,
    7: SubtensorModule,
    11: Utility,
    12: Sudo,
    13: Multisig,
    14: Preimage,
    15: Scheduler,
    16: Proxy,
    18: Commitments,
    19: AdminUtils,
    20: SafeMode,
    26: Drand,
    27: Crowdloan,
    28: Swap,
    30: MevShield,
    100: ValidatorSet,  # our own: no index of the real chain
}

CRATE = "node_subtensor_runtime"


def build_runtime(constant_values: Mapping[str, Any] | None = None) -> Runtime:
    """The runtime with some constants (`Pallet.WireName`) replaced, as a chain spec may ask."""
    return Runtime(
        VERSION,
        PALLETS,
        crate=CRATE,
        extensions=EXTENSIONS,
        apis=(*CORE_APIS, *SUBTENSOR_APIS, ProxyFilterRuntimeApi, ShieldApi),
        weights=WEIGHTS,
        constant_values=constant_values,
    )


@lru_cache(maxsize=1)
def runtime() -> Runtime:
    """The runtime with the real chain's constants; built once a process."""
    return build_runtime()
