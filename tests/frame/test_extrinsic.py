"""Extrinsics are read strictly, kept verbatim, and signed over exactly what the real chain signs."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.address import AddressId, Sr25519
from ganglion.frame.era import Era
from ganglion.frame.extrinsic import ExtrinsicCodec, Signed
from ganglion.frame.runtime import Runtime
from ganglion.frame.version import RuntimeVersion
from ganglion.pallets.balances import Balances
from ganglion.pallets.extensions import EXTENSIONS, Mode
from ganglion.pallets.system import System
from ganglion.pallets.utility import Utility
from ganglion.scale import ScaleError
from ganglion.scale.primitives import write_compact

SIGNING = json.loads((Path(__file__).parents[1] / "vectors" / "frame" / "signing.json").read_text())[
    "signing"
]
PALLETS = {0: System, 5: Balances, 11: Utility}
RUNTIME = Runtime(RuntimeVersion("t", "t", 1, 461, 1, (), 1, 1), PALLETS, crate="t", extensions=EXTENSIONS)
CODEC = ExtrinsicCodec(RUNTIME)


def era_of(vector: dict[str, Any]) -> Era:
    era = vector["era"]
    return Era() if era == "00" else Era.mortal(era["period"], era["current"])


def extra_of(vector: dict[str, Any]) -> tuple[Any, ...]:
    by_name = {
        "CheckMortality": era_of(vector),
        "CheckNonce": vector["nonce"],
        "ChargeTransactionPayment": vector["tip"],
        "CheckMetadataHash": Mode.Disabled,
    }
    return tuple(by_name.get(extension.identifier, ()) for extension in EXTENSIONS)


def implicit_of(vector: dict[str, Any]) -> tuple[Any, ...]:
    by_name = {
        "CheckSpecVersion": vector["spec_version"],
        "CheckTxVersion": vector["transaction_version"],
        "CheckGenesis": bytes.fromhex(vector["genesis_hash"][2:]),
        "CheckMortality": bytes.fromhex(vector["era_block_hash"][2:]),
        "CheckMetadataHash": None,
    }
    return tuple(by_name.get(extension.identifier, ()) for extension in EXTENSIONS)


@pytest.mark.parametrize("vector", SIGNING, ids=lambda vector: vector["era_bytes"])
def test_extrinsic_and_payload_are_those_of_the_real_chain(vector: dict[str, Any]) -> None:
    raw = bytes.fromhex(vector["extrinsic"][2:])
    extrinsic = CODEC.decode(raw)
    assert extrinsic.signed is not None
    assert extrinsic.signed.extra == extra_of(vector)
    assert f"0x{extrinsic.hash.hex()}" == vector["extrinsic_hash"]
    assert f"0x{CODEC.payload(extrinsic.signable, implicit_of(vector)).hex()}" == vector["payload"]
    assert CODEC.signable(extrinsic.call, extra_of(vector)) == extrinsic.signable
    assert CODEC.encode_signed(extrinsic.call, extrinsic.signed) == raw


@pytest.mark.parametrize(("length", "hashed"), [(175, False), (176, True)])
def test_a_payload_above_256_bytes_is_signed_by_its_hash(length: int, hashed: bool) -> None:
    vector = SIGNING[0]
    remark = RUNTIME.call(System.remark, bytes(length))
    signable = CODEC.signable(remark, extra_of(vector))
    payload = CODEC.payload(signable, implicit_of(vector))
    whole = (
        signable + (461).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes.fromhex("11" * 64) + b"\0"
    )
    assert len(whole) == 256 + hashed
    assert payload == (blake2_256(whole) if hashed else whole)


def test_a_bare_extrinsic_comes_back(runtime: Runtime = RUNTIME) -> None:
    remark = runtime.call(System.remark, b"hello")
    extrinsic = CODEC.decode(CODEC.encode_bare(remark))
    assert (extrinsic.call, extrinsic.signed) == (remark, None)


def prefixed(body: bytes) -> bytes:
    out = bytearray()
    write_compact(len(body), out)
    return bytes(out + body)


GOOD = bytes.fromhex(SIGNING[0]["extrinsic"][2:])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\xff",
        b"\x04",
        prefixed(b"\x84"),
        prefixed(b"\x04"),
        prefixed(b"\x05\0\0\0"),
        prefixed(b"\x45\0\0\0"),
        prefixed(b"\x04\0\0\0\0"),
        prefixed(b"\x04\x63\0"),
        prefixed(b"\x04\0\x63"),
        GOOD[:-1],
        GOOD + b"\0",
        b"\x01\x00" + GOOD[2:],
    ],
    ids=lambda raw: raw[:6].hex() or "nothing",
)
def test_what_is_no_extrinsic_is_refused(raw: bytes) -> None:
    with pytest.raises(ScaleError):
        CODEC.decode(raw)


@settings(max_examples=500)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_extrinsic_is_another_or_refused(at: int, damage: bytes) -> None:
    raw = GOOD[:at] + damage + GOOD[at + len(damage) :]
    try:
        extrinsic = CODEC.decode(raw)
    except ScaleError:
        return
    assert extrinsic.raw == raw


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_extrinsic_or_a_scale_error(body: bytes) -> None:
    for raw in (body, prefixed(body), prefixed(b"\x84" + body), prefixed(b"\x04" + body)):
        with contextlib.suppress(ScaleError):
            CODEC.decode(raw)


def test_nesting_calls_too_deeply_is_refused_and_does_not_exhaust_the_stack() -> None:
    call = RUNTIME.call(System.remark, b"")
    deep = [RUNTIME.call_codec.encode(call)]
    for _ in range(5_000):
        deep.append(b"\x0b\x00\x04" + deep[-1])
    assert CODEC.decode(prefixed(b"\x04" + deep[31])).call.pallet == "Utility"
    for depth in (32, 5_000):
        with pytest.raises(ScaleError, match="nest deeper than 32"):
            CODEC.decode(prefixed(b"\x04" + deep[depth]))
    assert CODEC.decode(prefixed(b"\x04" + deep[31])).call.function == "batch"  # the count begins anew


def test_every_field_of_a_call_must_be_given() -> None:
    with pytest.raises(TypeError):
        RUNTIME.call(Balances.transfer_all, AddressId(bytes(32)))
    with pytest.raises(TypeError):
        RUNTIME.call(Balances.transfer_all, AddressId(bytes(32)), True, other=1)
    with pytest.raises(TypeError):
        RUNTIME.call(len, 1)


def test_extra_values_must_be_as_many_as_extensions() -> None:
    with pytest.raises(ValueError, match="zip"):
        CODEC.encode_signed(
            RUNTIME.call(System.remark, b""), Signed(AddressId(bytes(32)), Sr25519(bytes(64)), ())
        )
