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
from ganglion.neuron.protocols import Clock, Endpoint
from ganglion.neuron.task import Message

_MAX_INDEX = 256 * 1024
_MAX_HEAD = 16 * 1024
_PATIENCE = 30


class EndpointLies(NeuronError):
    """An endpoint answers with something which cannot be a validator's log."""


class _Listed(Message):
    segment: Annotated[int, Field(ge=0, lt=10**9)]
    bytes: Annotated[int, Field(ge=0)]
    withheld: bool


class _Index(Message):
    format: str
    hotkey: str
    open_records: int
    segments: Annotated[tuple[_Listed, ...], Field(max_length=10_000)]


class LogReader:
    """Copies the log which `endpoint` tells into files.

    No answer may take longer than `timeout_s` and all together no longer than `whole_s`; all records together
    may have no more than `max_bytes`. Where the
    endpoint asks for patience (429), it is asked again after a second. Raises: EndpointLies.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        clock: Clock,
        *,
        timeout_s: float = 30.0,
        whole_s: float = 3600.0,
        max_bytes: int = 2**30,
    ) -> None:
        self._url = endpoint.url + "/evidence"
        self._clock = clock
        self._timeout_s = timeout_s
        self._whole_s = whole_s
        self._left = max_bytes

    async def copy(self, files: SegmentFiles) -> None:
        """Copy what is disclosed now, and the heads of the rest. A segment which is removed meanwhile is left
        out.
        """
        files.directory.mkdir(parents=True, exist_ok=True)
        try:
            async with asyncio.timeout(self._whole_s):
                await self._copy(files)
        except TimeoutError as error:
            raise EndpointLies(f"{self._url}: no complete log in {self._whole_s:g} s") from error

    async def _copy(self, files: SegmentFiles) -> None:
        # Nothing is decompressed: a small answer stays small.
        async with aiohttp.ClientSession(auto_decompress=False) as self._http:
            index = _parsed_index(await self._get("", _MAX_INDEX))
            if sum(listed.bytes for listed in index.segments if not listed.withheld) > self._left:
                raise EndpointLies(f"{self._url} announces more than {self._left} bytes")
            for listed in sorted(index.segments, key=lambda listed: listed.segment):
                await self._copy_segment(files, listed)

    async def _copy_segment(self, files: SegmentFiles, listed: _Listed) -> None:
        number, offset = listed.segment, 0
        while offset < listed.bytes and not listed.withheld:
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
        for _ in range(_PATIENCE):
            status, body = await self._answer(path, max_bytes)
            if status == 200:
                return body
            if status == 404 and may_be_gone:
                return None
            if status != 429:
                break
            await self._clock.sleep(1.0)
        raise EndpointLies(f"{self._url}{path}: status {status}")

    async def _answer(self, path: str, max_bytes: int) -> tuple[int, bytes]:
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._http.get(self._url + path, allow_redirects=False) as answer,
            ):
                body = bytearray()
                async for chunk in answer.content.iter_any():
                    body += chunk
                    if len(body) > max_bytes:
                        raise EndpointLies(f"{self._url}{path}: more than {max_bytes} bytes")
                return answer.status, bytes(body)
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
