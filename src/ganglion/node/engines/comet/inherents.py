"""What a proposed block must begin with.

Time and offences follow from what CometBFT says of the block, so they must be there exactly; what only the
proposer knows may be there once, and the runtime judges it. Everything behind is signed.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from ganglion.frame.extrinsic import ExtrinsicCodec
from ganglion.frame.pallet import InherentData
from ganglion.node.chain import Chain
from ganglion.node.engines.comet.decided import Place
from ganglion.node.errors import InvalidBlock
from ganglion.pallets.drand import Drand
from ganglion.pallets.mev_shield import MevShield
from ganglion.scale import ScaleError

FREE = frozenset({f"{Drand.__name__}.write_pulse", f"{MevShield.__name__}.announce_next_key"})
"""The proposer's own."""


def check_inherents(
    chain: Chain, place: Place, extrinsics: Sequence[bytes], known: Container[bytes] = ()
) -> None:
    """Refuse a block, on top of the head, whose unsigned extrinsics are not those it must have.

    `known` are extrinsics of which it is known that they are signed.
    Raises: InvalidBlock.
    """
    number = chain.head.number + 1
    if place.height != number:
        raise InvalidBlock(number, f"it is proposed for height {place.height}")
    try:
        unsigned = _unsigned(chain.codec, extrinsics, known, number)
    except ScaleError as error:
        raise InvalidBlock(number, f"it holds what is no extrinsic: {error}") from error
    data = InherentData(place.time_ms, equivocations=place.equivocations)
    expected = chain.inherents(data)
    bound = tuple(raw for raw, path in unsigned if path not in FREE)
    free = [path for _, path in unsigned if path in FREE]
    if bound != expected:
        raise InvalidBlock(number, "it says another time or other offences than were agreed on")
    if len(free) != len(set(free)):
        raise InvalidBlock(number, "it says something twice that is said once")


def _unsigned(
    codec: ExtrinsicCodec, extrinsics: Sequence[bytes], known: Container[bytes], number: int
) -> list[tuple[bytes, str]]:
    """The unsigned extrinsics with their calls' paths, which are the first ones."""
    found: list[tuple[bytes, str]] = []
    for at, raw in enumerate(extrinsics):
        if raw in known:
            continue
        extrinsic = codec.decode(raw)
        if extrinsic.signed is None:
            if at != len(found):
                raise InvalidBlock(number, f"extrinsic {at} is unsigned and stands behind signed ones")
            found.append((raw, extrinsic.call.path))
    return found
