import pytest

from ganglion.neuron.signature import end_line, is_answer_of, sign_answer, signature_of_end

ASKED, BODY = "0xabc", b'{"value": 1}'


@pytest.fixture
def signature(alice):
    return sign_answer(alice, ASKED, 200, BODY)


def test_an_answer_is_its_signers(alice, signature):
    assert is_answer_of(alice.ss58_address, signature, ASKED, 200, BODY)


@pytest.mark.parametrize(
    "changed", [("0xabd", 200, BODY), (ASKED, 201, BODY), (ASKED, 200, BODY + b" "), ("", 200, BODY)]
)
def test_it_holds_for_one_request_one_status_and_one_body(alice, signature, changed):
    assert not is_answer_of(alice.ss58_address, signature, *changed)


def test_anothers_signature_is_not_the_neurons(bob, signature):
    assert not is_answer_of(bob.ss58_address, signature, ASKED, 200, BODY)


@pytest.mark.parametrize(
    "junk", [None, "", "sr25519:", "sr25519:zz", "sr25519:" + "00" * 64, "rsa:00", "a" * 5000, "é", ":"]
)
def test_what_is_no_signature_is_false_and_no_failure(alice, junk):
    assert not is_answer_of(alice.ss58_address, junk, ASKED, 200, BODY)
    assert not is_answer_of("nobody", junk, ASKED, 200, BODY)


def test_the_last_line_carries_the_signature_and_no_other_line_does(signature):
    assert signature_of_end(end_line(signature)) == signature
    for line in (b'{"value": 1}\n', b'{"end": false}\n', b'{"end"', b'{"end": 1}', b'{"end"' + b"[" * 9999):
        assert signature_of_end(line) is None
