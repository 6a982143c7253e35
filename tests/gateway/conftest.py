"""A store each module prepares as `base`, served in copies: one for each test, or one for those that change nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server, gateway


@pytest.fixture
def store(base: Path, tmp_path: Path) -> Path:
    """A copy of the module's store for one test, not served yet."""
    return Path(shutil.copytree(base, tmp_path / "store"))


@pytest.fixture
def server(store: Path) -> Iterator[Server]:
    """A gateway over such a copy: for a test that changes labels, people or the clock, or ends the gateway."""
    with gateway(store) as found:
        yield found


@pytest.fixture(scope="module")
def shared(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One gateway for all tests of a module that only read, or are refused; each in a workspace of its own."""
    with gateway(Path(shutil.copytree(base, tmp_path_factory.mktemp("shared") / "store"))) as found:
        yield found
