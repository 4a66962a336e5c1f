"""Arguments of any call, drawn by the names and types that the runtime declares for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from economy_machine.chooser import U64_MAX, Chooser
from ganglion.crypto.hashing import blake2_256
from ganglion.pallets.commitments.data import CommitmentInfo, Data
from ganglion.pallets.crowdloan import Crowdloan
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.scheduler import Scheduler
from ganglion.pallets.subtensor.symbols import SYMBOLS
from ganglion.scale.codec import Codec
from ganglion.scale.containers import (
    ArrayCodec,
    BoundedCodec,
    NewtypeCodec,
    OptionCodec,
    SetCodec,
    TupleCodec,
    VecCodec,
)
from ganglion.scale.primitives import BoolCodec, BytesCodec, CompactCodec, FixedBytesCodec, IntCodec
from ganglion.scale.structure_codecs import EnumCodec, FieldsCodec, IntEnumCodec
from ledger import TAO

NAMES_OF_TASKS = tuple(bytes([number]) * 32 for number in range(4))
FIXED_ONE = {"I96F32": 1 << 32, "U64F64": 1 << 64}

RANGES = {
    "activity_cutoff": (1, 10_000),
    "adjustment_alpha": (0, U64_MAX),
    "bonds_moving_average": (0, 1_000_000),
    "bonds_penalty": (0, 65_535),
    "commit_reveal_version": (4, 4),
    "emissions_share": (0, 100),
    "factor_milli": (1_000, 50_000),
    "ip": (2**24, 2**32 - 2),
    "ip_type": (4, 4),
    "kappa": (10_000, 60_000),
    "limit_price": (TAO // 100, 100 * TAO),
    "lock_cost": (TAO, 30 * TAO),
    "lock_share": (0, 65_535),
    "max_allowed_uids": (4, 12),
    "max_allowed_validators": (1, 8),
    "max_burn": (TAO, 20 * TAO),
    "max_epochs_per_block": (1, 3),
    "max_mechanism_count": (1, 2),
    "max_n": (3, 10),
    "max_registrations_per_block": (1, 5),
    "max_subnets": (3, 6),
    "mechanism_count": (1, 2),
    "min_allowed_uids": (1, 4),
    "min_burn": (500_000, TAO // 2),
    "new_limit": (100, 4_000),
    "port": (1, 65_535),
    "rate": (0, 10_000),
    "reveal_round": (1, 3_000),
    "immunity_period": (0, 20),
    "min_allowed_weights": (0, 2),
    "subnet_owner_cut": (0, 20_000),
    "swap_cost": (0, TAO),
    "take": (0, 11_796),
    "default_take": (0, 11_796),
    "tempo": (1, 12),
    "threshold": (1, 3),
    "weights_version_key": (0, 1),
}
SMALL = (0, 6)


def argument(choose: Chooser, name: str, codec: Codec) -> Any:
    """A value for the field `name` of a call."""
    by_name = BY_NAME.get(name)
    if by_name is not None:
        return by_name(choose)
    by_type = BY_TYPE.get(codec.name)
    if by_type is not None:
        return by_type(choose)
    return _of_shape(choose, name, codec)


def _of_shape(choose: Chooser, name: str, codec: Any) -> Any:
    for shape, draw in BY_SHAPE.items():
        if isinstance(codec, shape):
            return draw(choose, name, codec)
    if codec.name in FIXED_ONE:
        return choose.random.randint(1, 2 * FIXED_ONE[codec.name])
    raise TypeError(f"nobody knows how to draw {name}: {codec.name}")


def _many(choose: Chooser, name: str, codec: Any) -> tuple[Any, ...]:
    return tuple(argument(choose, name, codec.item) for _ in range(choose.random.randint(0, 3)))


def _structure(choose: Chooser, _: str, codec: FieldsCodec) -> Any:
    fields = zip(codec.names, codec.codecs, strict=True)
    return codec.cls(*(argument(choose, name, inner) for name, inner in fields))


def _integer(choose: Chooser, name: str, codec: IntCodec) -> int:
    if choose.chance(4):
        return choose.one((codec.minimum, codec.maximum, codec.maximum - 1, codec.maximum // 2))
    low, high = RANGES.get(name, SMALL)
    return choose.random.randint(low, min(high, codec.maximum))


def _children(choose: Chooser) -> tuple[tuple[int, bytes], ...]:
    count = choose.random.randint(0, 3)
    whole = U64_MAX if choose.chance(90) else 2 * U64_MAX
    return tuple((choose.random.randint(1, whole // 3), choose.hotkey()) for _ in range(count))


def _known(choose: Chooser, known: list[Any], other: Any) -> Any:
    return choose.one(known) if known and choose.chance(85) else other


def _preimage(choose: Chooser) -> bytes:
    known = [digest for digest, _ in choose.ledger[Preimage].request_status_for.items()]
    return _known(choose, known, blake2_256(choose.random.randbytes(1)))


def _task(choose: Chooser) -> tuple[int, int]:
    agendas = choose.ledger[Scheduler].agenda.items()
    known = [(when, at) for when, tasks in agendas for at, task in enumerate(tasks) if task is not None]
    return _known(choose, known, (choose.now + 1, 0))


def _crowdloan(choose: Chooser) -> int:
    known = [number for number, _ in choose.ledger[Crowdloan].crowdloans.items()]
    return _known(choose, known, 77)


def _soon(choose: Chooser) -> int:
    return max(choose.now + choose.random.randint(-1, 12), 0)


def _others(choose: Chooser) -> tuple[bytes, ...]:
    accounts = [choose.account() for _ in range(choose.random.randint(1, 2))]
    return tuple(sorted(accounts) if choose.chance(90) else accounts)


def _commitment(choose: Chooser) -> CommitmentInfo:
    fields = [Data.raw(choose.random.randbytes(choose.random.randint(0, 128)))]
    if choose.chance(30):
        fields.append(Data.timelock(choose.random.randbytes(60), choose.random.randint(1, 3_000)))
    return CommitmentInfo(tuple(fields))


BY_NAME: dict[str, Callable[[Chooser], Any]] = {
    "hotkey": Chooser.hotkey,
    "new_hotkey": Chooser.hotkey,
    "origin_hotkey": Chooser.hotkey,
    "destination_hotkey": Chooser.hotkey,
    "children": _children,
    "crowdloan_id": _crowdloan,
    "end": _soon,
    "end_block": lambda choose: _soon(choose) if choose.chance(70) else None,
    "new_end": _soon,
    "new_free": lambda choose: choose.random.randint(5_000, 60_000) * TAO,
    "when": _soon,
    "hash": _preimage,
    "id": lambda choose: choose.one(NAMES_OF_TASKS),
    "info": _commitment,
    "other_signatories": _others,
    "symbol": lambda choose: choose.one(SYMBOLS) if choose.chance(90) else b"?",
    "task": _task,
}
BY_TYPE: dict[str, Callable[[Chooser], Any]] = {
    "AccountId32": Chooser.account,
    "MultiAddress": Chooser.address,
    "NetUid": Chooser.netuid,
    "TaoBalance": Chooser.amount,
    "AlphaBalance": Chooser.amount,
}
BY_SHAPE: dict[type[Codec], Callable[[Chooser, str, Any], Any]] = {
    NewtypeCodec: lambda choose, name, codec: argument(choose, name, codec.inner),
    BoundedCodec: lambda choose, name, codec: argument(choose, name, codec.inner)[: codec.bound],
    CompactCodec: lambda choose, name, codec: argument(choose, name, codec.item),
    IntCodec: _integer,
    BoolCodec: lambda choose, _, __: choose.chance(50),
    OptionCodec: lambda choose, name, codec: (
        None if choose.chance(40) else argument(choose, name, codec.item)
    ),
    VecCodec: _many,
    SetCodec: lambda choose, name, codec: frozenset(_many(choose, name, codec)),
    TupleCodec: lambda choose, name, codec: tuple(argument(choose, name, item) for item in codec.items),
    ArrayCodec: lambda choose, name, codec: tuple(
        argument(choose, name, codec.item) for _ in range(codec.length)
    ),
    BytesCodec: lambda choose, _, __: choose.random.randbytes(choose.random.choice((0, 1, 8, 40))),
    FixedBytesCodec: lambda choose, _, codec: choose.random.randbytes(codec.length),
    IntEnumCodec: lambda choose, _, codec: choose.one(tuple(codec.cls)),
    EnumCodec: lambda choose, name, codec: _structure(choose, name, choose.one(tuple(codec.arms.values()))),
    FieldsCodec: _structure,
}
