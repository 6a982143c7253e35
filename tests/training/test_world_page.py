"""The page about the world explains it without giving anything away."""

import json
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "invented-world.md"
#: What names or numbers a thing, so that whoever reads it on the page could search for it.
TELLING = {
    *(
        "name",
        "alias",
        "firstName",
        "lastName",
        "number",
        "phone",
        "iban",
        "registrationNumber",
        "vin",
        "title",
    ),
    *(
        "bodyText",
        "fileName",
        "modusOperandi",
        "noticeNumber",
        "warrantNumber",
        "diffusionNumber",
        "caseNumber",
    ),
    *("transactionNumber", "recordId", "full", "birthDate", "summary"),
}


def truth_in(reading, text):
    """Ids, row numbers and sentences of the truth that stand in a text."""
    ids = {key for plant in reading.truth["planted"] for key in plant["ids"]} | set(reading.truth["entities"])
    codes = set(re.findall(r"\b[0-9A-F]{12}\b", json.dumps(reading.truth)))
    said = {plant["how"] for plant in reading.truth["planted"]}
    assert len(ids) > 500
    assert len(codes) >= 5
    return [value for value in ids | codes | said if value in text]


def told_in(reading, text):
    """Names, numbers and texts of anything planted, or told in the story, that stand in a text."""
    planted = {key for plant in reading.truth["planted"] for key in plant["ids"]} | set(
        reading.truth["entities"]
    )
    told = {s.value for s in reading.statements if s.prop in TELLING and s.id in planted and len(s.value) > 3}
    assert len(told) > 500
    return [value for value in told if re.search(rf"\b{re.escape(value.casefold())}\b", text.casefold())]


def page_text():
    return re.sub(r"\s+", " ", PAGE.read_text("utf-8"))


def test_nothing_of_the_truth_stands_on_the_page(either):
    """No id, no row number and no sentence on how something is found."""
    assert truth_in(either, page_text()) == []


def test_nothing_by_which_a_plant_could_be_searched_for_stands_on_the_page(either):
    """Neither names nor numbers, nor texts, of anything planted or told in the story."""
    assert told_in(either, page_text()) == []


def test_a_page_that_gave_something_away_would_be_caught(reading):
    """With the main subject's id, one of the sentences, or a name in any case on it."""
    subject = reading.world.subject
    name = next(s.value for s in reading.statements if s.id == subject and s.prop == "name")
    how = reading.truth["planted"][0]["how"]
    assert set(truth_in(reading, f"{page_text()} {subject} {how}")) == {subject, how}
    assert name in told_in(reading, f"{page_text()} It is {name.upper()}.")
