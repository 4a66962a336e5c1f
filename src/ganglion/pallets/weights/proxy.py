"""Weights of Proxy's calls, as the real chain measured them, for as many proxies and announcements as can be.

Source: subtensor pallets/proxy/src/weights.rs, lib.rs.
"""

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays
from ganglion.frame.runtime import CallWeight, Runtime, WeightRule
from ganglion.pallets.proxy.types import MAX_PENDING, MAX_PROXIES
from ganglion.pallets.weights.cost import cost

PROXY = cost(28_026_265 + 53_205 * MAX_PROXIES, 4_254 + 37 * MAX_PROXIES, 4, 2)
PROXY_ANNOUNCED = cost(
    53_234_507 + 228_831 * MAX_PENDING + 54_037 * MAX_PROXIES,
    8_615 + 68 * MAX_PENDING + 37 * MAX_PROXIES,
    6,
    4,
)
"""Both with the real account's entry, which the call inside touches."""


def _around(own: CallWeight, inner: DispatchInfo, pays: Pays) -> DispatchInfo:
    return DispatchInfo(own.info.weight + inner.weight, DispatchClass.Normal, pays)


def _proxy(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """The call inside, and the check; free if the call inside is."""
    inner = runtime.info(call.args[2])
    return _around(PROXY, inner, inner.pays_fee)


def _proxy_announced(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """The call inside, and the check; never free."""
    return _around(PROXY_ANNOUNCED, runtime.info(call.args[3]), Pays.Yes)


PROXY_WEIGHTS: dict[str, WeightRule] = {
    "Proxy.proxy": _proxy,
    "Proxy.proxy_announced": _proxy_announced,
    "Proxy.add_proxy": cost(25_770_804 + 80_892 * MAX_PROXIES, 4_254, 1, 1),
    "Proxy.remove_proxy": cost(27_827_049 + 64_054 * MAX_PROXIES, 4_254, 1, 2),
    "Proxy.remove_proxies": cost(27_407_028 + 55_808 * MAX_PROXIES, 4_254, 1, 1),
    "Proxy.create_pure": cost(27_853_436 + 20_160 * MAX_PROXIES, 4_254, 1, 1),
    "Proxy.kill_pure": cost(26_529_087 + 48_014 * MAX_PROXIES, 4_254, 1, 1),
    "Proxy.announce": cost(34_286_251 + 194_092 * MAX_PENDING + 53_615 * MAX_PROXIES, 8_615, 3, 2),
    "Proxy.remove_announcement": cost(25_595_226 + 205_163 * MAX_PENDING + 40_277 * MAX_PROXIES, 8_615, 2, 2),
    "Proxy.reject_announcement": cost(26_388_332 + 199_703 * MAX_PENDING + 17_846 * MAX_PROXIES, 8_615, 2, 2),
    "Proxy.poke_deposit": cost(46_757_000, 8_615, 3, 3),
    "Proxy.set_real_pays_fee": cost(14_259_931 + 42_799 * MAX_PROXIES, 4_254, 1, 1),
}
