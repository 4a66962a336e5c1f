"""AdminUtils: the calls by which root and subnet owners change settings.

The settings themselves are kept by SubtensorModule. Each call reads as one line of who may do it (`Gate`),
its bounds, the change and the event.
Source: subtensor pallets/admin-utils/src/lib.rs.
"""

from __future__ import annotations

from ganglion.frame.pallet import Pallet
from ganglion.pallets.admin_utils import errors, events
from ganglion.pallets.admin_utils.chain_settings import ChainSettings
from ganglion.pallets.admin_utils.consensus_settings import ConsensusSettings
from ganglion.pallets.admin_utils.emission_settings import EmissionSettings
from ganglion.pallets.admin_utils.gate import Gate
from ganglion.pallets.admin_utils.neuron_settings import NeuronSettings
from ganglion.pallets.admin_utils.registration_settings import RegistrationSettings
from ganglion.pallets.admin_utils.subnet_settings import SubnetSettings
from ganglion.pallets.admin_utils.weight_settings import WeightSettings


class AdminUtils(
    Pallet,
    crate="pallet_admin_utils",
    sections=(
        Gate,
        ConsensusSettings,
        WeightSettings,
        NeuronSettings,
        RegistrationSettings,
        SubnetSettings,
        ChainSettings,
        EmissionSettings,
    ),
    declares=(errors, events),
):
    """Settings of subnets and of the chain."""
