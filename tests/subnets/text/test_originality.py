from ganglion.subnets.text.corpus import private_documents, public_documents
from ganglion.subnets.text.originality import alike, echoed, fingerprint, quoted, repeated
from ganglion.subnets.text.words import tokens

TEXT = tokens("One two three four five six seven eight nine ten")


def test_bundled_texts_are_quotations_public_or_private():
    for documents in (public_documents(), private_documents()):
        assert quoted(documents[3][:60]) == 1


def test_four_words_in_a_row_are_no_quotation():
    public = public_documents()[3][:40]
    broken = [token if at % 5 else "xyzzyx" for at, token in enumerate(public)]
    assert quoted(broken) == 0


def test_an_echo_is_counted_in_tokens_whatever_their_case():
    assert echoed(tokens("ONE TWO THREE FOUR and five"), TEXT) == 4 / 6
    assert echoed(tokens("one two three and four"), TEXT) == 0


def test_repetition_is_the_share_of_runs_which_came_before():
    assert repeated(TEXT) == 0
    assert repeated(["a", "b", "c"] * 20) == 1 - 3 / 58
    assert repeated(["a"]) == 0


def test_a_text_is_a_copy_when_two_fifths_of_it_are_in_an_older_one():
    changed = [token if at % 4 else "other" for at, token in enumerate(TEXT)]
    assert alike(fingerprint(TEXT), fingerprint(changed))
    assert not alike(fingerprint(TEXT), fingerprint(tokens("One two three and nothing more of the same")))


def test_a_few_words_of_a_text_are_their_copy_and_not_it_theirs():
    few = tokens("five six seven")
    assert alike(fingerprint(TEXT), fingerprint(few))
    assert not alike(fingerprint(few), fingerprint(TEXT))
