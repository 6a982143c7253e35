"""Who or what the subject is: every value with its source, owner and grade, and the status explained."""

from collections.abc import Iterator, Sequence

from insight_kernel.reports.blocks import Block, Cell, chip, paragraph, table, together
from insight_kernel.reports.profile import words
from insight_kernel.reports.profile.material import Said, Seen, Thing

SINGLE = ("birthDate", "deathDate", "gender", "incorporationDate", "dissolutionDate")
"""Of these a person or body has one: different values contradict each other."""

_FIRST = (
    "name", "alias", "weakAlias", "previousName", "abbreviation", "title", "firstName", "secondName", "middleName",
    "fatherName", "motherName", "lastName", "nameSuffix", "gender", "birthDate", "birthPlace", "birthCountry",
    "deathDate", "nationality", "citizenship", "country", "jurisdiction",
)  # fmt: skip
_NOTHING = Block("", "")
_MADE = (
    "All visible values of the subject itself with every source; values that differ stand below each other."
)


def identity(seen: Seen) -> Block:
    """Return the table of everything said of the subject, and its identity documents."""
    subject = seen.subject
    rows = _distinct([row for name in _properties(subject) for row in _rows(subject, name)])
    columns = ("What", "Value", "Source (owner)", "Grade", "Delivered", "Label")
    found = table("Identity", columns, rows, made=_MADE, grouped=2)
    return together(found, _remarks(subject), _documents(seen))


def status(seen: Seen) -> Block:
    """Return the status of a person in plain words, as each source states it."""
    if not seen.subject.schema.is_a("Person"):
        return paragraph("Status is kept for persons; the subject is not one.", kind="empty")
    said = [s for s in seen.subject.said if s.property == "personStatus"]
    rows: list[list[Cell]] = [
        [s.value, words.STATUSES.get(s.value, ""), words.sources([s]), words.graded(s.grade)]
        for s in sorted(said, key=_by_value)
    ]
    made = "Status as each source states it; sources may differ, none is preferred here."
    columns = ("Status", "What it means", "Source (owner)", "Grade")
    return table("Status", columns, _distinct(rows), made=made, grouped=2)


def contradictions(thing: Thing) -> list[str]:
    """Return the properties a thing has one of, but for which values contradict each other.

    A date known to the month does not contradict a day of that month.
    """
    return [name for name in SINGLE if _contradict(thing.values(name))]


def _contradict(values: Sequence[str]) -> bool:
    return any(not a.startswith(b) and not b.startswith(a) for a in values for b in values)


def _properties(thing: Thing) -> list[str]:
    present = {s.property for s in thing.said}
    kinds = ("entity", "text")  # links and remarks have tables of their own
    literal = [n for n, p in thing.schema.properties.items() if n in present and p.type not in kinds]
    kept = [n for n in literal if not words.administrative(n) and n != "personStatus"]
    order = {name: place for place, name in enumerate(_FIRST)}
    return sorted(kept, key=lambda name: order.get(name, len(order)))


def _remarks(thing: Thing) -> Block:
    """Return longer texts; notes repeated in other records stand once."""
    texts = [
        n for n, p in thing.schema.properties.items() if p.type == "text" and not words.administrative(n)
    ]
    said = [(name, s) for name in texts for s in thing.said if s.property == name]
    rows: list[list[Cell]] = [
        [
            words.property_label(thing.schema, name),
            s.value,
            words.sources([s]),
            words.graded(s.grade),
            words.marks(s),
        ]
        for name, s in said
    ]
    columns = ("What", "Text", "Source (owner)", "Grade", "Label")
    return (
        table("Remarks", columns, _distinct(rows), made="Texts as delivered.", grouped=1)
        if rows
        else _NOTHING
    )


def _rows(thing: Thing, name: str) -> Iterator[list[Cell]]:
    said = [s for s in thing.said if s.property == name]
    label = chip(words.property_label(thing.schema, name), "property")
    if name in contradictions(thing):
        label = together(label, chip("values differ", "differs"), between=" ")
    for s in sorted(said, key=_by_value):
        yield [label, words.shown(thing.schema, name, s.value), *_origin(s)]


def _by_value(said: Said) -> tuple[str, str]:
    return said.value, said.source


def _origin(said: Said) -> list[Cell]:
    return [words.sources([said]), words.graded(said.grade), said.delivered, words.marks(said)]


def _distinct(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return each row once: several records of one source may say the same."""
    return [row for n, row in enumerate(rows) if row not in rows[:n]]


def _documents(seen: Seen) -> Block:
    papers = seen.linked("Identification")
    if not papers:
        return paragraph("No passport or other identity document among what is visible.", kind="empty")
    rows: list[list[Cell]] = [
        [thing.schema.label, thing.first("passportNumber", "number") or thing.caption,
         words.country(thing.first("country")), thing.start, thing.end, _validity(thing, seen),
         words.sources(thing.said), words.grades(thing.said)] for thing in papers
    ]  # fmt: skip
    columns = ("Document", "Number", "Country", "From", "Until", "Today", "Source (owner)", "Grade")
    return table("Identity documents", columns, rows, made="Documents whose holder is the subject.")


def _validity(thing: Thing, seen: Seen) -> str:
    if not thing.end:
        return "no end known"
    return "expired" if thing.end < seen.day.isoformat()[: len(thing.end)] else "valid"
