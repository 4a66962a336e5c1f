"""Strangers are refused by every call that is not theirs to make, whatever they say.

The calls are those of the runtime itself, so a new one fails here until `who_may_call` names who may make it.
Arguments are read from random bytes by the calls' own codecs.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import who_may_call as may
from ganglion.crypto.hashing import blake2_256
from ganglion.frame.address import AddressId
from ganglion.frame.call import CallEntry, RuntimeCall
from ganglion.frame.dispatch import BadOrigin, DispatchFailed
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.pallets.commitments import Commitments
from ganglion.pallets.crowdloan import Crowdloan
from ganglion.pallets.crowdloan import errors as crowdloan_errors
from ganglion.pallets.multisig import Multisig
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.proxy import errors as proxy_errors
from ganglion.pallets.safe_mode import errors as safe_mode_errors
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.leasing import Leasing
from ganglion.pallets.subtensor.types import SubnetLease
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.system import System
from ganglion.runtime import runtime
from ganglion.scale import ScaleError

TAO = 10**9
NETUID, OPEN = 1, 2
"""The subnet of `owner`, where weights are committed, and that of another, where they are set openly."""

ZEROS = bytes(4_096)
NOTE = b"somebody's preimage"

CALLS: dict[str, CallEntry] = {
    f"{pallet.name}.{entry.function}": entry
    for pallet in runtime().pallets
    if pallet.calls is not None
    for entry in pallet.calls.by_index.values()
}

Named = dict[str, Any]
ON_SUBNET: Named = {"netuid": NETUID}
COLD_S: Named = {"hotkey": "hot", "netuid": NETUID, "amount": TAO, "amount_unstaked": TAO}
MOVED: Named = {
    "hotkey": "hot",
    "origin_hotkey": "hot",
    "destination_hotkey": "owner_hotkey",
    "destination_coldkey": "stranger",
    "origin_netuid": NETUID,
    "destination_netuid": OPEN,
    "alpha_amount": TAO,
}
NEW: Named = {"hotkey": "unseated", "netuid": NETUID, "limit_price": 2**64 - 1}
VOTE: Named = {"netuid": OPEN, "dests": (0,), "weights": (1,)}
REVEALED: Named = {"netuid": NETUID, "uids": (0,), "values": (1,)}
BATCH: Named = {
    "netuid": NETUID,
    "uids_list": ((0,),),
    "values_list": ((1,),),
    "salts_list": ((0,),),
    "version_keys": (0,),
}
TIMED: Named = {"netuid": NETUID, "commit": b"sealed", "reveal_round": 10**6, "commit_reveal_version": 4}
SERVED: Named = {"netuid": NETUID, "ip": 1 << 24, "port": 80, "ip_type": 4}
BY_PROXY: Named = {"real": "cold", "delegate": "stranger"}
JOINT: Named = {"threshold": 2, "other_signatories": ("cold", "friend")}

ANOTHER_S: dict[str, tuple[Named, type[DispatchFailed]]] = {
    "SubtensorModule.set_children": (COLD_S, errors.NonAssociatedColdKey),
    "SubtensorModule.set_childkey_take": (COLD_S, errors.NonAssociatedColdKey),
    "SubtensorModule.increase_take": (COLD_S, errors.NonAssociatedColdKey),
    "SubtensorModule.decrease_take": (COLD_S, errors.NonAssociatedColdKey),
    "SubtensorModule.swap_hotkey": ({"hotkey": "hot", "new_hotkey": "new"}, errors.NonAssociatedColdKey),
    "SubtensorModule.swap_hotkey_v2": ({"hotkey": "hot", "new_hotkey": "new"}, errors.NonAssociatedColdKey),
    "SubtensorModule.set_auto_parent_delegation_enabled": (COLD_S, errors.NonAssociatedColdKey),
    "SubtensorModule.register": (NEW, errors.NonAssociatedColdKey),
    "SubtensorModule.burned_register": (NEW, errors.NonAssociatedColdKey),
    "SubtensorModule.register_limit": (NEW, errors.NonAssociatedColdKey),
    "SubtensorModule.pow_register": (NEW, errors.InvalidSeal),
    "SubtensorModule.associate_evm_key": (ON_SUBNET, errors.NonAssociatedColdKey),
    "SubtensorModule.set_subnet_identity": (ON_SUBNET, errors.NotSubnetOwner),
    "SubtensorModule.terminate_lease": ({"lease_id": 0, "hotkey": "hot"}, errors.ExpectedBeneficiaryOrigin),
    "SubtensorModule.remove_stake": (COLD_S, errors.AmountTooLow),
    "SubtensorModule.remove_stake_limit": (COLD_S, errors.NotEnoughStakeToWithdraw),
    "SubtensorModule.remove_stake_full_limit": (COLD_S, errors.AmountTooLow),
    "SubtensorModule.move_stake": (MOVED, errors.AmountTooLow),
    "SubtensorModule.move_stake_limit": (MOVED, errors.AmountTooLow),
    "SubtensorModule.transfer_stake": (MOVED, errors.AmountTooLow),
    "SubtensorModule.transfer_stake_and_hotkey": (MOVED, errors.AmountTooLow),
    "SubtensorModule.swap_stake": (MOVED, errors.AmountTooLow),
    "SubtensorModule.swap_stake_limit": (MOVED, errors.AmountTooLow),
    "SubtensorModule.lock_stake": (COLD_S, errors.InsufficientStakeForLock),
    "SubtensorModule.move_lock": (MOVED | ON_SUBNET, errors.NoExistingLock),
    "SubtensorModule.add_collateral": (COLD_S, errors.NonAssociatedColdKey),
    "SubtensorModule.set_min_collateral": (COLD_S, errors.NonAssociatedColdKey),
    "SubtensorModule.set_weights": (VOTE, errors.HotKeyNotRegisteredInSubNet),
    "SubtensorModule.set_mechanism_weights": (VOTE, errors.HotKeyNotRegisteredInSubNet),
    "SubtensorModule.commit_weights": (REVEALED, errors.HotKeyNotRegisteredInSubNet),
    "SubtensorModule.commit_mechanism_weights": (REVEALED, errors.HotKeyNotRegisteredInSubNet),
    "SubtensorModule.commit_timelocked_weights": (TIMED, errors.HotKeyNotRegisteredInSubNet),
    "SubtensorModule.commit_timelocked_mechanism_weights": (TIMED, errors.HotKeyNotRegisteredInSubNet),
    "SubtensorModule.commit_crv3_mechanism_weights": (TIMED, errors.HotKeyNotRegisteredInSubNet),
    "SubtensorModule.reveal_weights": (REVEALED, errors.NoWeightsCommitFound),
    "SubtensorModule.reveal_mechanism_weights": (REVEALED, errors.NoWeightsCommitFound),
    "SubtensorModule.batch_reveal_weights": (BATCH, errors.NoWeightsCommitFound),
    "SubtensorModule.serve_axon": (SERVED, errors.HotKeyNotRegisteredInNetwork),
    "SubtensorModule.serve_axon_tls": (SERVED, errors.HotKeyNotRegisteredInNetwork),
    "SubtensorModule.serve_prometheus": (SERVED, errors.HotKeyNotRegisteredInNetwork),
    "SubtensorModule.set_identity": ({}, errors.HotKeyNotRegisteredInNetwork),
    "Commitments.set_commitment": (ON_SUBNET, Commitments.AccountNotAllowedCommit),
    "Multisig.cancel_as_multi": (JOINT, Multisig.NotFound),
    "Multisig.poke_deposit": (JOINT, Multisig.NotFound),
    "Preimage.unnote_preimage": ({"hash": blake2_256(NOTE)}, Preimage.NotAuthorized),
    "Proxy.proxy": (BY_PROXY, proxy_errors.NotProxy),
    "Proxy.proxy_announced": (BY_PROXY, proxy_errors.NotProxy),
    "Proxy.announce": (BY_PROXY, proxy_errors.NotProxy),
    "Proxy.remove_announcement": (BY_PROXY, proxy_errors.NotFound),
    "Proxy.reject_announcement": (BY_PROXY, proxy_errors.NotFound),
    "Proxy.remove_proxy": (BY_PROXY | {"delegate": "friend"}, proxy_errors.NotFound),
    "Proxy.set_real_pays_fee": (BY_PROXY, proxy_errors.NotProxy),
    "Proxy.kill_pure": ({"spawner": "cold"}, proxy_errors.NoPermission),
    "SafeMode.release_deposit": ({"account": "cold"}, safe_mode_errors.NoDeposit),
    "Crowdloan.withdraw": ({}, crowdloan_errors.NoContribution),
    "Crowdloan.finalize": ({}, crowdloan_errors.InvalidOrigin),
    "Crowdloan.refund": ({}, crowdloan_errors.InvalidOrigin),
    "Crowdloan.dissolve": ({}, crowdloan_errors.InvalidOrigin),
    "Crowdloan.update_min_contribution": ({}, crowdloan_errors.InvalidOrigin),
    "Crowdloan.update_end": ({}, crowdloan_errors.InvalidOrigin),
    "Crowdloan.update_cap": ({}, crowdloan_errors.InvalidOrigin),
    "Crowdloan.set_max_contribution": ({}, crowdloan_errors.InvalidOrigin),
}
"""Calls with what belongs to an account: arguments that name another's (the rest is 0), and the refusal."""

BY_ACCOUNTS = may.OWN_ONLY | ANOTHER_S.keys()
KINDS = {
    "root": may.ROOT,
    "owner or root": may.OWNER_OR_ROOT,
    "owner": may.OWNER,
    "sudo": may.SUDO,
    "inherent": may.INHERENT,
    "all but nobody": may.ALL_BUT_NOBODY,
    "anybody": may.ANYBODY,
    "accounts": BY_ACCOUNTS,
}

ASKED_FIRST: dict[str, tuple[Named, type[DispatchFailed]]] = {
    "SubtensorModule.start_call": (ON_SUBNET, errors.SubnetNotExists),
    "SubtensorModule.set_weights": (VOTE, errors.CommitRevealEnabled),
    "SubtensorModule.set_mechanism_weights": (VOTE, errors.CommitRevealEnabled),
    "SubtensorModule.commit_timelocked_weights": (TIMED, errors.MechanismDoesNotExist),
    "SubtensorModule.commit_timelocked_mechanism_weights": (TIMED, errors.MechanismDoesNotExist),
    "SubtensorModule.commit_crv3_mechanism_weights": (TIMED, errors.MechanismDoesNotExist),
}
"""Calls that, as on the real chain, ask something else before they ask who is there: arguments that pass, and
the error of those that do not."""


def test_every_call_is_of_exactly_one_kind() -> None:
    named = [call for kind in KINDS.values() for call in kind]
    assert sorted(CALLS) == sorted(named)


@pytest.fixture(scope="module")
def town(chain_on: Callable[..., Any]) -> Any:
    """Two subnets of different owners, the neuron `hot` of `cold`, and what people leave about."""
    chain = chain_on(runtime(), {"Sudo": {"key": None}})
    assert chain.subnet() == NETUID
    assert chain.subnet("other owner", "other_owner_hotkey") == OPEN
    chain.neuron(NETUID, "hot", "cold")
    chain.stake(NETUID, "hot", "cold", 10)
    for hotkey, coldkey in (("unseated", "cold"), ("owner_hotkey", "owner")):
        chain.call(Accounts.try_associate_hotkey, chain.who(hotkey), by=coldkey)
    chain[Hyperparameters].network_pow_registration_allowed[NETUID] = True
    chain[Hyperparameters].max_registrations_per_block[NETUID] = 9
    chain[Hyperparameters].commit_reveal_weights_enabled[OPEN] = False
    for name in ("stranger", "creator"):
        chain.fund(name, 1_000)
    chain.call(Preimage.note_preimage, NOTE, by="creator")
    chain.call(Crowdloan.create, 10 * TAO, TAO, 100 * TAO, 100_000, None, chain.who("target"), by="creator")
    cold, hot = chain.who("cold"), chain.who("hot")
    chain[Leasing].subnet_leases[0] = SubnetLease(cold, cold, hot, 10, 1, NETUID, 0)
    return chain


@st.composite
def arguments(draw: st.DrawFn, path: str) -> tuple[Any, ...]:
    """Any arguments of a call; every other time those of an existing subnet."""
    there = draw(st.booleans())
    return tuple(
        NETUID if field.name == "netuid" and there else read(field.codec, draw(st.binary(max_size=48)))
        for field in CALLS[path].fields
    )


def read(codec: Any, data: bytes) -> Any:
    """The value that some bytes begin with, or the least one if they are none."""
    try:
        return codec.read(data + ZEROS, 0)[0]
    except ScaleError:
        return codec.read(ZEROS, 0)[0]


def call_of(path: str, args: tuple[Any, ...]) -> RuntimeCall:
    return RuntimeCall(CALLS[path].pallet, CALLS[path].function, args)


def refused(chain: Any, call: RuntimeCall, error: type[DispatchFailed], *origins: Origin) -> None:
    """The call fails so, and changes and tells nothing, whoever of these makes it."""
    _, instead = ASKED_FIRST.get(call.path, (None, error))
    for origin in origins:
        with chain.refuses((error, instead)):
            chain.world.dispatch(call, origin)


def generated(kind: frozenset[str]) -> Callable[[Any], Any]:
    """Run a test for each call of a kind, each with arguments of its own."""
    return pytest.mark.parametrize("path", sorted(kind))


few = settings(max_examples=15)


@generated(may.ROOT)
@given(data=st.data())
@few
def test_what_root_decides_nobody_else_does(town: Any, path: str, data: Any) -> None:
    call = call_of(path, data.draw(arguments(path)))
    refused(town, call, BadOrigin, town.signed("stranger"), town.signed("owner"), town.signed("hot"), NONE)


@generated(may.OWNER_OR_ROOT)
@given(data=st.data())
@few
def test_what_a_subnet_s_owner_decides_no_stranger_and_no_neuron_does(
    town: Any, path: str, data: Any
) -> None:
    call = call_of(path, data.draw(arguments(path)))
    refused(town, call, BadOrigin, town.signed("stranger"), town.signed("hot"), town.signed("cold"), NONE)


@pytest.mark.parametrize("path", sorted(may.OWNER_OR_ROOT | may.OWNER))
def test_nor_does_the_owner_of_another_subnet(town: Any, path: str) -> None:
    call = call_of(path, named(town, path, ON_SUBNET))
    refused(town, call, BadOrigin, town.signed("other owner"))


@generated(may.OWNER)
@given(data=st.data())
@few
def test_what_only_the_owner_decides_not_even_root_does(town: Any, path: str, data: Any) -> None:
    call = call_of(path, data.draw(arguments(path)))
    refused(town, call, BadOrigin, town.signed("stranger"), town.signed("hot"), NONE, ROOT)


@generated(may.SUDO)
@given(data=st.data())
@few
def test_only_the_sudo_key_acts_as_root(town: Any, path: str, data: Any) -> None:
    call = call_of(path, data.draw(arguments(path)))
    refused(town, call, Sudo.RequireSudo, town.signed("stranger"), town.signed("owner"))
    refused(town, call, BadOrigin, NONE)


@generated(may.INHERENT)
@given(data=st.data())
@few
def test_no_transaction_is_an_inherent(town: Any, path: str, data: Any) -> None:
    call = call_of(path, data.draw(arguments(path)))
    refused(town, call, BadOrigin, town.signed("stranger"), town.signed("owner"), ROOT)


@generated(may.ALL_BUT_NOBODY)
@given(data=st.data())
@few
def test_nobody_wraps_no_calls(town: Any, path: str, data: Any) -> None:
    refused(town, call_of(path, data.draw(arguments(path))), BadOrigin, NONE)


@generated(BY_ACCOUNTS - {"Preimage.unnote_preimage"})
@given(data=st.data())
@few
def test_what_accounts_do_neither_nobody_nor_root_does(town: Any, path: str, data: Any) -> None:
    refused(town, call_of(path, data.draw(arguments(path))), BadOrigin, NONE, ROOT)


@pytest.mark.parametrize("path", sorted(ASKED_FIRST))
def test_who_asks_in_the_right_way_is_refused_for_being_nobody(town: Any, path: str) -> None:
    values, _ = ASKED_FIRST[path]
    with town.refuses(BadOrigin):
        town.world.dispatch(call_of(path, named(town, path, values)), NONE)


@pytest.mark.parametrize("path", sorted(ANOTHER_S))
def test_what_is_another_s_is_out_of_reach(town: Any, path: str) -> None:
    values, error = ANOTHER_S[path]
    with town.refuses(error):
        town.world.dispatch(call_of(path, named(town, path, values)), town.signed("stranger"))


def test_a_remark_is_all_that_everybody_may_make(town: Any) -> None:
    before = town.world.state.changes()
    for origin in (NONE, ROOT, town.signed("stranger")):
        town.call(System.remark, b"", by=origin)
    assert town.world.state.changes() == before


def named(chain: Any, path: str, values: Named) -> tuple[Any, ...]:
    """A call's arguments by name, names of accounts as accounts; the rest is 0."""
    found = []
    for field in CALLS[path].fields:
        least = field.codec.read(ZEROS, 0)[0]
        value = values.get(field.name, least)
        if isinstance(value, str):
            value = chain.who(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            value = tuple(sorted(map(chain.who, value)))
        found.append(AddressId(value) if isinstance(least, AddressId) and value is not least else value)
    return tuple(found)
