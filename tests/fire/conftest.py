"""What the tests under fire share. A full run: `FIRE_TRIALS=50 make test ARGS=tests/fire`."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.fire.ground import Ground


@pytest.fixture(scope="session")
def trials() -> int:
    """How often chance gets its try: 50 in a full run."""
    return int(os.environ.get("FIRE_TRIALS", "5"))


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """A PostgreSQL of these tests' own. Its folder has a short path, so that its socket stays where it is."""
    with TemporaryDirectory(prefix="fire-", dir="/tmp") as folder:
        one = Ground(Path(folder))
        one.open()
        yield one
        one.close()
