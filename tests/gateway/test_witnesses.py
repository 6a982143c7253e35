"""A reference that is shown tells that something exists: the answer carries the label that makes it exist."""

from pathlib import Path

import pytest

from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import gateway


@pytest.mark.case("A80")
def test_an_answer_carries_the_label_of_what_makes_it_exist(tmp_path: Path) -> None:
    """A French record names its parent, which only a Moroccan record says anything about."""
    said = {
        "ma": [entity("a", "Company", name="Parent")],
        "fr": [entity("b", "Company", name="Child", parent="a")],
    }
    with gateway(tmp_path / "store") as server:
        for source, items in said.items():
            lines = write_lines(tmp_path / f"{source}.jsonl", items)
            label = profile(source=source, keys="k", owner=source.upper())
            server.load([lines], write_yaml(tmp_path / f"{source}.yml", label))
        asker = server.asker("ana")
        assert asker.table("find", schema="Company", filters={"name": ["Child"]})["parent"][0].as_py()
        assert asker.json("label")["owners"] == ["FR", "MA"]
