"""What sources are worth: figures over what a reader may see, labelled and logged; nothing sensitive is counted."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from insight_kernel.audit.chain import entries
from insight_kernel.client.workspace import Workspace
from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import Server, gateway

GRADE = {"scale": "4x4", "source": "B", "information": "2"}
TEXT = "On the evening of 3 November the watch saw three men carry crates from a fishing boat to a white van."


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People and reports of France, of which one is a copy, and a company of Germany, for Germany alone."""
    folder = tmp_path_factory.mktemp("quality")
    people = [
        entity("a", "Person", name="Ana", nationality="fr", birthDate="1990-01-01", religion="Zoroaster"),
        entity("b", "Person", name="Bo"),
        *(entity(name, "PlainText", fileName=name, bodyText=f"{TEXT} {name}") for name in ("x", "y")),
        entity("own", "Ownership", owner="a", asset="firm"),
    ]
    delivered = {
        "people": (people, profile(source="people", keys="k", grade=GRADE)),
        "firms": (
            [entity("firm", "Company", name="Acme")],
            profile(source="firms", keys="k", owner="DE", only=["DE"]),
        ),
        "bare": ([entity("c", "Person", name="Cy")], profile(source="bare", keys="k")),
    }
    with gateway(folder / "store") as server:
        for name, (found, said) in delivered.items():
            file = write_lines(folder / f"{name}.jsonl", found)
            assert server.load([file], write_yaml(folder / f"{name}.yml", said))[0]["event"] == "loaded"
    return folder / "store"


def quality(server: Server, user: str = "ana") -> dict[tuple[str, str | None], dict[str, Any]]:
    frame = Workspace(server.asker(user)).quality()
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {(row["source"], row["schema"]): row for row in rows}


def test_each_source_and_schema_has_its_figures(shared: Server) -> None:
    """Records, entities, what is filled, how much is a copy, what has no grade, and how old it is."""
    found = quality(shared)
    whole, person, text = (found["people", schema] for schema in (None, "Person", "PlainText"))
    assert (whole["records"], whole["entities"], whole["not_graded"], whole["owner"]) == (4, 4, 0, "FR")
    assert (person["records"], person["entities"], person["copies"]) == (2, 2, 0)
    assert (text["copies"], whole["copies"]) == (0.5, 0.25)
    assert found["bare", None]["not_graded"] == 1
    assert whole["age"] == 0
    assert whole["median"] == whole["newest"] == pd.Timestamp.now("UTC").date().isoformat()


def test_filled_is_a_share_of_the_featured_properties(shared: Server) -> None:
    """Of two persons one has a name, a nationality and a birth date, the other a name."""
    from insight_kernel.model.schema import vocabulary

    featured = vocabulary().get("Person").featured
    filled = sum(name in ("name", "nationality", "birthDate", "personStatus") for name in featured)
    bare = sum(name in ("name", "personStatus") for name in featured)
    assert quality(shared)["people", "Person"]["filled"] == pytest.approx(
        (filled + bare) / (2 * len(featured))
    )


@pytest.mark.case("A33")
def test_what_a_reader_may_not_see_is_not_counted(shared: Server) -> None:
    """A source he may not know of is not there; a link to a hidden company does not exist, and is no entity."""
    found = quality(shared)
    assert {source for source, _ in found} == {"people", "bare"}
    assert ("people", "Ownership") not in found


def test_it_is_labelled_and_logged_as_a_consultation(server: Server) -> None:
    """The answer names the owners of all that was counted, and stands in the log before it is sent."""
    asker = server.asker("ana")
    frame = Workspace(asker).quality()
    assert frame.insight.label["owners"] == ["FR"]
    [entry] = [e for e in entries(server.store / "audit" / "log.jsonl") if e.get("request") == "quality"]
    assert (entry["operation"], entry["decision"]) == ("consultation", "answered")


def test_a_sensitive_value_changes_no_figure(tmp_path: Path) -> None:
    """With it or without it the answer is the same, also for who may see it when he names the person."""
    found = []
    for religion in ({}, {"religion": "Zoroaster"}):
        folder = tmp_path / str(len(religion))
        folder.mkdir()
        file = write_lines(folder / "f.jsonl", [entity("a", "Person", name="Ana", **religion)])
        with gateway(folder / "store") as server:
            server.load([file], write_yaml(folder / "p.yml", profile(source="s")))
            found.append(quality(server))
    assert found[0] == found[1]
