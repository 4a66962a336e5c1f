"""The share pool's vectors through Shares.

Those of single decimal floats are no pallet's: here they show in the shares that are stored. The old format
of shares (`float_from_u64f64`) was never in this chain's storage.
"""

import pytest

from ganglion.pallets.subtensor.shares import Shares

NETUID = 1


class Stakers:
    """Coldkeys of one hotkey, by name."""

    def __init__(self, chain):
        self.chain, self.shares, self.hotkey = chain, chain[Shares], chain.who("hot")

    def step(self, action, *args):
        if action == "dividend":
            return self.shares.pay_dividend(self.hotkey, NETUID, *args)
        if action == "can_add":
            return self.shares.accepts(self.hotkey, NETUID, *args)
        name, amount = args
        getattr(self.shares, action)(self.hotkey, self.chain.who(name), NETUID, amount)
        return None

    def seen(self, names):
        whole = self.shares.total_hotkey_shares_v2[self.hotkey, NETUID]
        found = {name: self.shares.alpha_v2[self.hotkey, self.chain.who(name), NETUID] for name in names}
        held = {name: share for name, share in found.items() if share.mantissa}
        return {
            "value": self.shares.total_hotkey_alpha[self.hotkey, NETUID],
            "denominator": [whole.mantissa, whole.exponent],
            "shares": {name: [share.mantissa, share.exponent] for name, share in held.items()},
            "stake": {name: self.chain.stake_of("hot", name, NETUID) for name in held},
        }


@pytest.mark.vectors("b_share_pool", "pool")
def test_every_step_leaves_in_storage_what_is_recorded(chain, given, expected):
    stakers = Stakers(chain)
    names = {step[1] for step in given["steps"] if step[0] in ("add", "remove")}
    for recorded in expected:
        action = recorded["step"][0]
        answer = stakers.step(*recorded["step"])
        if action == "can_add":
            assert answer == recorded["result"]
        assert stakers.seen(names) == {name: recorded[name] for name in stakers.seen(names)}
