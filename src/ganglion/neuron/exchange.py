"""What passed between a validator and one miner, byte for byte: the stuff of evidence."""

from __future__ import annotations

from bittensor import http_auth
from pydantic import ConfigDict

from ganglion.neuron.auth import SIGNATURE_HEADER
from ganglion.neuron.signature import is_answer_of
from ganglion.neuron.task import Message


class Exchange(Message):
    """One request as it was sent to `receiver` (a hotkey), and what came back.

    Without headers nothing was sent; `status` is None and `body` empty where nothing complete came;
    `signature` is the miner's, unchecked. Bytes are base64 in JSON.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    receiver: str
    path: str
    headers: dict[str, str]
    request: bytes
    status: int | None = None
    body: bytes = b""
    signature: str | None = None

    @property
    def is_signed(self) -> bool:
        """Whether the receiver signed exactly this answer to exactly this request."""
        asked = self.headers.get(SIGNATURE_HEADER)
        if self.status is None or asked is None:
            return False
        return is_answer_of(self.receiver, self.signature, asked, self.status, self.body)

    def is_asked_by(self, hotkey: str) -> bool:
        """Whether the neuron `hotkey` signed exactly this request to the receiver, whenever that was."""
        try:
            caller = http_auth.verify(
                self.headers,
                self.request,
                method="POST",
                path=self.path,
                self_hotkey_ss58=self.receiver,
                nonce_store=http_auth.InMemoryNonceStore(),
                now_ns=int(self.headers.get(http_auth.HEADER_NONCE, "")),
            )
        except (http_auth.AuthError, ValueError):
            return False
        return caller.hotkey_ss58 == hotkey
