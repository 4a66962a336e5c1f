"""What passed between a validator and one miner, byte for byte: the stuff of evidence."""

from __future__ import annotations

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
        if self.status is None:
            return False
        asked = self.headers[SIGNATURE_HEADER]
        return is_answer_of(self.receiver, self.signature, asked, self.status, self.body)
