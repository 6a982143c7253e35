"""Attacks, faults and leaks no test is marked with yet: why, and the issue that brings the test."""

from typing import NamedTuple


class Missing(NamedTuple):
    """Why there is no test, and the number of the issue that brings it, where one does."""

    reason: str
    issue: int | None = None


_LINKED = "nothing is merged or suggested yet"

UNCOVERED: dict[str, Missing] = {
    "A24": Missing(_LINKED, 7), "A25": Missing(_LINKED, 7),
    "A68": Missing("rules are code, and every entry names their version: there is no rule file to change"),
    "F9": Missing("the database is in the process; no other one is supported yet"),
    "L4": Missing(_LINKED, 7), "L6": Missing("there are no saved searches yet", 7),
    "L14": Missing(_LINKED, 7), "L20": Missing("there are no graded exercises yet"),
    "L21": Missing("there are no sharing links yet"), "L23": Missing("there are no schedules yet"),
}  # fmt: skip
