"""What a miner does with a request, without any socket: check, decode, wait for a turn, answer, sign.

Order matters: whatever a stranger can cause comes before whatever costs much. A request whose claimed
sender is not admitted is refused before its body is read; the signature is checked before the body is
parsed; the limit counts only requests which the caller really signed; and only who passed all that competes
for the miner's time, by stake.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from ganglion.neuron.auth import HOTKEY_HEADER, SIGNATURE_HEADER, RequestVerifier
from ganglion.neuron.errors import NotAuthenticated, Refusal
from ganglion.neuron.gate import Gate
from ganglion.neuron.keys import Hotkey
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.miner import Caller, Miner
from ganglion.neuron.signature import HEADER, end_line, sign_answer

log = logging.getLogger(__name__)

_PATIENCE = 4
"""How many times the task's own limit a miner works on one answer: its caller has given up long before."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request which passed every check. `signature` is the header value of its btauth signature."""

    request: BaseModel
    caller: Caller
    signature: str
    streams: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """Body and headers of an answer with status 200."""

    body: bytes
    headers: Mapping[str, str]


class Service:
    """One miner behind authentication, admission, limits and its gate."""

    def __init__(
        self,
        miner: Miner[Any, Any],
        *,
        hotkey: Hotkey,
        verifier: RequestVerifier,
        admission: Admission,
        limit: CallerLimit,
        gate: Gate,
    ) -> None:
        self._miner = miner
        self._hotkey = hotkey
        self._verifier = verifier
        self._admission = admission
        self._limit = limit
        self._paths = {miner.task.path: False}
        if miner.task.piece is not None:
            self._paths[miner.task.stream_path] = True
        self.task = miner.task
        self.gate = gate
        self.draining = False

    def check_head(self, *, path: str, headers: Mapping[str, str], length: int | None) -> None:
        """Refuse by head alone, before the body is read. `length` is its announced size in bytes.

        Raises: Refusal.
        """
        if self.draining:
            raise Refusal(503, "Draining", "this miner is about to stop")
        if path not in self._paths:
            raise Refusal(404, "NotFound", "no such path")
        if length is not None and length > self.task.max_request:
            raise Refusal(413, "TooLarge", f"body exceeds {self.task.max_request} bytes")
        claimed = headers.get(HOTKEY_HEADER)
        if claimed is None:
            raise Refusal(401, "MalformedAuth", f"missing {HOTKEY_HEADER}")
        if self._admission.caller(claimed) is None:
            raise Refusal(403, "NotAdmitted", "caller is not a permitted or staked neuron of this subnet")

    def admit(self, *, path: str, headers: Mapping[str, str], body: bytes) -> Call:
        """Check a request whose body is complete. Raises: Refusal."""
        self.check_head(path=path, headers=headers, length=len(body))
        try:
            sender = self._verifier.sender(headers, method="POST", path=path, body=body)
        except NotAuthenticated as error:
            raise Refusal(401, error.reason, str(error)) from error
        caller = self._admission.caller(sender)
        if caller is None:
            raise Refusal(403, "NotAdmitted", "caller is not a permitted or staked neuron of this subnet")
        if not self._limit.allows(sender):
            raise Refusal(429, "TooManyRequests", "caller exceeds its rate")
        try:
            request = self.task.request.model_validate_json(body)
        except ValidationError as error:
            detail = f"{error.error_count()} fields do not fit the model"
            raise Refusal(422, "InvalidRequest", detail) from error
        return Call(request, caller, headers[SIGNATURE_HEADER], self._paths[path])

    async def reply(self, call: Call) -> Reply:
        """The whole answer, signed. Raises: Refusal."""
        async with self.gate.enter(call.caller.stake_rao):
            try:
                async with asyncio.timeout(self.task.timeout_s * _PATIENCE):
                    answer = await self._miner.answer(call.request, call.caller)
                body = answer.model_dump_json().encode()
            except Exception as error:
                raise self._failure(call, error) from error
        if len(body) > self.task.max_answer:
            log.error("answer of %d bytes exceeds %d", len(body), self.task.max_answer)
            raise Refusal(500, "AnswerTooLarge", "the miner's answer exceeds the task's limit")
        signature = sign_answer(self._hotkey, call.signature, 200, body)
        return Reply(body, {HEADER: signature})

    async def lines(self, call: Call) -> AsyncGenerator[bytes, None]:
        """The answer piece by piece, one JSON object a line; the last line signs all before it.

        Raises: Refusal, also after lines have gone out; the stream then lacks its last line.
        """
        sent = bytearray()
        async with self.gate.enter(call.caller.stake_rao):
            deadline = asyncio.get_running_loop().time() + self.task.timeout_s * _PATIENCE
            pieces = self._miner.stream(call.request, call.caller)
            while True:
                try:
                    async with asyncio.timeout_at(deadline):
                        piece = await anext(pieces, None)
                except Exception as error:
                    raise self._failure(call, error) from error
                if piece is None:
                    break
                line = piece.model_dump_json().encode() + b"\n"
                sent += line
                yield line
        yield end_line(sign_answer(self._hotkey, call.signature, 200, bytes(sent)))

    def _failure(self, call: Call, error: Exception) -> Refusal:
        if isinstance(error, TimeoutError):
            log.warning("answer abandoned task=%s caller=%s", self.task.name, call.caller.hotkey)
            return Refusal(504, "TooSlow", "the miner did not answer in time")
        log.error("answer failed task=%s caller=%s", self.task.name, call.caller.hotkey, exc_info=error)
        return Refusal(500, "MinerFailed", "the miner could not answer")
