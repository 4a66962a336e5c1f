"""Checking one round as it was asked: who, what, and whether the answers are the miners' own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ganglion.evidence.records import Head
from ganglion.evidence.report import Findings, Kind, Place
from ganglion.neuron.client import Answer, Fault, checked
from ganglion.neuron.protocols import Metagraph, Neuron
from ganglion.neuron.rounds import OK, Asked, Round
from ganglion.neuron.validator import Draw, Validator

_SILENT = frozenset({Fault.NOT_SERVING, Fault.UNREACHABLE, Fault.LATE, Fault.OVERSIZED})


class Asking:
    """Checks the rounds of the validator `hotkey`, in their order, against the newest `metagraph`."""

    def __init__(
        self, validator: Validator[Any, Any], hotkey: str, metagraph: Metagraph, findings: Findings
    ) -> None:
        self._validator = validator
        self._hotkey = hotkey
        self._metagraph = metagraph
        self._findings = findings
        self._seen: dict[bytes, int] = {}

    def check(self, asked: Round, place: Place, head: Head | None) -> None:
        """Name all that is wrong with a round. `head` is its segment's, where that is closed."""
        self._check_miners(asked, place)
        for each in asked.asked:
            self._check_exchange(each, place)
        self._check_news(asked, place)
        if self._validator.open_draws and head is not None:
            self._check_draw(asked, place, head)

    def check_omissions(
        self, block: int, hotkeys: frozenset[str], metagraph: Metagraph, place: Place
    ) -> None:
        """Name everybody who served at `block`, as far as `metagraph` tells, and was not asked."""
        for neuron in metagraph.serving():
            known = max(neuron.registered_at, neuron.served_at) <= block
            if known and neuron.hotkey not in hotkeys and neuron.hotkey != self._hotkey:
                text = f"serves since block {neuron.served_at} and was not asked at block {block}"
                self._findings.differ(Kind.OMISSION, text, place, uid=neuron.uid, hotkey=neuron.hotkey)

    def _check_miners(self, asked: Round, place: Place) -> None:
        hotkeys = [each.hotkey for each in asked.asked]
        if len(set(hotkeys)) < len(hotkeys):
            self._findings.differ(Kind.QUESTION, "a miner was asked twice in one round", place)
        self.check_omissions(asked.block, frozenset(hotkeys), self._metagraph, place)
        for each in asked.asked:
            neuron = self._metagraph.by_hotkey(each.hotkey)
            if neuron is None or neuron.registered_at > asked.block:
                continue  # has left since, or is back under another uid
            logged, real = (each.uid, each.registered_at), (neuron.uid, neuron.registered_at)
            if logged != real:
                text = f"logged as uid, block of registration {logged}, which are {real}"
                self._findings.differ(Kind.RECORD, text, place, uid=real[0], hotkey=each.hotkey)

    def _check_exchange(self, each: Asked, place: Place) -> None:
        def differ(kind: Kind, text: str) -> None:
            self._findings.differ(kind, text, place, uid=each.uid, hotkey=each.hotkey)

        exchange, task = each.exchange, self._validator.task
        if (exchange.receiver, exchange.path) != (each.hotkey, task.path):
            differ(Kind.QUESTION, f"was sent to {exchange.receiver}{exchange.path}")
            return
        if each.latency_s < 0:
            differ(Kind.ANSWER, f"came {-each.latency_s:g} s before the question")
        if exchange.headers and not exchange.is_asked_by(self._hotkey):
            differ(Kind.QUESTION, "the question lacks the validator's signature")
        if exchange.status is None:
            if each.outcome not in _SILENT:
                differ(Kind.ANSWER, f"logged as {each.outcome!r} without an answer")
            return
        outcome = checked(exchange, task, each.latency_s)
        found = OK if isinstance(outcome, Answer) else str(outcome.fault)
        if found == Fault.UNSIGNED and each.outcome == OK:
            differ(Kind.ANSWER, "the miner did not sign this answer to this question: it is forged")
        elif found != each.outcome:
            differ(Kind.ANSWER, f"logged as {each.outcome!r}, and is {found!r}")

    def _check_news(self, asked: Round, place: Place) -> None:
        digests = [hashlib.sha256(each.exchange.request).digest() for each in asked.asked]
        old = [self._seen.get(digest) for digest in digests]
        if None in old:
            for each, before in zip(asked.asked, old, strict=True):
                if before is not None:
                    text = f"got the question of round {before} again, while others got a new one"
                    self._findings.differ(Kind.QUESTION, text, place, uid=each.uid, hotkey=each.hotkey)
        elif old:
            self._findings.note(f"round {asked.number} asked everybody what round {old[0]} had asked")
        for digest in digests:
            self._seen.setdefault(digest, asked.number)

    def _check_draw(self, asked: Round, place: Place, head: Head) -> None:
        """Draw the questions again, from the seed which was committed before they were asked."""
        miners = [_neuron(each) for each in asked.asked]
        try:
            rng = np.random.default_rng([int(head.draw_seed, 16), asked.block, asked.number])
            drawn = self._validator.challenges(miners, Draw(rng, asked.block, asked.number))
        except Exception as error:  # noqa: BLE001 - a subnet's own code, fed with somebody else's log
            self._findings.differ(Kind.QUESTION, f"the questions cannot be drawn again: {error}", place)
            return
        for each, challenge in zip(asked.asked, drawn, strict=True):
            key, request = challenge.key.model_dump_json(), challenge.request.model_dump_json().encode()
            if (each.exchange.request, each.key) != (request, key):
                text = "was asked something else than the draw gives"
                self._findings.differ(Kind.QUESTION, text, place, uid=each.uid, hotkey=each.hotkey)


def missing(hotkeys: Sequence[str], metagraph: Metagraph, block: int) -> Mapping[int, str]:
    """Who was registered at `block`, as far as `metagraph` tells, and is not among `hotkeys`: by uid."""
    known = frozenset(hotkeys)
    return {
        neuron.uid: neuron.hotkey
        for neuron in metagraph.neurons
        if neuron.registered_at <= block and neuron.hotkey not in known
    }


def _neuron(each: Asked) -> Neuron:
    return Neuron(each.uid, each.hotkey, "", 0, False, 0, 0.0, 0.0, None, each.registered_at)
