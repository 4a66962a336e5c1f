import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ganglion.subnets.text.corpus import private_documents, public_documents
from ganglion.subnets.text.words import END, UNKNOWN, Vocabulary, tokens, written


def lower(document):
    return [token.lower() for token in document]


def test_what_is_written_reads_as_the_same_tokens():
    for document in private_documents()[:200]:
        assert lower(tokens(written(document))) == lower(document)


@given(st.text(max_size=200))
def test_no_text_breaks_reading_or_writing(text):
    assert isinstance(written(tokens(text), text), str)


def test_prose_has_spaces_capitals_and_quotation_marks_where_they_belong():
    listed = ["he", "said", ",", '"', "see", "(", "the", "file", ")", ".", '"', "then", "left"]
    assert written(listed) == 'He said, "see (the file)." Then left'


def test_a_continuation_begins_as_its_text_demands():
    assert written(["word"], "One") == " word"
    assert written(["word"], "Done.") == " Word"
    assert written([".", "word"], "Done") == ". Word"
    assert written(['"', "she"], 'He said "no') == '" she'


def test_words_keep_the_form_they_have_inside_sentences():
    vocabulary = Vocabulary.of([("The", "old", "Unix", ".", "Old", "habits")])
    assert vocabulary.forms[vocabulary.numbers["unix"]] == "Unix"
    assert vocabulary.forms[vocabulary.numbers["old"]] == "old"


def test_documents_are_told_apart_and_unknown_words_have_one_number():
    vocabulary = Vocabulary.of([("a", "b")])
    a, b = vocabulary.ids(["a", "b"])
    assert vocabulary.stream([("a", "b"), ("c",)]).tolist() == [END, a, b, END, UNKNOWN, END]


def test_numbers_depend_on_the_words_alone():
    documents = public_documents()[:50]
    assert Vocabulary.of(documents).numbers == Vocabulary.of(documents[::-1]).numbers
    assert np.array_equal(*(Vocabulary.of(documents).ids(documents[0]) for _ in range(2)))
