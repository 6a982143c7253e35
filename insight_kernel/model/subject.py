"""Subject and ask: who is asking, for what purpose, on which day.

An attribute that is missing, null or of the wrong type is kept as None: whichever rule reads it first
refuses. Nothing is repaired and nothing is guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from insight_kernel.model.label import LEVELS, PURPOSES, Words, is_code, read_day


@dataclass(frozen=True)
class Subject:
    """Who asks; None in any attribute means that it is not known.

    Examples
    --------
    >>> ana = read_subject({"user": "ana", "organisation": "FR", "clearance": "official",
    ...                     "purposes": ["network"], "files": [], "permits": []})
    >>> sorted(ana.organisations), ana.roles is None
    (['FR'], True)
    """

    user: str | None = None
    organisations: Words | None = None
    clearance: str | None = None
    purposes: Words | None = None
    files: Words | None = None
    permits: Words | None = None
    roles: Words | None = None


@dataclass(frozen=True)
class Ask:
    """What is asked for: a purpose, whether a necessity is stated, and the day (UTC).

    `recipient` is set in a rendition only: the organisation it is made for (rule 8); `consented` then holds the
    owners who have agreed that the value in question goes there.
    """

    purpose: str | None
    necessity: bool | None
    day: date | None
    recipient: str | None = None
    consented: Words = frozenset()


def read_subject(raw: object) -> Subject:
    """Read a subject; whatever is not exactly right becomes None."""
    if not isinstance(raw, Mapping):
        return Subject()
    clearance = raw.get("clearance")
    return Subject(
        user=_word(raw.get("user")),
        organisations=_organisations(raw),
        clearance=clearance if isinstance(clearance, str) and clearance in LEVELS else None,
        purposes=_words(raw.get("purposes")),
        files=_words(raw.get("files")),
        permits=_words(raw.get("permits")),
        roles=_words(raw.get("roles")),
    )


def read_ask(raw: Mapping[str, Any]) -> Ask:
    """Read purpose, necessity (absent: none stated) and day of a request."""
    purpose, necessity = raw.get("purpose"), raw.get("necessity", False)
    return Ask(
        purpose=purpose if isinstance(purpose, str) and purpose in PURPOSES else None,
        necessity=necessity if isinstance(necessity, bool) else None,
        day=read_day(raw.get("day")),
    )


def written(subject: Subject) -> dict[str, Any]:
    """Return a subject as `read_subject` reads it; what is not known of it stays unknown."""
    sets = ("organisations", "purposes", "files", "permits", "roles")
    found = {name: words for name in sets if (words := getattr(subject, name)) is not None}
    plain = {name: getattr(subject, name) for name in ("user", "clearance")}
    return {**plain, **{name: sorted(words) for name, words in found.items()}}


def shrunk(then: Subject, now: Subject) -> str | None:
    """Return the first attribute in which somebody has less now than he had then; None when he has all of it.

    Another organisation is less, and so is what is not known.

    Examples
    --------
    >>> then = Subject("a", frozenset({"FR"}), "restricted", frozenset({"network"}), frozenset(), frozenset())
    >>> from dataclasses import replace
    >>> shrunk(then, replace(then, clearance="confidential")) is None
    True
    >>> shrunk(then, replace(then, clearance="official")), shrunk(then, Subject("a"))
    ('clearance', 'organisations')
    """
    if then.organisations is None or then.organisations != now.organisations:
        return "organisations"
    if then.clearance is None or _lower(then.clearance, now.clearance) != then.clearance:
        return "clearance"
    for name in ("purposes", "files", "permits"):
        had, has = getattr(then, name), getattr(now, name)
        if had is None or has is None or not had <= has:
            return name
    return None


def meet(subjects: Iterable[Subject]) -> Subject:
    """Return what all of them may do together; one unknown attribute makes it unknown for all.

    Lowest clearance; intersection of purposes, files, permits and roles; union of organisations. The user is
    kept when it is the same for all.

    Examples
    --------
    >>> a = Subject("a", frozenset({"FR"}), "confidential", frozenset({"network", "warn"}))
    >>> b = Subject("b", frozenset({"MA"}), "official", frozenset({"network"}))
    >>> both = meet([a, b])
    >>> sorted(both.organisations), both.clearance, sorted(both.purposes), both.files
    (['FR', 'MA'], 'official', ['network'], None)
    """
    found = list(subjects)
    return reduce(_meet, found) if found else Subject()


def _meet(a: Subject, b: Subject) -> Subject:
    return Subject(
        user=a.user if a.user == b.user else None,
        organisations=_both(a.organisations, b.organisations, Words.union),
        clearance=_lower(a.clearance, b.clearance),
        purposes=_both(a.purposes, b.purposes, Words.intersection),
        files=_both(a.files, b.files, Words.intersection),
        permits=_both(a.permits, b.permits, Words.intersection),
        roles=_both(a.roles, b.roles, Words.intersection),
    )


def _both(a: Words | None, b: Words | None, how: Any) -> Words | None:
    return None if a is None or b is None else how(a, b)


def _lower(a: str | None, b: str | None) -> str | None:
    return None if a is None or b is None else min(a, b, key=LEVELS.index)


def _word(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw else None


def _words(raw: object) -> Words | None:
    if not isinstance(raw, list) or not all(isinstance(item, str) and item for item in raw):
        return None
    return frozenset(raw)


def _organisations(raw: Mapping[str, Any]) -> Words | None:
    """Return the codes of `organisations` and `organisation`; a malformed or missing one spoils all."""
    found: list[object] = []
    if "organisations" in raw:
        listed = raw["organisations"]
        found += listed if isinstance(listed, list) else [None]
    if "organisation" in raw:
        found.append(raw["organisation"])
    return frozenset(map(str, found)) if found and all(map(is_code, found)) else None
