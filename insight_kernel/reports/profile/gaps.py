"""Gaps: what is missing or weak in what the reader can see - computed from that alone.

A gap never says whether something exists that is hidden: hidden and never delivered look the same here too.
"""

from collections.abc import Iterator

from insight_kernel.model.grade import NOT_GRADED
from insight_kernel.reports.blocks import Block, listed, paragraph
from insight_kernel.reports.profile import words
from insight_kernel.reports.profile.dated import points
from insight_kernel.reports.profile.identity import contradictions
from insight_kernel.reports.profile.links import relations
from insight_kernel.reports.profile.material import Seen, Thing

_PERSON = (
    (("birthDate",), "No date of birth."),
    (("birthPlace", "birthCountry"), "No place of birth."),
    (("nationality", "citizenship"), "No nationality."),
    (("gender",), "No gender."),
)
_NAMES = {"name", "alias", "weakAlias", "previousName", "firstName", "lastName", "middleName", "personStatus"}


def gaps(seen: Seen) -> Block:
    """Return the gaps as a list of sentences."""
    found = list(sentences(seen))
    return listed(found) if found else paragraph("None found by the checks of this template.", kind="empty")


def sentences(seen: Seen) -> Iterator[str]:
    """Yield one sentence for each gap, the gravest kinds first."""
    yield from _missing(seen)
    yield from _papers(seen)
    yield from _weak(seen.subject)
    yield from _thin(seen)


def _missing(seen: Seen) -> Iterator[str]:
    subject = seen.subject
    if subject.schema.is_a("Person"):
        yield from (text for names, text in _PERSON if not subject.values(*names))
    if not subject.values("address") and not seen.linked("Address"):
        yield "No address."
    if not subject.values("phone", "email") and not seen.linked("PhoneNumber", "UserAccount"):
        yield "No telephone number, mail address or account name."
    if points(seen).empty:
        yield "No coordinates: nothing can be placed on a map."


def _papers(seen: Seen) -> Iterator[str]:
    if not seen.subject.schema.is_a("Person"):
        return
    papers, today = seen.linked("Identification"), seen.day.isoformat()
    if not papers and not seen.subject.values("passportNumber"):
        yield "No passport or other identity document."
    for paper in papers:
        if paper.end and paper.end < today[: len(paper.end)]:
            yield f"{paper.schema.label} {paper.caption} expired on {paper.end}."


def _weak(subject: Thing) -> Iterator[str]:
    for name in contradictions(subject):
        yield f"{_label(subject, name)}: sources contradict each other."
    states = subject.values("personStatus")
    if len(states) > 1:
        yield f"Status: sources say {' and '.join(states)}."
    elif states == ["unassessed"]:
        yield "Status: nobody has assessed this person yet."
    for name in ("birthDate", "deathDate"):
        if any(len(value) < len("2000-01-01") for value in subject.values(name)):
            yield f"{_label(subject, name)}: not known to the day."


def _thin(seen: Seen) -> Iterator[str]:
    single = [
        name for name in dict.fromkeys(s.property for s in seen.subject.said) if _single(seen.subject, name)
    ]
    if single:
        yield f"Resting on a single source: {', '.join(_label(seen.subject, name) for name in single)}."
    said = seen.subject.said
    ungraded = sum(s.grade == NOT_GRADED for s in said)
    if ungraded:
        yield f"Not graded: {ungraded} of {len(said)} values of the subject."
    if not relations(seen):
        yield "No links to persons, bodies, things or places."
    if seen.cut_off:
        yield "There are more links than one answer holds; the most distant were left out."


def _single(subject: Thing, name: str) -> bool:
    prop = subject.schema.properties.get(name)
    plain = prop is not None and prop.type not in ("entity", "text") and not words.administrative(name)
    return plain and name not in _NAMES and len({s.source for s in subject.said if s.property == name}) == 1


def _label(subject: Thing, name: str) -> str:
    return words.property_label(subject.schema, name)
