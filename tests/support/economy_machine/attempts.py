"""Any call of the runtime as somebody might make it: with good reason, by chance, or without any right."""

from __future__ import annotations

from typing import Any

from economy_machine import purposes, weighing, wrappers
from economy_machine.arguments import argument
from economy_machine.chooser import Attempt, Chooser
from economy_machine.stage import SUDO
from ganglion.frame.call import CallEntry, RuntimeCall
from ganglion.frame.runtime import Runtime
from ganglion.pallets.subtensor.subnets import Subnets

PURPOSES = purposes.PURPOSES | weighing.PURPOSES | wrappers.PURPOSES

WRAPPERS = frozenset(
    {
        *("Utility.batch", "Utility.batch_all", "Utility.force_batch", "Utility.as_derivative"),
        *("Proxy.proxy", "Proxy.proxy_announced", "Crowdloan.create"),
        *("Multisig.as_multi", "Multisig.as_multi_threshold_1"),
        *("Scheduler.schedule", "Scheduler.schedule_after"),
        *("Scheduler.schedule_named", "Scheduler.schedule_named_after"),
        *("Sudo.sudo", "Sudo.sudo_unchecked_weight", "Sudo.sudo_as"),
    }
)
OF_HOTKEYS = frozenset(
    {
        *("set_weights", "set_mechanism_weights", "batch_set_weights"),
        *("serve_axon", "serve_axon_tls", "serve_prometheus", "set_commitment"),
    }
)
"""What a neuron signs with its hotkey."""

OF_OWNERS = frozenset(
    {
        *("set_subnet_identity", "update_symbol", "trigger_epoch"),
        *("enable_voting_power_tracking", "disable_voting_power_tracking"),
    }
)
OF_ROOT = frozenset(
    {
        *("dissolve_network", "root_dissolve_network", "swap_coldkey", "reset_coldkey_swap"),
        *("set_pending_childkey_cooldown", "request_preimage", "unrequest_preimage"),
        *("set_fee_rate", "set_max_space", "set_oldest_stored_round"),
        *("set_max_pending_extrinsics_number", "set_on_initialize_weight"),
        *("set_stored_extrinsic_lifetime", "set_max_extrinsic_weight"),
    }
)
NEVER_AS_ROOT = frozenset(
    {
        *("System.set_storage", "System.kill_storage", "System.kill_prefix"),
        *("Balances.force_adjust_total_issuance", "Balances.force_unreserve", "Drand.set_beacon_config"),
        *("Sudo.set_key", "Sudo.remove_key", "Sudo.sudo_as"),
    }
)
"""By these root may break the books, or its own reign; strangers must be refused all the same."""

NEVER_INSIDE = frozenset({"SafeMode.force_enter", "SafeMode.force_extend"})
"""A task that repeats these would keep everybody else out."""

OFTEN = {
    **dict.fromkeys(("burned_register", "start_call"), 20),
    "register_network": 8,
    **dict.fromkeys(("add_stake", "remove_stake", "move_stake", "transfer_stake", "swap_stake"), 10),
    **dict.fromkeys(("set_weights", "set_mechanism_weights", "commit_weights", "reveal_weights"), 10),
    **dict.fromkeys(("create", "contribute", "finalize"), 6),
    **dict.fromkeys(("reset_coldkey_swap", "force_set_balance", "swap_coldkey_announced"), 12),
    **dict.fromkeys(("root_dissolve_network", "dissolve_network"), 1),
    **dict.fromkeys(("force_enter", "force_extend"), 1),
    **dict.fromkeys(("swap_coldkey", "force_exit"), 3),
}
"""How often a kind is drawn against others: SubtensorModule's usually 4 times, those of other pallets 2."""

BY_PURPOSE, AS_ROOT, BY_STRANGER = 75, 60, 10
"""Percent of the attempts on a kind."""

DEEPEST = 2
"""Calls in calls in a call."""


class Attempts:
    """Makes attempts on any kind; a kind is `Pallet.function`."""

    def __init__(self, runtime: Runtime, choose: Chooser) -> None:
        self.choose = choose
        self.entries: dict[str, CallEntry] = kinds(runtime)
        self._depth = 0
        self._inside = tuple(kind for kind in self.entries if kind not in NEVER_AS_ROOT | NEVER_INSIDE)
        self._leaves = tuple(kind for kind in self._inside if kind not in WRAPPERS)
        choose.inner = self._inner

    def make(self, kind: str) -> Attempt:
        """An attempt on a kind."""
        entry, choose = self.entries[kind], self.choose
        attempt = None
        purpose = PURPOSES.get(getattr(entry.section, entry.function))
        if purpose is not None and choose.chance(BY_PURPOSE):
            attempt = purpose(choose)
        if attempt is None:
            attempt = self._by_chance(entry)
        if choose.chance(BY_STRANGER):
            return Attempt(choose.coldkey(), attempt.call)
        # Inside of other calls sudo would sign the rest of a batch as well.
        if self._depth == 0 and _is_of_root(entry) and kind not in NEVER_AS_ROOT and choose.chance(AS_ROOT):
            return Attempt(SUDO, RuntimeCall("Sudo", "sudo", (attempt.call,)))
        return attempt

    def _by_chance(self, entry: CallEntry) -> Attempt:
        values = {field.name: self._argument(field.name, field.codec) for field in entry.fields}
        call = RuntimeCall(entry.pallet, entry.function, tuple(values.values()))
        return Attempt(self._signer(entry, values), call)

    def _argument(self, name: str, codec: Any) -> Any:
        if codec.name == "RuntimeCall":
            return self._inner().call
        if codec.name == "Vec<RuntimeCall>":
            return tuple(self._inner().call for _ in range(self.choose.random.randint(0, 3)))
        if codec.name == "Option<RuntimeCall>":
            return None if self.choose.chance(50) else self._inner().call
        return argument(self.choose, name, codec)

    def _signer(self, entry: CallEntry, values: dict[str, Any]) -> str:
        choose, netuid = self.choose, values.get("netuid")
        if entry.function in OF_HOTKEYS and netuid is not None:
            return choose.name(choose.seated(netuid))
        if netuid is not None and (entry.function in OF_OWNERS or entry.pallet == "AdminUtils"):
            return choose.name(choose.ledger[Subnets].subnet_owner[netuid])
        hotkey = values.get("hotkey", values.get("origin_hotkey"))
        return choose.coldkey() if hotkey is None else choose.owner_of(hotkey)

    def _inner(self) -> Attempt:
        """An attempt to be made inside another."""
        self._depth += 1
        try:
            known = self._inside if self._depth < DEEPEST else self._leaves
            return self.make(self.choose.one(known))
        finally:
            self._depth -= 1


def kinds(runtime: Runtime) -> dict[str, CallEntry]:
    """Every call that an extrinsic can make, by kind."""
    return {
        f"{pallet.name}.{entry.function}": entry
        for pallet in runtime.pallets
        if pallet.calls is not None
        for entry in pallet.calls.by_name.values()
    }


def often(runtime: Runtime) -> tuple[str, ...]:
    """All kinds, each as often as it is to be drawn."""
    found: list[str] = []
    for kind, entry in kinds(runtime).items():
        usual = 4 if entry.pallet == "SubtensorModule" else 2
        found += [kind] * OFTEN.get(entry.function, usual)
    return tuple(found)


def _is_of_root(entry: CallEntry) -> bool:
    return (
        entry.pallet in ("AdminUtils", "Scheduler", "System")
        or entry.function in OF_ROOT | OF_OWNERS
        or entry.function.startswith(("sudo_", "force_"))
    )
