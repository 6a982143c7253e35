"""Words for readers: names of properties, countries, statuses and colours, and how a value is graded."""

from collections.abc import Iterable

import pycountry

from insight_kernel.model.grade import NOT_GRADED
from insight_kernel.model.schema import Schema
from insight_kernel.reports.blocks import Block, chip, together
from insight_kernel.reports.profile.material import Said

STATUSES = {
    "wanted": "An authority asks to locate or arrest this person.",
    "convicted": "A court has found this person guilty of an offence.",
    "charged": "A prosecuting authority has brought a charge; no court has decided yet.",
    "suspect": "Investigators have grounds to suspect this person; that is not a finding of guilt.",
    "possible-threat": "An authority thinks a threat possible; that is not a finding of guilt.",
    "associate": "Known through contact with somebody of interest; contact alone says nothing bad.",
    "witness": "May have seen or heard something; is to be protected.",
    "victim": "Has suffered from an offence; is to be protected.",
    "missing": "Is being looked for, for his or her own sake.",
    "unidentified-person": "A living person whose identity is not known.",
    "unidentified-body": "A dead person whose identity is not known.",
    "deceased": "Recorded as dead.",
    "unassessed": "Named in material that nobody has judged yet; never enough for a hit report or a notice.",
}

COLOURS = {
    "red": "locate and arrest with a view to extradition; it is not a warrant",
    "blue": "establish identity, location or activities in an investigation",
    "green": "warn of a person's criminal activities",
    "yellow": "find a missing person, often a minor",
    "black": "identify a body",
    "orange": "warn of a serious and imminent threat",
    "purple": "inform of a way of committing offences",
    "silver": "trace criminal assets (pilot)",
    "special": "subject to United Nations Security Council sanctions",
}

LIKELIHOOD = (
    ("remote chance", "up to 5 %"), ("highly unlikely", "10 to 20 %"), ("unlikely", "25 to 35 %"),
    ("realistic possibility", "40 to just under 50 %"), ("likely, probable", "55 to 75 %"),
    ("highly likely", "80 to 90 %"), ("almost certain", "95 % and more"),
)  # fmt: skip
"""The probability yardstick of the United Kingdom's Professional Head of Intelligence Assessment."""

_BEYOND_ISO = {"eu": "European Union", "xk": "Kosovo"}  # codes the vocabulary has beside ISO 3166-1
_ABOUT_THE_RECORD = """
createdAt modifiedAt retrievedAt sourceUrl publisher publisherUrl alephUrl recordId indexText programId programUrl
proof keywords wikipediaUrl
"""
_ADMINISTRATIVE = frozenset(_ABOUT_THE_RECORD.split())


def property_label(schema: Schema, name: str) -> str:
    """Return what a property is called.

    Examples
    --------
    >>> from insight_kernel.model.schema import vocabulary
    >>> property_label(vocabulary().get("Person"), "birthPlace")
    'Place of birth'
    """
    prop = schema.properties.get(name)
    return name if prop is None else prop.label


def administrative(name: str) -> bool:
    """Tell whether a property is about the record rather than about what it describes."""
    return name in _ADMINISTRATIVE


def shown(schema: Schema, name: str, value: str) -> str:
    """Return a value as people read it: countries by name, everything else as it is.

    Examples
    --------
    >>> from insight_kernel.model.schema import vocabulary
    >>> shown(vocabulary().get("Person"), "nationality", "ma")
    'Morocco'
    """
    prop = schema.properties.get(name)
    return country(value) if prop is not None and prop.type == "country" else value


def country(code: str) -> str:
    """Return the English name of a country's code, or the code."""
    found = pycountry.countries.get(alpha_2=code.upper()) if len(code) == 2 else None
    return _BEYOND_ISO.get(code, code) if found is None else str(getattr(found, "common_name", found.name))


def graded(grade: str) -> Block:
    """Return a grade as a marked word; the lack of one is marked too."""
    return chip(grade, "plain" if grade == NOT_GRADED else "grade")


def grades(said: Iterable[Said]) -> Block:
    """Return all grades of some values, with their scales, sorted."""
    return together(*(graded(grade) for grade in sorted({s.grade for s in said})), between=" ")


def sources(said: Iterable[Said]) -> str:
    """Return the sources of some values with their owners, sorted."""
    return "; ".join(sorted({f"{s.source} ({s.owner})" for s in said}))


def marks(said: Said) -> Block:
    """Return the parts of a value's label a reader must know: level, handling, special kinds."""
    words = [chip(said.level, said.level), *(chip(w, "handling") for w in said.handling)]
    return together(*words, *(chip(word, "special") for word in said.special), between=" ")
