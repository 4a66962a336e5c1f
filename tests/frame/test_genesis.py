"""A chain spec's JSON becomes the first state, or an error that names the place."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Annotated, Any

import pytest

from ganglion.crypto import ss58
from ganglion.frame.genesis import InvalidGenesis, build_genesis, parse_genesis
from ganglion.frame.pallet import Pallet
from ganglion.frame.runtime import Runtime
from ganglion.frame.storage import StorageValue, storage
from ganglion.scale import Struct
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Bytes, Bytes4, Vec, u8, u16

ALICE = bytes(range(32))


class Member(Struct):
    who: AccountId
    share: u16


class ClubGenesis(Struct):
    """Who founds the club."""

    members: Vec[Member] = ()
    code: Annotated[Bytes, Bounded(2)] = b""
    tag: Bytes4 = bytes(4)
    pair: tuple[u8, bool] = (0, False)
    chair: AccountId | None = None
    name: str = ""


class Club(Pallet, crate="pallet_club"):
    """Keeps its founders."""

    genesis = ClubGenesis
    founders: StorageValue[Vec[AccountId]] = storage(default=())

    def build_genesis(self, config: ClubGenesis) -> None:
        self.founders.set(tuple(member.who for member in config.members))


@pytest.fixture(scope="module")
def runtime(toy: SimpleNamespace) -> Runtime:
    return Runtime(toy.VERSION, {0: Club, 1: toy.Book}, crate="t")


def parse(runtime: Runtime, club: Any) -> Any:
    return parse_genesis(runtime, {"Club": club})["Club"]


def test_fields_not_given_have_their_defaults(runtime: Runtime) -> None:
    assert parse_genesis(runtime, {}) == {"Club": ClubGenesis(), "Book": None}


def test_json_becomes_values(runtime: Runtime) -> None:
    given = {
        "members": [{"who": ss58.encode(ALICE), "share": 3}, {"who": f"0x{ALICE.hex()}", "share": 4}],
        "code": "0x0102",
        "tag": "0x01020304",
        "pair": [7, True],
        "chair": ss58.encode(ALICE),
        "name": "Ganglion",
    }
    members = (Member(ALICE, 3), Member(ALICE, 4))
    assert parse(runtime, given) == ClubGenesis(members, b"\1\2", b"\1\2\3\4", (7, True), ALICE, "Ganglion")


MEMBER = {"who": f"0x{ALICE.hex()}", "share": 1}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ([], "Club"),
        ({"membres": []}, "Club.membres"),
        ({"members": {}}, "Club.members"),
        ({"members": [MEMBER, 3]}, "Club.members[1]"),
        ({"members": [{"who": "x", "share": 1}]}, "Club.members[0].who"),
        ({"members": [{"who": "0x01", "share": 1}]}, "Club.members[0].who"),
        ({"members": [{"who": 5, "share": 1}]}, "Club.members[0].who"),
        ({"members": [MEMBER | {"share": -1}]}, "Club.members[0].share"),
        ({"members": [MEMBER | {"share": 65_536}]}, "Club.members[0].share"),
        ({"members": [MEMBER | {"share": 1.0}]}, "Club.members[0].share"),
        ({"members": [MEMBER | {"share": True}]}, "Club.members[0].share"),
        ({"members": [MEMBER | {"share": "1"}]}, "Club.members[0].share"),
        ({"members": [MEMBER | {"share": None}]}, "Club.members[0].share"),
        ({"members": [{"share": 1}]}, "Club.members[0].who"),
        ({"code": "0x010203"}, "Club.code"),
        ({"code": "0x1"}, "Club.code"),
        ({"code": "0x 01"}, "Club.code"),
        ({"code": "zz"}, "Club.code"),
        ({"code": 1}, "Club.code"),
        ({"tag": "0x0102"}, "Club.tag"),
        ({"pair": [1]}, "Club.pair"),
        ({"pair": [1, 1]}, "Club.pair[1]"),
        ({"pair": "ab"}, "Club.pair"),
        ({"name": 5}, "Club.name"),
    ],
)
def test_an_error_names_the_place(runtime: Runtime, given: Any, path: str) -> None:
    with pytest.raises(InvalidGenesis) as refused:
        parse(runtime, given)
    assert refused.value.path == path
    assert str(refused.value).startswith(f"genesis.{path}: ")


def test_pallets_that_do_not_exist_or_need_nothing_are_refused(runtime: Runtime) -> None:
    for given, path in (({"Clubb": {}}, "Clubb"), ({"Book": {}}, "Book"), ([], "")):
        with pytest.raises(InvalidGenesis) as refused:
            parse_genesis(runtime, given)  # type: ignore[arg-type]
        assert refused.value.path == path


def test_the_first_state_is_what_pallets_make_of_it(runtime: Runtime, make_world: Any) -> None:
    world = make_world(runtime)
    build_genesis(world, {"Club": {"members": [MEMBER]}})
    assert world[Club].founders.get() == (ALICE,)
    assert world.events == []
