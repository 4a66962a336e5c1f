import pytest

from ganglion.neuron.auth import HOTKEY_HEADER, RequestSigner, RequestVerifier
from ganglion.neuron.errors import NotAuthenticated

BODY = b'{"a": 1}'


@pytest.fixture
def signer(alice, clock):
    return RequestSigner(alice, clock)


@pytest.fixture
def verifier(bob, clock):
    return RequestVerifier(bob.ss58_address, clock)


@pytest.fixture
def headers(signer, bob):
    return signer.headers(path="/x", body=BODY, receiver=bob.ss58_address)


def refused(verifier, headers, *, path="/x", body=BODY) -> str:
    with pytest.raises(NotAuthenticated) as caught:
        verifier.sender(headers, method="POST", path=path, body=body)
    return caught.value.reason


def test_the_receiver_learns_who_signed(alice, verifier, headers):
    assert verifier.sender(headers, method="POST", path="/x", body=BODY) == alice.ss58_address


def test_a_changed_body_or_path_is_refused(verifier, headers):
    assert refused(verifier, headers, body=BODY + b" ") == "BadSignature"
    assert refused(verifier, headers, path="/y") == "BadSignature"


def test_a_request_for_another_neuron_is_refused(signer, verifier, carol):
    headers = signer.headers(path="/x", body=BODY, receiver=carol.ss58_address)
    assert refused(verifier, headers) == "WrongReceiver"


def test_a_replayed_request_is_refused(verifier, headers):
    verifier.sender(headers, method="POST", path="/x", body=BODY)
    assert refused(verifier, headers) == "ReplayedRequest"


def test_a_stale_request_is_refused(clock, verifier, headers):
    clock.advance(11)
    assert refused(verifier, headers) == "StaleRequest"


def test_a_request_in_anothers_name_is_refused(carol, verifier, headers):
    assert refused(verifier, headers | {HOTKEY_HEADER: carol.ss58_address}) == "BadSignature"


@pytest.mark.parametrize("value", ["", "nobody", "\udcff", "5" * 5000])
def test_a_senseless_sender_is_refused(verifier, headers, value):
    assert refused(verifier, headers | {HOTKEY_HEADER: value}) in {"MalformedAuth", "BadSignature"}


def test_two_requests_at_the_same_instant_are_both_accepted(signer, verifier, bob):
    for _ in range(2):
        headers = signer.headers(path="/x", body=BODY, receiver=bob.ss58_address)
        verifier.sender(headers, method="POST", path="/x", body=BODY)
