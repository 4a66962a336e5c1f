import hashlib
import lzma
import re
from importlib.resources import files

import pytest

from ganglion.neuron.package import OptionInvalid
from ganglion.subnets.text.corpus import (
    Split,
    own_documents,
    private_documents,
    public_documents,
    split_seed,
)

CORPUS = files("ganglion.subnets.text") / "corpus"


def test_the_texts_are_those_whose_origin_is_told():
    told = re.findall(r"\| (\S+\.xz) \| (\d+) \| \d+ \| (\w{64}) \|", (CORPUS / "PROVENANCE.md").read_text())
    assert {name for name, _, _ in told} == {"public.txt.xz", "private.txt.xz"}
    for name, documents, digest in told:
        text = lzma.decompress((CORPUS / name).read_bytes())
        assert hashlib.sha256(text).hexdigest() == digest
        assert len(text.split(b"\n\n")) == int(documents)


def test_no_private_document_is_public():
    assert not set(private_documents()) & set(public_documents())


def test_a_split_divides_the_private_documents():
    split = Split.of(1)
    assert set(split.reference) | set(split.prompts) == set(private_documents())
    assert not set(split.reference) & set(split.prompts)
    assert split == Split.of(1)


def test_splits_differ_between_validators_and_between_periods():
    seeds = {split_seed(secret, 360, number) for secret in range(20) for number in range(20)}
    assert len(seeds) == 400
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert Split.of(split_seed(1, 360, 1)).prompts != Split.of(split_seed(1, 360, 2)).prompts


def test_an_operators_own_texts_are_cut_at_empty_lines(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.txt").write_text("First text.\n\nSecond text,\nstill.\n")
    (tmp_path / "note.md").write_text("not a text")
    assert own_documents(tmp_path) == (("First", "text", "."), ("Second", "text", ",", "still", "."))


def test_a_folder_without_readable_texts_is_refused(tmp_path):
    with pytest.raises(OptionInvalid, match=r"no \*\.txt"):
        own_documents(tmp_path)
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(OptionInvalid, match=r"bad\.txt"):
        own_documents(tmp_path)
