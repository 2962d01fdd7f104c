"""What the tests under fire share. A full run: `FIRE_TRIALS=50 make test ARGS=tests/fire`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.fire.ground import Ground, Tell

FULL = "FIRE_TRIALS"
HARDEST, EVERY = ("hesitant",), ("as built", "hesitant")


@pytest.fixture(scope="session")
def trials() -> int:
    """How often chance gets its try: 50 in a full run."""
    return int(os.environ.get(FULL, "5"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Races of the service as it is built are for a full run; those that always meet are for every run."""
    if "variant" in metafunc.fixturenames:
        metafunc.parametrize("variant", EVERY if FULL in os.environ else HARDEST, scope="module")


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Prints what came of a test, in a full run."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def say(found: object) -> None:
        with capture.global_and_fixture_disabled():
            sys.stdout.write(f"\n{found}\n")

    return say if FULL in os.environ else lambda _: None


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """A PostgreSQL of these tests' own. Its folder has a short path, so that its socket stays where it is."""
    with TemporaryDirectory(prefix="fire-", dir="/tmp") as folder:
        one = Ground(Path(folder))
        one.open()
        yield one
        one.close()
