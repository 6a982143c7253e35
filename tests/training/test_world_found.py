"""Everything planted is found by questions that know nothing of the truth, by whom it is for, and nothing else is."""

import ast
from pathlib import Path
from typing import Any

import finders
import pytest
import survey
from survey import QUESTIONS, Row


@pytest.fixture(scope="module", params=[1, 5], ids=lambda size: f"size {size}")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A world of some size, loaded into a store; and its truth."""
    return survey.built(tmp_path_factory.mktemp("found"), request.param)


@pytest.fixture(scope="module")
def asked(built: tuple[Path, Any]) -> tuple[list[Row], Any]:
    """What all three readers found in it."""
    return survey.survey(*built), built[1]


def test_every_kind_in_the_truth_has_its_question(asked: tuple[list[Row], Any]) -> None:
    """Nothing is planted that nobody looks for."""
    assert {plant["kind"] for plant in asked[1]["planted"]} == set(QUESTIONS)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_who_may_see_it_finds_it(asked: tuple[list[Row], Any], kind: str) -> None:
    """All of a kind that a reader may see, he finds with the one question."""
    of_kind = [row for row in asked[0] if row.kind == kind]
    assert of_kind
    assert [(row.user, row.found) for row in of_kind] == [(row.user, row.planted) for row in of_kind]


@pytest.mark.parametrize("kind", QUESTIONS)
def test_nothing_else_is_taken_for_it(asked: tuple[list[Row], Any], kind: str) -> None:
    """No false alarm: neither an accident of the background, nor anything withheld from the reader."""
    assert [row for row in asked[0] if row.kind == kind and row.false_alarms] == []


def test_what_is_withheld_is_asked_for_too(asked: tuple[list[Row], Any]) -> None:
    """Each reader is kept from something, and the questions were put to him all the same."""
    withheld = {user: sum(row.withheld for row in asked[0] if row.user == user) for user in survey.READERS}
    assert all(count >= 8 for count in withheld.values())


@pytest.mark.parametrize("built", [5], indirect=True)
@pytest.mark.parametrize("question", survey.CARELESS, ids=" - ".join)
def test_who_asks_carelessly_is_misled(built: tuple[Path, Any], question: tuple[str, str]) -> None:
    """Without the condition a trap is made for, plants are missed or other things taken for them."""
    row = survey.careless_survey(*built, [question])[question]
    assert row.false_alarms or row.found < row.planted


def test_the_questions_do_not_read_the_truth() -> None:
    """The module of finders neither opens a file nor imports what writes the world."""
    tree = ast.parse(Path(finders.__file__).read_text("utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not names & {"open", "Path", "json"}
    assert {module for module in modules if module and module.startswith("insight")} == {"insight_kernel"}


@pytest.mark.parametrize("built", [5], indirect=True)
def test_the_tables_on_the_page_are_what_is_found(
    built: tuple[Path, Any], asked: tuple[list[Row], Any]
) -> None:
    """The page about the world says what these questions bring today."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "invented-world.md").read_text("utf-8")
    assert survey.table(asked[0]) in page
    assert survey.careless_table(survey.careless_survey(*built)) in page


def test_every_kind_has_a_title() -> None:
    """No kind is left out of the table for people, and none stands in it twice."""
    assert sorted(kind for kinds in survey.TITLES.values() for kind in kinds) == sorted(QUESTIONS)
