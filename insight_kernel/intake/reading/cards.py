"""Address cards and calendars: who is on them, and who was asked to be where and when."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import vobject

from insight_kernel.intake.reading.document import Content, Refused
from insight_kernel.intake.reading.inside import Inside
from insight_kernel.intake.reading.plain import decoded

Said = dict[str, list[str]]
_MAILTO = "mailto:"


def read_cards(data: bytes, _: Inside) -> Content:
    """Read the people of address cards: names, organisations, numbers and addresses."""
    text, encoding = decoded(data)
    return Content(text, {"encoding": encoding, "people": [_card(card) for card in _components(text)]})


def read_calendar(data: bytes, _: Inside) -> Content:
    """Read the events of a calendar, each with its organizer and those asked to come."""
    text, encoding = decoded(data)
    events = [
        _event(event) for calendar in _components(text) for event in calendar.contents.get("vevent", ())
    ]
    return Content(text, {"encoding": encoding, "events": events})


def _components(text: str) -> list[Any]:
    try:
        return list(vobject.readComponents(text, ignoreUnreadable=True))
    except Exception as error:  # the library raises its own and plain ones; their texts hold values
        raise Refused(f"is no whole card or calendar ({type(error).__name__})") from None


def _card(card: Any) -> Said:
    found = {
        "name": [str(line.value) for line in card.contents.get("fn", ())],
        "email": [str(line.value) for line in card.contents.get("email", ())],
        "phone": [str(line.value) for line in card.contents.get("tel", ())],
        "organization": [" ".join(line.value) for line in card.contents.get("org", ())],
        "position": [str(line.value) for line in card.contents.get("title", ())],
        "address": [" ".join(str(line.value).split()) for line in card.contents.get("adr", ())],
        "birthDate": [str(line.value)[:10] for line in card.contents.get("bday", ())],
    }
    return {name: values for name, values in found.items() if values}


def _event(event: Any) -> dict[str, Any]:
    return {
        **{said: list(_texts(event, name)) for said, name in (("name", "summary"), ("location", "location"))},
        **{said: list(_days(event, name)) for said, name in (("startDate", "dtstart"), ("endDate", "dtend"))},
        "organizer": [_attending(line) for line in event.contents.get("organizer", ())],
        "involved": [_attending(line) for line in event.contents.get("attendee", ())],
    }


def _texts(event: Any, name: str) -> Iterator[str]:
    yield from (str(line.value).strip() for line in event.contents.get(name, ()) if str(line.value).strip())


def _days(event: Any, name: str) -> Iterator[str]:
    for line in event.contents.get(name, ()):
        if isinstance(line.value, date):  # a moment is one too
            yield line.value.isoformat()


def _attending(line: Any) -> Said:
    """Return who is named in a line: by name, by address, or by both."""
    named, value = line.params.get("CN", [""])[0], str(line.value)
    address = value[len(_MAILTO) :] if value.lower().startswith(_MAILTO) else ""
    return {key: [text] for key, text in (("name", named or address), ("email", address)) if text}
