"""The comparison itself: it must notice what it is there for."""

import pytest
from published import Published, TypeText, parse
from registry import Registry

U8, U16, NETUID, OPTION, ACCOUNT, BYTES = range(6)
TYPES = {
    U8: {"def": {"primitive": "u8"}},
    U16: {"def": {"primitive": "u16"}},
    NETUID: {"path": ["ours", "NetUid"], "def": {"composite": {"fields": [{"type": U16}]}}},
    OPTION: {
        "path": ["Option"],
        "def": {
            "variant": {
                "variants": [
                    {"name": "None", "index": 0},
                    {"name": "Some", "index": 1, "fields": [{"type": NETUID}]},
                ]
            }
        },
    },
    ACCOUNT: {"path": ["ours", "AccountId32"], "def": {"composite": {"fields": [{"type": BYTES}]}}},
    BYTES: {"def": {"array": {"len": 32, "type": U8}}},
}


def differences(published: Published, text: str, number: int) -> list[str]:
    return list(Registry(TYPES, published).differences(text, number, "here"))


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("u8", TypeText("u8")),
        ("Option<Vec<(NetUid, u64)>>", TypeText("Option", ("Vec<(NetUid, u64)>",))),
        ("BTreeMap<NetUid, BTreeMap<u8, u8>>", TypeText("BTreeMap", ("NetUid", "BTreeMap<u8, u8>"))),
        ("(u8, (u8, u16))", TypeText("()", ("u8", "(u8, u16)"))),
        ("()", TypeText("()")),
        ("[u8; 32]", TypeText("[]", ("u8",), 32)),
    ],
)
def test_a_type_as_text_is_taken_apart_outside_of_brackets(text: str, parsed: TypeText) -> None:
    assert parse(text) == parsed


def test_equal_types_have_no_differences(published: Published) -> None:
    assert differences(published, "Option<NetUid>", OPTION) == []
    assert differences(published, "[u8; 32]", BYTES) == []


def test_another_width_is_a_difference(published: Published) -> None:
    assert differences(published, "u8", U16) == ["here: 'u16', published is 'u8'"]


def test_another_name_is_a_difference_though_the_bytes_are_the_same(published: Published) -> None:
    assert differences(published, "MechId", NETUID)[0] == (
        "here: name of the type: 'NetUid', published is 'MechId'"
    )


def test_a_path_that_clients_look_for_is_compared_whole(published: Published) -> None:
    assert differences(published, "AccountId32", ACCOUNT) == [
        "here: path of the type: ['ours', 'AccountId32'], published is ['sp_core', 'crypto', 'AccountId32']"
    ]


def test_a_difference_deep_inside_is_named_by_its_place(published: Published) -> None:
    assert differences(published, "Option<u64>", OPTION)[0].startswith("here.Some.")


def test_what_is_not_there_at_all_is_a_difference(published: Published) -> None:
    assert differences(published, "Vec<u8>", U8) == ["here[]: expected around u8, something else is there"]
    assert differences(published, "(u8, u8)", U8) == ["here: is no tuple of 2"]
    assert differences(published, "ProxyType", NETUID)[1] == "here.ProxyType: is no enum but composite"
