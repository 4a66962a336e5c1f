"""Reading a validator's log from its endpoint, which may lie: answers have bounds of size, time and form."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import aiohttp
from pydantic import Field, ValidationError

from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.records import FORMAT, SignedHead
from ganglion.evidence.server import PAGE
from ganglion.neuron.errors import NeuronError
from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.task import Message

_MAX_INDEX = 256 * 1024
_MAX_HEAD = 64 * 1024


class EndpointLies(NeuronError):
    """An endpoint answers with something which cannot be a validator's log."""


class _Listed(Message):
    segment: Annotated[int, Field(ge=0, lt=10**9)]
    bytes: Annotated[int, Field(ge=0)]
    closed: bool


class _Index(Message):
    format: str
    hotkey: str
    segments: Annotated[tuple[_Listed, ...], Field(max_length=10_000)]


class LogReader:
    """Copies the log which `endpoint` tells into files.

    No answer may take longer than `timeout_s`, and all records together no more than `max_bytes`. Raises:
    EndpointLies.
    """

    def __init__(self, endpoint: Endpoint, *, timeout_s: float = 30.0, max_bytes: int = 2**30) -> None:
        self._url = endpoint.url + "/evidence"
        self._timeout_s = timeout_s
        self._left = max_bytes

    async def copy(self, files: SegmentFiles) -> None:
        """Copy everything there is now. A segment which is removed meanwhile is left out."""
        files.directory.mkdir(parents=True, exist_ok=True)
        async with aiohttp.ClientSession() as self._http:
            index = _parsed_index(await self._get("", _MAX_INDEX))
            if sum(listed.bytes for listed in index.segments) > self._left:
                raise EndpointLies(f"{self._url} announces more than {self._left} bytes")
            for listed in sorted(index.segments, key=lambda listed: listed.segment):
                await self._copy_segment(files, listed)

    async def _copy_segment(self, files: SegmentFiles, listed: _Listed) -> None:
        number, offset = listed.segment, 0
        while offset < listed.bytes:
            page = await self._get(f"/{number}/records?offset={offset}", PAGE, may_be_gone=True)
            if page is None:
                files.drop(number)
                return
            if not page:
                raise EndpointLies(f"segment {number} ends after {offset} of {listed.bytes} bytes")
            page = page[: listed.bytes - offset]
            with files.records(number).open("wb" if offset == 0 else "ab") as file:
                file.write(page)
            offset += len(page)
        if listed.closed:
            head = await self._get(f"/{number}/head", _MAX_HEAD, may_be_gone=True)
            if head is None:
                files.drop(number)
                return
            try:
                SignedHead.model_validate_json(head)
            except ValidationError as error:
                raise EndpointLies(f"the head of segment {number} is none") from error
            files.head(number).write_bytes(head)

    async def _get(self, path: str, max_bytes: int, *, may_be_gone: bool = False) -> bytes | None:
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._http.get(self._url + path, allow_redirects=False) as answer,
            ):
                if answer.status == 404 and may_be_gone:
                    return None
                if answer.status != 200:
                    raise EndpointLies(f"{self._url}{path}: status {answer.status}")
                body = bytearray()
                async for chunk in answer.content.iter_any():
                    body += chunk
                    if len(body) > max_bytes:
                        raise EndpointLies(f"{self._url}{path}: more than {max_bytes} bytes")
                return bytes(body)
        except TimeoutError as error:
            raise EndpointLies(f"{self._url}{path}: no complete answer in {self._timeout_s:g} s") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise EndpointLies(f"{self._url}{path}: {type(error).__name__}: {error}") from error


def _parsed_index(text: bytes | None) -> _Index:
    try:
        index = _Index.model_validate_json(text or b"")
    except ValidationError as error:
        begins = json.dumps((text or b"")[:40].decode(errors="replace"))
        raise EndpointLies(f"no index of evidence: the answer begins {begins}") from error
    if index.format != FORMAT:
        raise EndpointLies(f"evidence in the format {index.format!r}, not {FORMAT!r}")
    return index
