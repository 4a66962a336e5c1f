"""The published interface, and the interface of our runtime as other people's decoders see it."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PUBLISHED = HERE.parents[2] / "shared" / "protocol"

sys.path.insert(0, str(HERE))  # so that the modules beside this one can be imported by it and by each other

from published import Published  # noqa: E402
from served import Served  # noqa: E402

from ganglion.frame.metadata import metadata_v14, metadata_v15  # noqa: E402
from ganglion.frame.runtime import Runtime  # noqa: E402
from ganglion.runtime import runtime as our_runtime  # noqa: E402


@pytest.fixture(scope="session")
def published() -> Published:
    if not PUBLISHED.is_dir():
        pytest.skip("the published interface (../shared/protocol beside this clone) is not on this machine")
    return Published(PUBLISHED)


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    return our_runtime()


@pytest.fixture(scope="session")
def served(runtime: Runtime, published: Published) -> Served:
    return Served(metadata_v15(runtime), metadata_v14(runtime), published)
