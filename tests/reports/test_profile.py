"""The subject profile: facts with sources and grades, what counts, sums, gaps, protected persons."""

import re
from dataclasses import replace
from html import escape, unescape

import pytest

from insight_kernel.errors import NotAvailable
from insight_kernel.reports import profile
from insight_kernel.reports.profile.material import Note
from tests.reports.conftest import id_of, workspace


@pytest.fixture(scope="module")
def seen(store):
    with workspace(store) as found:
        return profile.gather(found, id_of(store, "Ada"))


def rows(block) -> list[list[str]]:
    """The rows of the tables in a block, as text."""
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", block.html)]
    return [[unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in row] for row in cells if row]


def test_each_value_has_source_owner_grade_and_label(seen):
    """Values of several sources stand below each other, each with its own grade; none is preferred."""
    found = [row for row in rows(profile.identity(seen)) if row[0].startswith("Birth date")]
    assert [(row[1], row[2], row[3], row[5]) for row in found] == [
        ("1982-04-11", "Moroccan file (MA)", "not graded", "official"),
        ("1982-11-04", "French file (FR)", "4x4 B2", "official"),
    ]
    assert all("values differ" in row[0] for row in found)


def test_status_is_explained_as_each_source_states_it(seen):
    """Suspect is not guilty; two sources, two statuses."""
    found = {row[0]: row[1] for row in rows(profile.status(seen))}
    assert set(found) == {"suspect", "wanted"}
    assert "not a finding of guilt" in found["suspect"]


def test_a_pending_notice_does_not_count(seen):
    """Only a published notice counts, and every hit is a lead."""
    block = profile.notices(seen)
    verdicts = {row[1]: row[5] for row in rows(block)}
    assert verdicts["R-1"].startswith("does not count")
    assert "pending" in verdicts["R-1"]
    assert verdicts["B-2"].startswith("counts")
    assert "verify with the source before acting" in block.html


def test_an_alert_on_an_object_says_why_it_is_sought(store):
    """And where it was lost."""
    with workspace(store) as found:
        van = found.search("Grey van", schema="Vehicle")["id"][0]
        [alert] = rows(profile.notices(profile.gather(found, van)))
    assert alert[6] == "stolen; Lyon"


@pytest.mark.parametrize(
    ("direction", "currency", "number", "total"), [("out", "EUR", "2", "100.75"), ("in", "USD", "1", "7")]
)
def test_payments_are_summed_by_currency(seen, direction, currency, number, total):
    """Sums are exact and never mix currencies."""
    found = [row for row in rows(profile.payments(seen)) if (row[0], row[4]) == (direction, currency)]
    assert [(row[1], row[2], row[3]) for row in found] == [("Bo Carr", number, total)]


def test_calls_of_the_subjects_telephone_are_counted(seen):
    """Two calls of three minutes in all."""
    found = rows(profile.calls(seen))
    assert [row[:5] for row in found] == [["+447700900001", "out", "+447700900002", "2", "3"]]


def test_events_with_coordinates_are_on_the_map(seen):
    """The map shows what was delivered with coordinates."""
    block = profile.places(seen)
    assert "Seen at the port" in block.html
    assert "<svg" in block.html


def test_the_timeline_holds_the_event(seen):
    """What has a date stands on the timeline."""
    assert "Seen at the port (2026-03-02)" in profile.dates(seen).html


def test_gaps_are_computed_from_what_is_visible(seen):
    """Missing, contradictory, single-source and ungraded values are named."""
    text = unescape(profile.gaps(seen).html)
    for gap in ("No place of birth.", "No nationality.", "No address.", "No passport or other identity document.",
                "Birth date: sources contradict each other.", "Status: sources say suspect and wanted.",
                "Resting on a single source: Gender."):  # fmt: skip
        assert gap in text
    assert "Not graded: 3 of 7 values of the subject." in text
    assert "hidden" not in text.lower()


WRITTEN = [profile.notes, profile.assessment, profile.recommendations]
NOTES = [
    ("Met twice.", False, ""),
    ("Leads the <b>cell</b>.", True, ""),
    ("Call him.", True, "Recommendations"),
]
"""A note of a colleague, whether it is a judgement, and the section it is for; each belongs to one of `WRITTEN`."""


@pytest.mark.parametrize("section", WRITTEN)
def test_what_only_people_write_is_empty_by_construction(seen, section):
    """A template writes none of it."""
    assert "None written" in section(seen).html


@pytest.mark.parametrize("number", range(3))
def test_notes_stand_apart_from_the_facts(seen, number):
    """Each in one section, with author, reviewer, grade and day, and as text."""
    notes = tuple(
        Note(text, "ana", "luc", "2026-11-21T10:00:00", "", judged, section)
        for text, judged, section in NOTES
    )
    shown = [section(replace(seen, notes=notes)) for section in WRITTEN]
    assert [escape(NOTES[number][0]) in block.html for block in shown] == [n == number for n in range(3)]
    assert rows(shown[number])[0][1:] == ["ana", "luc", "not graded", "2026-11-21"]


def test_nothing_is_written_of_a_protected_person(seen):
    """A note could name him."""
    victim = replace(seen.subject.said[0], property="personStatus", value="victim")
    protected = replace(seen, subject=replace(seen.subject, said=(victim,)),
                        notes=(Note("He lives in Calais.", "ana", "luc", "2026", "", False, ""),))  # fmt: skip
    assert "Calais" not in profile.notes(protected).html


def test_probability_words_come_from_one_printed_scale(seen, store):
    """The scale stands in the report, once."""
    with workspace(store) as found:
        block = profile.made(seen, found)
    assert block.html.count("realistic possibility") == 1
    assert "Grading scales" in block.html


def test_hostile_names_are_escaped_everywhere(seen):
    """A name with a script in it is text in every section."""
    sections = (
        profile.identity,
        profile.network,
        profile.links,
        profile.events,
        profile.payments,
        profile.dates,
    )
    assert all("<script" not in section(seen).html for section in sections)
    assert "&lt;script&gt;" in profile.identity(seen).html


def test_without_a_necessity_a_minor_is_not_there(seen):
    """What the reader may not see is missing, not masked."""
    assert [row[0] for row in rows(profile.links(seen)) if row[1] == "Person"] == ["Bo Carr"]
    assert "protected" not in profile.links(seen).html


def test_a_minor_is_shown_without_name(store):
    """Where the reader may see a minor, the report still says only that there is one."""
    with workspace(store, necessity=True) as found:
        seen = profile.gather(found, id_of(store, "Ada"))
    captions = [row[0] for row in rows(profile.links(seen))]
    assert "protected person" in captions
    sections = (profile.links, profile.network, profile.dates, profile.identity, profile.gaps)
    assert all(
        "Little" not in section(seen).html and "2024-01-05" not in section(seen).html for section in sections
    )


def test_a_subject_the_reader_may_not_see_is_not_available(store):
    """Hidden and unknown answer alike."""
    hidden = id_of(store, "Hidden Person", user="chen", purpose="identify")
    said = []
    with workspace(store) as found:
        for subject in (hidden, "0" * 16):
            with pytest.raises(NotAvailable) as caught:
                profile.gather(found, subject)
            said.append(str(caught.value))
    assert said[0] == said[1]
