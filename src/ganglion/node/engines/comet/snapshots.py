"""State sync: whole states of past blocks for peers that join, and the taking over of one.

A snapshot is the pairs of a block's state in key order, cut into chunks. Its description is the block's
header and the hash of every chunk. Nobody is trusted: CometBFT's light client proves the header's hash, each
chunk is checked against the description, and all together against the state root in the header.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.block import Header
from ganglion.node.block_store import StoredHeader
from ganglion.node.chain import Chain, Imported
from ganglion.node.engines.comet import abci_pb2 as abci
from ganglion.node.errors import InvalidBlock
from ganglion.scale import Codecs, ScaleError, Struct
from ganglion.scale.types import H256, Bytes, Vec
from ganglion.state.view import View

log = logging.getLogger(__name__)

FORMAT = 1
KEPT = 2
CHUNK_BYTES = 4 << 20
"""Size from which on a chunk is full, before compression."""

MOST_CHUNK_BYTES = 2 * CHUNK_BYTES + (8 << 20)
"""A chunk is at most one full but for its last pair, whose value is bounded by a block's size."""

MOST_STATE_BYTES = 4 << 30
"""Bytes of keys and values that a joining node takes in: the header proves the state only when all of it is
there, and until then whoever offers the snapshot says how much there is."""

_DESCRIPTION = "description"
_Offer, _Apply = abci.ResponseOfferSnapshot, abci.ResponseApplySnapshotChunk


class Description(Struct):
    """What a snapshot is of, and the blake2-256 of each chunk before compression."""

    header: Header
    chunks: Vec[H256]


class Pair(Struct):
    """An entry of the state."""

    key: Bytes
    value: Bytes


_CODECS = Codecs()
_DESCRIPTIONS = _CODECS.of(Description)
_PAIRS = _CODECS.of(Vec[Pair])


class Snapshots:
    """Takes a snapshot every `every` blocks (0: never) into `directory`, and restores from a peer's."""

    def __init__(
        self, chain: Chain, directory: Path, *, every: int, on_restored: Callable[[Imported], None]
    ) -> None:
        self._chain = chain
        self._directory = directory
        self._every = every
        self._on_restored = on_restored
        self._thread = ThreadPoolExecutor(1, "snapshots")
        self._restoring: Description | None = None
        self._pairs: dict[bytes, bytes] = {}
        self._taken_bytes = 0

    def close(self) -> None:
        """Wait for a snapshot that is being taken."""
        self._thread.shutdown()

    def on_committed(self, stored: StoredHeader) -> None:
        """After a block: take a snapshot if it is time, beside the blocks that follow."""
        if self._every and stored.number % self._every == 0:
            view = self._chain.view(stored.hash)
            self._thread.submit(self._take, stored.header, view)

    def offered(self) -> list[abci.Snapshot]:
        """The snapshots that peers may ask for."""
        return [self._described(number) for number in self._numbers()]

    def chunk(self, number: int, index: int) -> bytes:
        """A chunk of the snapshot of a block; nothing if it is not there (any more)."""
        try:
            return (self._directory / str(number) / str(index)).read_bytes()
        except OSError:
            return b""

    def begin(self, offered: abci.Snapshot, app_hash: bytes) -> abci.ResponseOfferSnapshot.Result:
        """Whether to take over a snapshot, whose block has the proven hash `app_hash`."""
        if self._chain.head.number:
            return _Offer.ABORT
        if offered.format != FORMAT:
            return _Offer.REJECT_FORMAT
        try:
            description = _DESCRIPTIONS.decode(offered.metadata)
        except ScaleError:
            return _Offer.REJECT
        is_sound = (
            description.header.hash == app_hash
            and description.header.number == offered.height
            and len(description.chunks) == offered.chunks
        )
        if not is_sound:
            return _Offer.REJECT
        log.info("state sync begins height=%d chunks=%d", offered.height, offered.chunks)
        self._restoring, self._pairs, self._taken_bytes = description, {}, 0
        return _Offer.ACCEPT

    async def apply(self, request: abci.RequestApplySnapshotChunk) -> abci.ResponseApplySnapshotChunk:
        """Take a chunk in; with the last one the chain goes to the snapshot's block."""
        description = self._restoring
        if description is None or request.index >= len(description.chunks):
            return _Apply(result=_Apply.ABORT)
        pairs = _opened(request.chunk, description.chunks[request.index])
        if pairs is None:
            return _Apply(
                result=_Apply.RETRY, refetch_chunks=[request.index], reject_senders=[request.sender]
            )
        self._taken_bytes += sum(len(pair.key) + len(pair.value) for pair in pairs)
        if self._taken_bytes > MOST_STATE_BYTES:
            log.warning("state sync failed: the snapshot has more than %d bytes", MOST_STATE_BYTES)
            self._restoring, self._pairs = None, {}
            return _Apply(result=_Apply.REJECT_SNAPSHOT, reject_senders=[request.sender])
        self._pairs |= {pair.key: pair.value for pair in pairs}
        if request.index + 1 < len(description.chunks):
            return _Apply(result=_Apply.ACCEPT)
        return await self._finish(description)

    async def _finish(self, description: Description) -> abci.ResponseApplySnapshotChunk:
        header, pairs = description.header, self._pairs
        self._restoring, self._pairs = None, {}
        loop = asyncio.get_running_loop()
        try:
            restored = await loop.run_in_executor(self._thread, self._chain.restore, header, pairs)
        except InvalidBlock as invalid:
            log.warning("state sync failed: %s", invalid)
            return _Apply(result=_Apply.REJECT_SNAPSHOT)
        self._on_restored(restored)
        log.info("state sync done height=%d pairs=%d", header.number, len(pairs))
        return _Apply(result=_Apply.ACCEPT)

    def _take(self, header: Header, view: View) -> None:
        target = self._directory / str(header.number)
        unfinished = target.with_suffix(".new")
        try:
            with view:
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir(parents=True)
                hashes = []
                for index, chunk in enumerate(_chunks(view.pairs())):
                    hashes.append(blake2_256(chunk))
                    (unfinished / str(index)).write_bytes(zlib.compress(chunk, 1))
                description = _DESCRIPTIONS.encode(Description(header, tuple(hashes)))
                (unfinished / _DESCRIPTION).write_bytes(description)
                unfinished.rename(target)
        except OSError as error:
            log.warning("no snapshot of block=%d: %s", header.number, error)
            shutil.rmtree(unfinished, ignore_errors=True)
            return
        for number in self._numbers()[:-KEPT]:
            shutil.rmtree(self._directory / str(number), ignore_errors=True)
        log.info("snapshot block=%d chunks=%d", header.number, len(hashes))

    def _numbers(self) -> list[int]:
        """Blocks of which there are snapshots, oldest first."""
        if not self._directory.is_dir():
            return []
        return sorted(int(entry.name) for entry in self._directory.iterdir() if entry.name.isdecimal())

    def _described(self, number: int) -> abci.Snapshot:
        metadata = (self._directory / str(number) / _DESCRIPTION).read_bytes()
        chunks = len(_DESCRIPTIONS.decode(metadata).chunks)
        return abci.Snapshot(
            height=number, format=FORMAT, chunks=chunks, hash=blake2_256(metadata), metadata=metadata
        )


def _chunks(pairs: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    part: list[Pair] = []
    size = 0
    for key, value in pairs:
        part.append(Pair(key, value))
        size += len(key) + len(value)
        if size >= CHUNK_BYTES:
            yield _PAIRS.encode(tuple(part))
            part, size = [], 0
    if part:
        yield _PAIRS.encode(tuple(part))


def _opened(chunk: bytes, expected: bytes) -> tuple[Pair, ...] | None:
    """The pairs of a compressed chunk, or None if it is not the one expected."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(chunk, MOST_CHUNK_BYTES)
        if not unpacking.eof or blake2_256(content) != expected:
            return None
        pairs: tuple[Pair, ...] = _PAIRS.decode(content)
    except (zlib.error, ScaleError):
        return None
    return pairs
