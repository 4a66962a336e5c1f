"""What the drand pallet stores and is sent.

Source: subtensor pallets/drand/src/types.rs; polkadot-sdk substrate/primitives/runtime (MultiSigner).
"""

from __future__ import annotations

from typing import Annotated

from ganglion.crypto import beacon
from ganglion.crypto.beacon import PUBLIC_KEY_SIZE, Schedule, chain_hash
from ganglion.frame.primitives import BlockNumber
from ganglion.scale import Enum, Struct
from ganglion.scale.markers import Bounded
from ganglion.scale.types import Bytes, Bytes32, Bytes33, Vec, u32, u64

OpaquePublicKey = Annotated[Bytes, Bounded(PUBLIC_KEY_SIZE)]
BoundedHash = Annotated[Bytes, Bounded(32)]


class Metadata(Struct, path="pallet_drand::types::Metadata"):
    """A beacon's name."""

    beacon_id: BoundedHash


class BeaconConfiguration(Struct, path="pallet_drand::types::BeaconConfiguration"):
    """A beacon: its public key, and its rounds' period and beginning in (Unix) seconds."""

    public_key: OpaquePublicKey
    period: u32
    genesis_time: u32
    hash: BoundedHash
    group_hash: BoundedHash
    scheme_id: BoundedHash
    metadata: Metadata

    @property
    def schedule(self) -> Schedule:
        """When the beacon's rounds are published."""
        return Schedule(self.genesis_time, self.period)


class Pulse(Struct, path="pallet_drand::types::Pulse"):
    """What a beacon published in a round."""

    round: u64
    randomness: Annotated[Bytes, Bounded(32)]
    signature: Annotated[Bytes, Bounded(144)]

    @staticmethod
    def of(pulse: beacon.Pulse) -> Pulse:
        """A pulse as it is sent."""
        return Pulse(pulse.round, pulse.randomness, pulse.signature)

    def is_genuine(self, public_key: bytes) -> bool:
        """Whether the beacon of that key published it. Raises: MalformedPoint."""
        published = beacon.Pulse(self.round, self.signature)
        return published.is_signed_by(public_key) and self.randomness == published.randomness


class MultiSigner(Enum, path="sp_runtime::MultiSigner"):
    """A public key with its scheme."""


class Ed25519Signer(MultiSigner, index=0, name="Ed25519", positional=True):
    key: Bytes32


class Sr25519Signer(MultiSigner, index=1, name="Sr25519", positional=True):
    key: Bytes32


class EcdsaSigner(MultiSigner, index=2, name="Ecdsa", positional=True):
    key: Bytes33


class PulsesPayload(Struct, path="pallet_drand::types::PulsesPayload"):
    """Pulses, and who brings them in which block."""

    block_number: BlockNumber
    pulses: Vec[Pulse]
    public: MultiSigner


class BeaconConfigurationPayload(Struct, path="pallet_drand::types::BeaconConfigurationPayload"):
    """A configuration, and who brings it in which block."""

    block_number: BlockNumber
    config: BeaconConfiguration
    public: MultiSigner


QUICKNET = BeaconConfiguration(
    public_key=bytes.fromhex(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    period=3,
    genesis_time=1_692_803_367,
    hash=bytes.fromhex("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"),
    group_hash=bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"),
    scheme_id=beacon.SCHEME,
    metadata=Metadata(b"quicknet"),
)
"""drand's public beacon of 3 seconds."""

LOCAL_ID = b"local"


class DrandGenesis(Struct):
    """The beacon of a private network: its public key and schedule. Without a key it is the public beacon."""

    public_key: OpaquePublicKey = b""
    period: u32 = QUICKNET.period
    genesis_time: u32 = QUICKNET.genesis_time

    def configuration(self) -> BeaconConfiguration:
        """The whole configuration. A beacon that one party runs alone has no group."""
        name = chain_hash(self.public_key, Schedule(self.genesis_time, self.period), b"", LOCAL_ID)
        return BeaconConfiguration(
            self.public_key, self.period, self.genesis_time, name, b"", beacon.SCHEME, Metadata(LOCAL_ID)
        )
