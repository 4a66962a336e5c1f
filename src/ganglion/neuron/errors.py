"""Failures of the world around a neuron. Each carries the values which explain it.

NeuronError
├── ChainError
│   ├── ChainUnavailable   the node cannot be reached: try again later
│   ├── ChainRefused       the node answered no: the extrinsic or the read was wrong now
│   ├── EndpointInvalid    neither a WebSocket's address nor a network's name
│   └── SubnetNotFound     no such netuid
├── TransportError
│   ├── PeerUnreachable    no connection, or it broke
│   ├── PeerTooSlow        no complete answer in time
│   └── AnswerTooLarge     more bytes than allowed
├── Refusal                a request which is not served, with its status
├── NotAuthenticated       a request without a valid btauth/1 signature
├── KeyUnavailable         the hotkey cannot be read
├── AccessListInvalid      a blacklist or whitelist which cannot be read
├── CheckpointInvalid      a state file which is broken or belongs to somebody else
└── AddressUnavailable     no address under which others could reach this machine
"""

from __future__ import annotations

from pathlib import Path


class NeuronError(Exception):
    """Base of every failure a neuron expects from the world."""


class ChainError(NeuronError):
    """The chain could not do what was asked."""


class ChainUnavailable(ChainError):
    """The node did not answer, after all attempts."""

    def __init__(self, endpoint: str, attempts: int) -> None:
        super().__init__(f"chain {endpoint} unavailable after {attempts} attempts")
        self.endpoint = endpoint
        self.attempts = attempts


class ChainRefused(ChainError):
    """The chain refused an operation. `name` is the chain's own error name where it gave one."""

    def __init__(self, operation: str, name: str | None, message: str) -> None:
        super().__init__(f"{operation} refused: {name or 'unnamed'}: {message}")
        self.operation = operation
        self.name = name
        self.message = message


class EndpointInvalid(ChainError):
    """A node is named in a way that nobody can connect to."""


class SubnetNotFound(ChainError):
    """The chain has no subnet of this netuid."""

    def __init__(self, netuid: int) -> None:
        super().__init__(f"subnet {netuid} does not exist")
        self.netuid = netuid


class TransportError(NeuronError):
    """A peer gave no usable answer."""


class PeerUnreachable(TransportError):
    """No connection to the peer, or it broke before the answer was complete."""


class PeerTooSlow(TransportError):
    """The answer was not complete within `timeout_s` seconds."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(f"no complete answer within {timeout_s:g} s")
        self.timeout_s = timeout_s


class AnswerTooLarge(TransportError):
    """The answer has more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"answer larger than {limit} bytes")
        self.limit = limit


class Refusal(NeuronError):
    """A request is not served. `status` is HTTP's, `error` the name and `detail` the sentence for the
    caller.
    """

    def __init__(self, status: int, error: str, detail: str) -> None:
        super().__init__(f"{status} {error}: {detail}")
        self.status = status
        self.error = error
        self.detail = detail


class NotAuthenticated(NeuronError):
    """A request failed the btauth/1 check. `reason` is the SDK's name of the failure."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class KeyUnavailable(NeuronError):
    """A hotkey file is missing, unreadable or encrypted."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"cannot read hotkey {path}: {cause}")
        self.path = path


class AccessListInvalid(NeuronError):
    """A file of hotkeys is missing or has a line which is no hotkey."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"access list {path}: {cause}")
        self.path = path


class CheckpointInvalid(NeuronError):
    """A checkpoint cannot be used. The file is left as it is."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"checkpoint {path}: {cause}")
        self.path = path


class AddressUnavailable(NeuronError):
    """This machine has no address which a metagraph can publish."""
