"""The methods that the real chain's node has beside Substrate's: runtime APIs under names of their own.

Most answer with the encoded answer as a list of bytes, some with JSON.
Source: subtensor pallets/subtensor/rpc/src/lib.rs, pallets/swap/rpc/src/lib.rs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganglion.frame.json_values import to_json
from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.errors import InvalidParams
from ganglion.node.rpc.method import Family, Method, Parameter
from ganglion.node.rpc.params import read_account, read_bytes, read_hash, read_numbers, read_uint
from ganglion.scale import ScaleError

NETUID = Parameter("netuid", read_uint, is_required=True)
UID = Parameter("uid", read_uint, is_required=True)
MECHANISM = Parameter("mecid", read_uint, is_required=True)
AMOUNT = Parameter("amount", read_uint, is_required=True)
INDICES = Parameter("metagraph_index", read_numbers, is_required=True)
COLDKEY = Parameter("coldkey", read_account, is_required=True)
ACCOUNT_BYTES = Parameter("account", read_bytes, is_required=True)
AT = Parameter("at", read_hash, is_required=False)


@dataclass(frozen=True)
class Forwarded:
    """Which runtime API a method asks, with which parameters, and whether it answers in JSON."""

    function: str
    parameters: tuple[Parameter, ...] = ()
    in_json: bool = False


METHODS: Mapping[str, Forwarded] = {
    "delegateInfo_getDelegates": Forwarded("DelegateInfoRuntimeApi_get_delegates"),
    "delegateInfo_getDelegate": Forwarded("DelegateInfoRuntimeApi_get_delegate", (ACCOUNT_BYTES,)),
    "delegateInfo_getDelegated": Forwarded("DelegateInfoRuntimeApi_get_delegated", (ACCOUNT_BYTES,)),
    "neuronInfo_getNeuronsLite": Forwarded("NeuronInfoRuntimeApi_get_neurons_lite", (NETUID,)),
    "neuronInfo_getNeuronLite": Forwarded("NeuronInfoRuntimeApi_get_neuron_lite", (NETUID, UID)),
    "neuronInfo_getNeurons": Forwarded("NeuronInfoRuntimeApi_get_neurons", (NETUID,)),
    "neuronInfo_getNeuron": Forwarded("NeuronInfoRuntimeApi_get_neuron", (NETUID, UID)),
    "subnetInfo_getSubnetInfo": Forwarded("SubnetInfoRuntimeApi_get_subnet_info", (NETUID,)),
    "subnetInfo_getSubnetsInfo": Forwarded("SubnetInfoRuntimeApi_get_subnets_info"),
    "subnetInfo_getSubnetInfo_v2": Forwarded("SubnetInfoRuntimeApi_get_subnet_info_v2", (NETUID,)),
    "subnetInfo_getSubnetsInfo_v2": Forwarded("SubnetInfoRuntimeApi_get_subnets_info_v2"),
    "subnetInfo_getSubnetHyperparams": Forwarded("SubnetInfoRuntimeApi_get_subnet_hyperparams", (NETUID,)),
    "subnetInfo_getSubnetHyperparamsV2": Forwarded(
        "SubnetInfoRuntimeApi_get_subnet_hyperparams_v2", (NETUID,)
    ),
    "subnetInfo_getAllDynamicInfo": Forwarded("SubnetInfoRuntimeApi_get_all_dynamic_info"),
    "subnetInfo_getDynamicInfo": Forwarded("SubnetInfoRuntimeApi_get_dynamic_info", (NETUID,)),
    "subnetInfo_getAllMetagraphs": Forwarded("SubnetInfoRuntimeApi_get_all_metagraphs"),
    "subnetInfo_getMetagraph": Forwarded("SubnetInfoRuntimeApi_get_metagraph", (NETUID,)),
    "subnetInfo_getAllMechagraphs": Forwarded("SubnetInfoRuntimeApi_get_all_mechagraphs"),
    "subnetInfo_getMechagraph": Forwarded("SubnetInfoRuntimeApi_get_mechagraph", (NETUID, MECHANISM)),
    "subnetInfo_getSubnetState": Forwarded("SubnetInfoRuntimeApi_get_subnet_state", (NETUID,)),
    "subnetInfo_getSelectiveMetagraph": Forwarded(
        "SubnetInfoRuntimeApi_get_selective_metagraph", (NETUID, INDICES)
    ),
    "subnetInfo_getSelectiveMechagraph": Forwarded(
        "SubnetInfoRuntimeApi_get_selective_mechagraph", (NETUID, MECHANISM, INDICES)
    ),
    "subnetInfo_getColdkeyAutoStakeHotkey": Forwarded(
        "SubnetInfoRuntimeApi_get_coldkey_auto_stake_hotkey", (COLDKEY, NETUID)
    ),
    "subnetInfo_getSubnetToPrune": Forwarded("SubnetInfoRuntimeApi_get_subnet_to_prune", in_json=True),
    "subnetInfo_getSubnetAccountId": Forwarded("SubnetInfoRuntimeApi_get_subnet_account_id", (NETUID,)),
    "subnetInfo_getLockCost": Forwarded(
        "SubnetRegistrationRuntimeApi_get_network_registration_cost", in_json=True
    ),
    "stakeInfo_getColdkeyLock": Forwarded("StakeInfoRuntimeApi_get_coldkey_lock", (COLDKEY, NETUID)),
    "swap_currentAlphaPrice": Forwarded("SwapRuntimeApi_current_alpha_price", (NETUID,), in_json=True),
    "swap_currentAlphaPriceAll": Forwarded("SwapRuntimeApi_current_alpha_price_all", in_json=True),
    "swap_simSwapTaoForAlpha": Forwarded("SwapRuntimeApi_sim_swap_tao_for_alpha", (NETUID, AMOUNT)),
    "swap_simSwapAlphaForTao": Forwarded("SwapRuntimeApi_sim_swap_alpha_for_tao", (NETUID, AMOUNT)),
}


class CustomMethods(Family):
    """Those of `METHODS` whose runtime API the runtime has."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def methods(self) -> Mapping[str, Method]:
        """The methods by name."""
        known = self._backend.chain.runtime.api_methods
        return {
            name: Method(_Forward(self._backend, forwarded), (*forwarded.parameters, AT), False)
            for name, forwarded in METHODS.items()
            if forwarded.function in known
        }


class _Forward:
    """Asks one runtime API."""

    def __init__(self, backend: Backend, forwarded: Forwarded) -> None:
        self._backend = backend
        self._forwarded = forwarded
        self._method = backend.calls.method(forwarded.function)

    async def __call__(self, *params: Any) -> Any:
        *arguments, at = params
        answer = await self._backend.aside(
            self._backend.calls.call, self._forwarded.function, self._encode(arguments), at
        )
        if not self._forwarded.in_json:
            return list(answer)
        return to_json(self._method.output, self._method.output.decode(answer))

    def _encode(self, arguments: list[Any]) -> bytes:
        out = bytearray()
        try:
            for field, argument in zip(self._method.inputs, arguments, strict=True):
                field.codec.write(argument, out)
        except ScaleError as error:
            raise InvalidParams(str(error)) from error
        return bytes(out)
