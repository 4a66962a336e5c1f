"""Structs and enums, declared as classes.

    class AccountData(Struct, path="pallet_balances::types::AccountData"):
        free: TaoBalance
        reserved: TaoBalance

A struct is a frozen dataclass. An enum whose arms carry values is a base class and one subclass an arm:

    class MultiAddress(Enum, path="sp_runtime::multiaddress::MultiAddress"): ...
    class AddressId(MultiAddress, index=0, name="Id", positional=True):
        account: AccountId

An enum whose arms carry nothing may be an `IntEnum` marked with `@named(path)`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, dataclass_transform

from ganglion.scale.record import record

E = TypeVar("E", bound=type[enum.IntEnum])


@dataclass_transform(frozen_default=True)
class Struct:
    """A record; subclasses become frozen dataclasses. Fields are encoded in order of declaration."""

    scale_path: ClassVar[tuple[str, ...]] = ()
    scale_positional: ClassVar[bool] = False

    def __init_subclass__(cls, path: str = "", positional: bool = False) -> None:
        super().__init_subclass__()
        cls.scale_path = tuple(path.split("::")) if path else (cls.__name__,)
        cls.scale_positional = positional
        record(cls)


@dataclass_transform(frozen_default=True)
class Enum:
    """A choice between arms. A direct subclass is the enum itself, a subclass of that is an arm.

    `params` are the type's parameters, which some clients look up in metadata by position.
    """

    scale_path: ClassVar[tuple[str, ...]] = ()
    scale_name: ClassVar[str] = ""
    scale_index: ClassVar[int] = -1
    scale_positional: ClassVar[bool] = False
    scale_arms: ClassVar[dict[int, type[Enum]]] = {}
    scale_params: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(
        cls,
        path: str = "",
        index: int | None = None,
        name: str = "",
        positional: bool = False,
        params: dict[str, Any] | None = None,
    ) -> None:
        super().__init_subclass__()
        if Enum in cls.__bases__:
            cls.scale_path = tuple(path.split("::")) if path else (cls.__name__,)
            cls.scale_arms = {}
            cls.scale_params = params or {}
            return
        if index is None or index in cls.scale_arms:
            raise TypeError(f"{cls.__name__} needs an index of its own, not {index}")
        cls.scale_name = name or cls.__name__
        cls.scale_index = index
        cls.scale_positional = positional
        cls.scale_arms[index] = cls
        record(cls)


def named(path: str) -> Callable[[E], E]:
    """Give an `IntEnum` of value-less arms its path in metadata."""

    def mark(cls: E) -> E:
        cls.scale_path = tuple(path.split("::"))  # type: ignore[attr-defined]
        return cls

    return mark
