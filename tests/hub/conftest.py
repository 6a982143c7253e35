"""A small store to start hubs on."""

from pathlib import Path

import pytest

from insight_kernel.client.loading import Delivery, load_deliveries
from tests.build import entity, profile, write_lines, write_yaml


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One person of Greece."""
    folder = tmp_path_factory.mktemp("hub")
    lines = write_lines(folder / "people.ftm.jsonl", [entity("a", "Person", name="Lena Sample")])
    said = write_yaml(folder / "profile.yml", profile(source="gr-people", owner="GR"))
    assert load_deliveries([Delivery((lines,), said, None, None)], store=folder / "store").fine
    return folder / "store"
