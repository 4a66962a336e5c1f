import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.evidence.merkle import EMPTY, leaf_hash, proof_of, proven_root, root_of

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=40).map(lambda rs: [leaf_hash(r) for r in rs])


@pytest.mark.parametrize(
    ("records", "root"),  # the reference tree of Certificate Transparency
    [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ([b""], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (
            [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", bytes(range(96, 112))],
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ),
    ],
)
def test_roots_are_those_of_certificate_transparency(records, root):
    assert root_of([leaf_hash(record) for record in records]).hex() == root


@given(LEAVES, st.data())
def test_every_leaf_is_proven_by_its_own_proof_and_place(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = proof_of(leaves, index)
    assert proven_root(leaves[index], index, len(leaves), proof) == root_of(leaves)
    assert proven_root(leaf_hash(b"another"), index, len(leaves), proof) != root_of(leaves)


@given(LEAVES, st.data())
def test_a_proof_of_another_length_proves_nothing(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert proven_root(leaves[index], index, len(leaves), [*proof_of(leaves, index), EMPTY]) is None


def test_a_node_cannot_pass_for_a_leaf():
    one, other = leaf_hash(b"one"), leaf_hash(b"other")
    assert root_of([one, other]) != leaf_hash(one + other)
    assert root_of([one, other]) == hashlib.sha256(b"\x01" + one + other).digest()


def test_there_is_no_proof_of_a_leaf_which_is_not_there():
    with pytest.raises(IndexError):
        proof_of([leaf_hash(b"one")], 1)
