"""Attacks, faults and leaks no test is marked with yet: why, and the issue that brings the test."""

from typing import NamedTuple


class Missing(NamedTuple):
    """Why there is no test, and the number of the issue that brings it."""

    reason: str
    issue: int


_LINKED = "nothing is merged or suggested yet"
_FILES = "no attachments, pictures or archives are taken in yet"

UNCOVERED: dict[str, Missing] = {
    "A23": Missing(_FILES, 6), "A24": Missing(_LINKED, 7), "A25": Missing(_LINKED, 7), "A56": Missing(_FILES, 6),
    "A68": Missing("rules are code, and every entry names their version: there is no rule file to change", 5),
    "F9": Missing("the database is in the process; no other one is supported yet", 5),
    "L4": Missing(_LINKED, 7), "L6": Missing("there are no saved searches yet", 7),
    "L10": Missing("no format with tags of its own is read yet", 6), "L13": Missing(_FILES, 6),
    "L14": Missing(_LINKED, 7), "L20": Missing("there are no graded exercises yet", 5),
    "L21": Missing("there are no sharing links yet", 5), "L23": Missing("there are no schedules yet", 5),
}  # fmt: skip
