"""Signed requests: `btauth/1`, as the official SDK signs and verifies them.

A signature covers method, path, body, sender, receiver and a nonce (unix nanoseconds), so a request can
neither be altered, nor sent on to another neuron, nor be replayed.
"""

from __future__ import annotations

from collections.abc import Mapping

from bittensor import http_auth

from ganglion.neuron.errors import NotAuthenticated
from ganglion.neuron.keys import Hotkey
from ganglion.neuron.protocols import Clock

HOTKEY_HEADER = http_auth.HEADER_HOTKEY
SIGNATURE_HEADER = http_auth.HEADER_SIGNATURE


class RequestSigner:
    """Signs requests with one hotkey. Nonces rise strictly, also where the clock stands still."""

    def __init__(self, hotkey: Hotkey, clock: Clock) -> None:
        self._hotkey = hotkey
        self._clock = clock
        self._nonce_ns = 0

    @property
    def address(self) -> str:
        """The sender's ss58 address."""
        return self._hotkey.ss58_address

    def headers(self, *, path: str, body: bytes, receiver: str) -> dict[str, str]:
        """The headers which prove a POST of `body` to `path` of the neuron with hotkey `receiver`."""
        self._nonce_ns = max(self._clock.now_ns(), self._nonce_ns + 1)
        return http_auth.sign(
            self._hotkey,
            method="POST",
            path=path,
            body=body,
            receiver_ss58=receiver,
            nonce_ns=self._nonce_ns,
        )


class RequestVerifier:
    """Checks requests addressed to one hotkey, remembering nonces against replay."""

    def __init__(self, hotkey: str, clock: Clock) -> None:
        self._hotkey = hotkey
        self._clock = clock
        self._nonces = http_auth.InMemoryNonceStore()

    def sender(self, headers: Mapping[str, str], *, method: str, path: str, body: bytes) -> str:
        """The ss58 address which signed the request. Raises: NotAuthenticated."""
        try:
            caller = http_auth.verify(
                headers,
                body,
                method=method,
                path=path,
                self_hotkey_ss58=self._hotkey,
                nonce_store=self._nonces,
                now_ns=self._clock.now_ns(),
            )
        except http_auth.AuthError as error:
            raise NotAuthenticated(type(error).__name__, str(error)) from error
        except ValueError as error:
            # The SDK encodes header text as UTF-8 outside its own checks; bytes which are not UTF-8 end up
            # here.
            raise NotAuthenticated("MalformedAuth", "a header is not valid text") from error
        return caller.hotkey_ss58
