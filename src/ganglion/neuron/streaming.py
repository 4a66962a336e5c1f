"""Streamed answers, piece by piece, and checked as a whole at the end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from pydantic import BaseModel, ValidationError

from ganglion.neuron.auth import SIGNATURE_HEADER
from ganglion.neuron.client import Client, Fault
from ganglion.neuron.errors import AnswerTooLarge, NeuronError, PeerTooSlow, PeerUnreachable
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.signature import is_answer_of, signature_of_end
from ganglion.neuron.task import Q, Task


class StreamBroken(NeuronError):
    """A streamed answer ended without being an answer. What came before is unproven."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault


async def stream(
    client: Client, neuron: Neuron, task: Task[Q, Any], request: Q, *, timeout_s: float | None = None
) -> AsyncGenerator[BaseModel, None]:
    """The pieces of `neuron`'s answer as they arrive, each fitting `task.piece`.

    Ends in peace only when the miner's signature over everything has come and holds. `timeout_s` (default:
    the task's) bounds the whole. Close it (`contextlib.aclosing`) to break off early. Raises: StreamBroken;
    ValueError for a task which does not stream.
    """
    if task.piece is None:
        raise ValueError(f"answers of {task.name} do not stream")
    if neuron.axon is None:
        raise StreamBroken(Fault.NOT_SERVING, "no axon published")
    body = request.model_dump_json().encode()
    bound_s = task.timeout_s if timeout_s is None else timeout_s
    try:
        async with client.slots:
            headers = client.signed(neuron, task.stream_path, body)
            async with client.transport.stream(
                neuron.axon, task.stream_path, headers, body, timeout_s=bound_s, max_bytes=task.max_answer
            ) as incoming:
                if incoming.status != 200:
                    raise StreamBroken(Fault.REFUSED, f"status {incoming.status}")
                async for piece in _pieces(incoming.lines, task.piece, neuron.hotkey, headers):
                    yield piece
    except PeerTooSlow as error:
        raise StreamBroken(Fault.LATE, str(error)) from error
    except AnswerTooLarge as error:
        raise StreamBroken(Fault.OVERSIZED, str(error)) from error
    except PeerUnreachable as error:
        raise StreamBroken(Fault.UNREACHABLE, str(error)) from error


async def _pieces(
    lines: AsyncIterator[bytes], piece: type[BaseModel], hotkey: str, headers: dict[str, str]
) -> AsyncGenerator[BaseModel, None]:
    seen = bytearray()
    async for line in lines:
        signature = signature_of_end(line)
        if signature is not None:
            if not is_answer_of(hotkey, signature, headers[SIGNATURE_HEADER], 200, bytes(seen)):
                raise StreamBroken(Fault.UNSIGNED, "not signed by the neuron that was asked")
            return
        try:
            yield piece.model_validate_json(line)
        except ValidationError as error:
            raise StreamBroken(Fault.MALFORMED, "a piece does not fit the model") from error
        seen += line
    raise StreamBroken(Fault.MALFORMED, "no end line")
