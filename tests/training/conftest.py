"""The invented world, written once and read back by intake and policy, as a store would see it."""

from pathlib import Path

import pytest

from insight_kernel.training.world import write_world
from tests.training.reading import TODAY, Reading, read_world


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The world of the demo."""
    return _world(tmp_path_factory.mktemp("world"), 1)


@pytest.fixture(scope="session")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The same story in a world five times as large."""
    return _world(tmp_path_factory.mktemp("larger"), 5)


@pytest.fixture(params=["reading", "larger"])
def either(request: pytest.FixtureRequest) -> Reading:
    """One and the other: what holds whatever the size."""
    return request.getfixturevalue(request.param)


def _world(folder: Path, size: int) -> Reading:
    return read_world(write_world(folder, today=TODAY, size=size), TODAY)
