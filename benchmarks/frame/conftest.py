"""A block of the whole runtime, open, and 1,000 signed transfers from Alice to 1,000 accounts that exist."""

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.frame.address import AddressId, Sr25519
from ganglion.frame.block import Digest, PreRuntime
from ganglion.frame.era import Era
from ganglion.frame.executive import Executive
from ganglion.frame.extrinsic import ExtrinsicCodec, Signed
from ganglion.frame.genesis import build_genesis
from ganglion.frame.pallet import InherentData
from ganglion.pallets.balances import Balances
from ganglion.pallets.extensions import EXTENSIONS, CheckMetadataHash, Mode
from ganglion.pallets.system import System
from ganglion.pallets.system.extensions import (
    CheckGenesis,
    CheckMortality,
    CheckNonce,
    CheckSpecVersion,
    CheckTxVersion,
)
from ganglion.pallets.transaction_payment import ChargeTransactionPayment
from ganglion.presets import localnet_genesis
from ganglion.runtime import VERSION, runtime
from ganglion.state.overlay import Overlay

TRANSFERS = 1_000
ALICE = Keypair("//Alice")
PARENT = b"\1" * 32


class EmptyState:
    """What lies under a chain that has no past."""

    def get(self, key):
        return None

    def keys(self, prefix, start_after):
        return iter(())


@pytest.fixture(scope="session")
def codec():
    return ExtrinsicCodec(runtime())


@pytest.fixture
def executive(codec):
    """Block 1 open, its inherents applied."""
    world = runtime().on(Overlay(EmptyState()))
    build_genesis(world, localnet_genesis())
    for number in range(TRANSFERS):
        world[Balances].deposit(number.to_bytes(32, "big"), 10**9)
    executive = Executive(world, world[System], codec)
    executive.open_block(1, PARENT, Digest((PreRuntime(b"aura", bytes(8)),)))
    for raw in executive.inherents(InherentData(1_000)):
        executive.apply(executive.check(codec.decode(raw)))
    return executive


@pytest.fixture(scope="session")
def transfers(codec):
    """The extrinsics as bytes, nonces 0 to 999."""
    return [signed_transfer(codec, nonce) for nonce in range(TRANSFERS)]


def signed_transfer(codec, nonce):
    call = runtime().call(Balances.transfer_keep_alive, AddressId(nonce.to_bytes(32, "big")), 1 + nonce)
    said = {
        CheckMortality: Era(),
        CheckNonce: nonce,
        ChargeTransactionPayment: 0,
        CheckMetadataHash: Mode.Disabled,
    }
    meant = {
        CheckSpecVersion: VERSION.spec_version,
        CheckTxVersion: VERSION.transaction_version,
        CheckGenesis: PARENT,
        CheckMortality: PARENT,
        CheckMetadataHash: None,
    }
    extra = tuple(said.get(extension, ()) for extension in EXTENSIONS)
    implicit = tuple(meant.get(extension, ()) for extension in EXTENSIONS)
    payload = codec.payload(codec.signable(call, extra), implicit)
    return codec.encode_signed(call, Signed(AddressId(ALICE.public_key), Sr25519(ALICE.sign(payload)), extra))
