"""The runtime API of the shield: what can be told of a carrier without any secret.

The real chain's API also decrypts, with a decapsulation key that the caller sends. That is for a node whose
runtime is a separate program; here the node decrypts by itself, and nobody has a reason to send a secret.
Source: stp-shield's runtime_api.rs, subtensor runtime/src/lib.rs.
"""

from __future__ import annotations

from typing import Annotated

from ganglion.crypto.shield import Envelope, MalformedEnvelope
from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.executive import Executive
from ganglion.frame.extrinsic import ExtrinsicCodec, RawExtrinsic
from ganglion.frame.validity import TransactionRefused
from ganglion.pallets.mev_shield.pallet import MevShield
from ganglion.pallets.system import System
from ganglion.pallets.system.extensions import SHIELD_CARRIER
from ganglion.scale import ScaleError, Struct
from ganglion.scale.primitives import U8, FixedBytesCodec
from ganglion.scale.types import Bytes

Bytes16 = Annotated[bytes, FixedBytesCodec(U8, 16)]
Bytes24 = Annotated[bytes, FixedBytesCodec(U8, 24)]


class ShieldedTransaction(Struct, path="stp_shield::shielded_tx::ShieldedTransaction"):
    """The parts of a carrier's envelope."""

    key_hash: Bytes16
    kem_ct: Bytes
    aead_ct: Bytes
    nonce: Bytes24


class ShieldApi(RuntimeApi, version=1):
    """What carriers hold, and for which block."""

    system: System
    mev_shield: MevShield

    @api_method
    def try_decode_shielded_tx(self, uxt: RawExtrinsic) -> ShieldedTransaction | None:
        """The envelope of an extrinsic; None if it is no carrier, badly signed, or holds no envelope.

        A state does not know its own block's hash: who signs with an era that begins there is told none.
        """
        codec = ExtrinsicCodec(self.world.runtime)
        try:
            checked = Executive(self.world, self.system, codec).check(codec.decode(uxt))
            if checked.extrinsic.call.path != SHIELD_CARRIER:
                return None
            envelope = Envelope.parse(checked.extrinsic.call.args[0])
        except (ScaleError, TransactionRefused, MalformedEnvelope):
            return None
        return ShieldedTransaction(envelope.key_hash, envelope.encapsulation, envelope.sealed, envelope.nonce)

    @api_method
    def is_shielded_using_current_key(self, key_hash: Bytes16) -> bool:
        """Whether what was sealed to the key of this hash can go into the next block."""
        return self.mev_shield.pending_key_hash() == key_hash
