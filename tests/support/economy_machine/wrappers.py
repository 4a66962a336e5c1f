"""Calls in calls with a purpose: batches, proxies, accounts of several, announced calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from economy_machine.chooser import Attempt, Chooser
from economy_machine.purposes import Purpose, play
from economy_machine.stage import COLDKEYS
from ganglion.crypto.hashing import blake2_256
from ganglion.frame.address import AddressId
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import Weight
from ganglion.pallets.multisig import Multisig
from ganglion.pallets.proxy import Proxy
from ganglion.pallets.proxy.announcements import Announcements
from ganglion.pallets.utility import Utility

ENOUGH = Weight(10**12, 10**12)
THRESHOLD = 2


def _batch(function: Any) -> Purpose:
    def purpose(choose: Chooser) -> Attempt:
        attempts = [choose.inner() for _ in range(choose.random.randint(1, 4))]
        calls = tuple(attempt.call for attempt in attempts)
        return play(choose, attempts[0].signer, function, calls)

    return purpose


def _right(choose: Chooser, *, delayed: bool) -> tuple[bytes, bytes] | None:
    """(real account, delegate that can sign) of a proxy that must announce, or of one that need not."""
    rights = [
        (real, definition.delegate)
        for real, (definitions, _) in choose.ledger[Proxy].proxies.items()
        for definition in definitions
        if bool(definition.delay) is delayed and definition.delegate in choose.names
    ]
    return choose.one(rights) if rights else None


def _proxy(choose: Chooser) -> Attempt | None:
    right = _right(choose, delayed=False)
    if right is None:
        return None
    real, delegate = right
    return play(choose, choose.name(delegate), Proxy.proxy, AddressId(real), None, choose.inner().call)


def _announce(choose: Chooser) -> Attempt | None:
    right = _right(choose, delayed=True)
    if right is None:
        return None
    real, delegate = right
    call = choose.inner().call
    choose.memory.keep(choose.memory.announced, (choose.name(delegate), real, call))
    return play(choose, choose.name(delegate), Announcements.announce, AddressId(real), _hash(choose, call))


def _announced(make: Callable[[Chooser, str, bytes, RuntimeCall], Attempt]) -> Purpose:
    def purpose(choose: Chooser) -> Attempt | None:
        known = choose.memory.announced
        return make(choose, *choose.one(known)) if known else None

    return purpose


def _carry_out(choose: Chooser, delegate: str, real: bytes, call: RuntimeCall) -> Attempt:
    who = AddressId(choose.ledger.key(delegate))
    return play(choose, choose.coldkey(), Announcements.proxy_announced, who, AddressId(real), None, call)


def _take_back(choose: Chooser, delegate: str, real: bytes, call: RuntimeCall) -> Attempt:
    return play(choose, delegate, Announcements.remove_announcement, AddressId(real), _hash(choose, call))


def _reject(choose: Chooser, delegate: str, real: bytes, call: RuntimeCall) -> Attempt:
    who = AddressId(choose.ledger.key(delegate))
    return play(choose, choose.name(real), Announcements.reject_announcement, who, _hash(choose, call))


def _of_proxy(function: Any, *more: Any) -> Purpose:
    """A call by an account that has a proxy, about it."""

    def purpose(choose: Chooser) -> Attempt | None:
        rights = [
            (real, definition)
            for real, (definitions, _) in choose.ledger[Proxy].proxies.items()
            for definition in definitions
        ]
        if not rights:
            return None
        real, definition = choose.one(rights)
        args = more or (definition.proxy_type, definition.delay)
        return play(choose, choose.name(real), function, AddressId(definition.delegate), *args)

    return purpose


def _open_multisig(choose: Chooser, function: Any) -> Attempt:
    """The first approval of a call by two of three, who will be found again."""
    party, call = tuple(choose.random.sample(COLDKEYS, 3)), choose.inner().call
    choose.memory.keep(choose.memory.calls, (party, call))
    others = _others(choose, party, party[0])
    what = call if function is Multisig.as_multi else _hash(choose, call)
    return play(choose, party[0], function, THRESHOLD, others, None, what, ENOUGH)


def _multisig(function: Any) -> Purpose:
    def purpose(choose: Chooser) -> Attempt:
        operations = {digest: found for _, digest, found in choose.ledger[Multisig].multisigs.items()}
        known = [(party, call) for party, call in choose.memory.calls if _hash(choose, call) in operations]
        if not known or choose.chance(30):
            return _open_multisig(choose, function)
        party, call = choose.one(known)
        digest, signer = _hash(choose, call), choose.one(party)
        what = call if function is Multisig.as_multi else digest
        others, when = _others(choose, party, signer), operations[digest].when
        return play(choose, signer, function, THRESHOLD, others, when, what, ENOUGH)

    return purpose


def _cancel_multisig(choose: Chooser) -> Attempt | None:
    operations = {digest: found for _, digest, found in choose.ledger[Multisig].multisigs.items()}
    known = [(party, call) for party, call in choose.memory.calls if _hash(choose, call) in operations]
    if not known:
        return None
    party, call = choose.one(known)
    digest = _hash(choose, call)
    others = _others(choose, party, party[0])
    return play(
        choose, party[0], Multisig.cancel_as_multi, THRESHOLD, others, operations[digest].when, digest
    )


def _others(choose: Chooser, party: tuple[str, ...], signer: str) -> tuple[bytes, ...]:
    return tuple(sorted(choose.ledger.key(name) for name in party if name != signer))


def _hash(choose: Chooser, call: RuntimeCall) -> bytes:
    return blake2_256(choose.ledger.runtime.call_codec.encode(call))


PURPOSES: dict[Any, Purpose] = {
    Utility.batch: _batch(Utility.batch),
    Utility.batch_all: _batch(Utility.batch_all),
    Utility.force_batch: _batch(Utility.force_batch),
    Proxy.proxy: _proxy,
    Proxy.remove_proxy: _of_proxy(Proxy.remove_proxy),
    Proxy.set_real_pays_fee: _of_proxy(Proxy.set_real_pays_fee, True),
    Announcements.announce: _announce,
    Announcements.proxy_announced: _announced(_carry_out),
    Announcements.remove_announcement: _announced(_take_back),
    Announcements.reject_announcement: _announced(_reject),
    Multisig.as_multi: _multisig(Multisig.as_multi),
    Multisig.approve_as_multi: _multisig(Multisig.approve_as_multi),
    Multisig.cancel_as_multi: _cancel_multisig,
}
"""By the function that is called."""
