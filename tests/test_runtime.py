"""The runtime as a whole: what clients remember about it."""

from hashlib import blake2b

from ganglion.frame.metadata import metadata_v15
from ganglion.runtime import REVISION, VERSION, runtime

FINGERPRINT = (7, "ef411165976b4812")
"""The revision, and the digest of the metadata that belongs to it."""


def test_metadata_does_not_change_without_a_new_revision() -> None:
    """Clients keep metadata by genesis hash and spec version, and would go on using the old one.

    If this fails, raise REVISION in runtime.py and write revision and digest here.
    """
    digest = blake2b(metadata_v15(runtime()), digest_size=8).hexdigest()
    assert (REVISION, digest) == FINGERPRINT


def test_the_spec_version_names_the_real_chain_s_and_our_revision() -> None:
    assert divmod(VERSION.spec_version, 1_000) == (475, REVISION)
