"""Documents in the store: a mail and its attachments, found by what they say, each with what it lay in."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from insight_kernel.model.schema import vocabulary
from insight_kernel.policy.allowed import Known
from tests.build import ask, people, subject
from tests.intake.conftest import Intake


def statements(intake: Intake, by: str = "fileName") -> dict[str, dict[str, list[Any]]]:
    """Return what the store holds of each entity that has a property, by its value."""
    with intake.gate.store.window(subject(), ask(), Known(people()), 1) as window:
        found = window.find(sorted(vocabulary().schemata), [])
        rows = window.statements(found).to_pylist()
    entities: dict[int, dict[str, list[Any]]] = {}
    for row in rows:
        entity = entities.setdefault(row["eid"], {"schema": [row["type"]], "eid": [row["eid"]]})
        entity.setdefault(row["prop"], []).append(row["ref"] if row["value"] is None else row["value"])
    return {entity[by][0]: entity for entity in entities.values() if by in entity}


def mail(folder: Path) -> Path:
    """Write a mail with a text and an archive attached, in which there is a page."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("note.html", "<title>A note</title><p>Meet at the <b>harbour</b>.")
    message = EmailMessage()
    message["From"], message["To"] = "Ana <ana@example.org>", "ben@example.org, Chen <chen@example.org>"
    message["Subject"], message["Date"] = "تقرير", "Sat, 21 Nov 2026 23:30:00 +0100"
    message.set_content("See below.")
    message.add_attachment("plate AB-123", filename="plates.txt")
    message.add_attachment(data.getvalue(), maintype="application", subtype="zip", filename="more.zip")
    (folder / "report.eml").write_bytes(bytes(message))
    return folder / "report.eml"


def test_a_mail_and_all_that_lies_in_it_are_records(intake: Intake) -> None:
    """Each with its own text, and the one it lay in as its parent."""
    [event] = intake.load(mail(intake.folder))
    assert (event["event"], event["new"], event["bad"]) == ("loaded", 4, 0)
    found = statements(intake)
    assert {name: entity["schema"] for name, entity in found.items()} == {
        "report.eml": ["Email"], "plates.txt": ["PlainText"], "more.zip": ["Package"], "note.html": ["HyperText"],
    }  # fmt: skip
    said = found["report.eml"]
    assert (said["subject"], said["bodyText"], said["date"]) == (
        ["تقرير"],
        ["See below."],
        ["2026-11-21T22:30:00"],
    )
    assert said["from"] == ["Ana <ana@example.org>"]
    assert sorted(said["to"]) == ["Chen <chen@example.org>", "ben@example.org"]
    assert found["note.html"]["bodyText"] == ["Meet at the harbour."]
    assert found["note.html"]["parent"] == found["more.zip"]["eid"]
    assert found["more.zip"]["parent"] == found["plates.txt"]["parent"] == said["eid"]


def test_the_same_file_again_is_nothing_new(intake: Intake) -> None:
    """Delivered twice it is one mail with its attachments."""
    path = mail(intake.folder)
    events = [intake.load(path)[0] for _ in range(2)]
    assert [(event["new"], event["duplicates"]) for event in events] == [(4, 0), (0, 4)]


def test_what_cannot_be_read_is_not_taken(intake: Intake) -> None:
    """It is quarantined with its reason; a part that cannot be read is there, and says so."""
    bad = intake.folder / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7 and no more")
    [event] = intake.load(bad)
    assert (event["event"], [item["rule"] for item in event["bad"]]) == ("refused", ["is no whole pdf file"])
    assert intake.records() == 0
    archive = intake.folder / "with.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("bad.pdf", b"%PDF-1.7 and no more")
        made.writestr("good.txt", b"good")
    intake.load(archive)
    found = statements(intake)
    assert found["bad.pdf"]["processingError"] == ["is no whole pdf file"]
    assert found["good.txt"]["bodyText"] == ["good"]


CARD = """BEGIN:VCARD
VERSION:3.0
FN:Lena Sample
TEL;TYPE=CELL:+33 1 23 45 67 89
END:VCARD
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
SUMMARY:Handover
DTSTART:20261121T190000Z
ORGANIZER;CN=Ana:MAILTO:ana@example.org
ATTENDEE:mailto:ben@example.org
END:VEVENT
END:VCALENDAR
"""


def test_people_of_cards_and_events_of_calendars_are_entities(intake: Intake) -> None:
    """They name the file as their proof; an event names who called it, and who was to come."""
    (intake.folder / "lena.vcf").write_text(CARD)
    (intake.folder / "plan.ics").write_text(CALENDAR)
    events = intake.load(intake.folder / "lena.vcf", intake.folder / "plan.ics")
    assert [(event["event"], event["new"]) for event in events] == [("loaded", 1)] * 2
    found = statements(intake, by="name")
    assert (found["Lena Sample"]["phone"], found["Lena Sample"]["schema"]) == (["+33123456789"], ["Person"])
    assert found["Handover"]["startDate"] == ["2026-11-21T19:00:00"]
    assert found["Handover"]["organizer"] == found["Ana"]["eid"]
    assert found["Handover"]["involved"] == found["ben@example.org"]["eid"]
    assert found["Handover"]["proof"] == statements(intake)["plan.ics"]["eid"]
