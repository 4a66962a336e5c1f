"""Random steps of a chain: calls by somebody with arguments drawn for each, and blocks between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ganglion.pallets.system import System

Strategy = st.SearchStrategy[Any]


@dataclass(frozen=True)
class Blocks:
    """So many blocks pass."""

    number: int


@dataclass(frozen=True)
class Call:
    """`signer` calls `function`; each argument with whether it is the name of a key."""

    function: Any
    signer: str
    arguments: tuple[tuple[bool, Any], ...]


@st.composite
def random_steps(
    draw: st.DrawFn,
    calls: Mapping[Any, tuple[Strategy, ...]],
    *,
    signers: Strategy,
    keys: Collection[Strategy],
    blocks: Strategy,
    least: int,
    most: int,
) -> list[Blocks | Call]:
    """From `least` to `most` of `calls`, with what draws their arguments; what `keys` draw are names."""
    found: list[Blocks | Call] = []
    for _ in range(draw(st.integers(least, most))):
        function = draw(st.sampled_from([None, *calls]))
        if function is None:
            found.append(Blocks(draw(blocks)))
        else:
            arguments = tuple((kind in keys, draw(kind)) for kind in calls[function])
            found.append(Call(function, draw(signers), arguments))
    return found


def take(step: Blocks | Call, chain: Any) -> None:
    """Let the step happen; a call may fail. Of many blocks that pass only the last is made."""
    if isinstance(step, Blocks):
        chain.number += step.number - 1
        chain[System].number.set(chain.number)
        chain.advance()
    else:
        arguments = [chain.who(value) if is_key else value for is_key, value in step.arguments]
        chain.world.try_dispatch(chain.runtime.call(step.function, *arguments), chain.signed(step.signer))
