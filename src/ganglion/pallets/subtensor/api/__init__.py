"""The runtime APIs of subnets, neurons, stake and prices. They only read."""

from ganglion.pallets.subtensor.api.beta_basket import BetaBasketRuntimeApi
from ganglion.pallets.subtensor.api.delegate_info import DelegateInfoRuntimeApi
from ganglion.pallets.subtensor.api.neuron_info import NeuronInfoRuntimeApi
from ganglion.pallets.subtensor.api.stake_info import StakeInfoRuntimeApi
from ganglion.pallets.subtensor.api.subnet_info import SubnetInfoRuntimeApi
from ganglion.pallets.subtensor.api.subnet_registration import SubnetRegistrationRuntimeApi
from ganglion.pallets.subtensor.api.swap import SwapRuntimeApi

SUBTENSOR_APIS = (
    DelegateInfoRuntimeApi,
    NeuronInfoRuntimeApi,
    SubnetInfoRuntimeApi,
    StakeInfoRuntimeApi,
    SubnetRegistrationRuntimeApi,
    BetaBasketRuntimeApi,
    SwapRuntimeApi,
)

__all__ = ["SUBTENSOR_APIS"]
