"""Who is who: organisations, groups, users and cases, read from `organisation.yml`.

The file says what somebody may do; who is logged in is said by the hub. A file with any mistake is not used:
every mistake is reported at once.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import pycountry
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from insight_kernel.errors import BadInput
from insight_kernel.model.label import LEVELS, PURPOSES, SPECIAL, Label, Words, is_code
from insight_kernel.model.plain_yaml import read_yaml
from insight_kernel.model.subject import Subject

Level = Literal["official", "restricted", "confidential"]
ROLES = ("analyst", "reviewer", "releaser", "owner-keeper", "officer", "operator", "trainer")
# What a hub accepts as names of servers (a case's, in small letters) and of accounts, and a file system as folders.
_CASE = re.compile(r"(?=.{1,30}$)[A-Z](?:-?[A-Z0-9])*")
_USER = re.compile(r"[a-z][a-z0-9_-]{0,29}")
_APART = frozenset({"operator", "officer", "owner-keeper"})  # nobody holds two of these


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ReleaseProfile(_Strict):
    """The subject that stands for an organisation when something is released to it."""

    clearance: Level
    purposes: list[str]
    files: list[str] = []
    permits: list[str] = []


class OrganisationEntry(_Strict):
    """A registered organisation; without a release profile nothing is released to it."""

    name: str
    release: ReleaseProfile | None = None


class UserEntry(_Strict):
    """One person: exactly one organisation, and what it lets him do. `desk` is his usual case."""

    name: str
    organisation: str
    clearance: Level
    purposes: list[str]
    permits: list[str] = []
    roles: list[str] = ["analyst"]
    desk: str | None = None


class CaseEntry(_Strict):
    """The legal envelope of a piece of work; a workspace of it may do no more than the case."""

    title: str
    organisation: str
    members: list[str]
    purposes: list[str]
    end: date
    clearance: Level = "confidential"
    permits: list[str] = []
    discreet: bool = False
    """Whether owners are told only when it has ended, or after twelve months, that it used their data."""


class Organisation(_Strict):
    """The whole file.

    Examples
    --------
    >>> people = Organisation(
    ...     users={"ana": UserEntry(name="Ana", organisation="FR", clearance="official", purposes=["network"])})
    >>> sorted(people.subject("ana").organisations), people.subject("bob").organisations
    (['FR'], None)
    """

    organisations: dict[str, OrganisationEntry] = {}
    groups: dict[str, list[str]] = {}
    users: dict[str, UserEntry] = {}
    cases: dict[str, CaseEntry] = {}

    def subject(self, user: str) -> Subject:
        """Return the user as a subject; of one unknown nothing is known, and who runs the machine is no subject."""
        entry = self.users.get(user)
        if entry is None or "operator" in entry.roles:
            return Subject()
        return Subject(
            user=user,
            organisations=frozenset({entry.organisation}),
            clearance=entry.clearance,
            purposes=frozenset(entry.purposes),
            files=frozenset(name for name, case in self.cases.items() if user in case.members),
            permits=frozenset(entry.permits),
            roles=frozenset(entry.roles),
        )

    def case_subject(self, name: str, day: date) -> Subject:
        """Return what a case lets its members do; an unknown or ended case lets them do nothing."""
        case = self.cases.get(name)
        if case is None or day >= case.end:
            return Subject()
        return Subject(
            organisations=frozenset({case.organisation}),
            clearance=case.clearance,
            purposes=frozenset(case.purposes),
            files=frozenset({name}),
            permits=frozenset(case.permits),
            roles=frozenset(ROLES),
        )

    def recipient_subject(self, code: str) -> Subject:
        """Return an organisation's release profile as a subject; without one nothing may be shown."""
        entry = self.organisations.get(code)
        if entry is None or entry.release is None:
            return Subject()
        return Subject(
            organisations=frozenset({code}),
            clearance=entry.release.clearance,
            purposes=frozenset(entry.release.purposes),
            files=frozenset(entry.release.files),
            permits=frozenset(entry.release.permits),
            roles=frozenset(ROLES),
        )

    def unknown_codes(self, label: Label) -> list[str]:
        """Return the label's codes that are neither registered nor a country, sorted.

        A group may receive or be excluded; it owns nothing and consents to nothing.
        """
        bodies = {label.owner} | label.consent
        receivers = (label.only or frozenset()) | label.excluded
        unknown = {code for code in bodies if not self._knows_body(code)}
        return sorted(unknown | {code for code in receivers if not self.knows(code)})

    def knows(self, code: str) -> bool:
        """Tell whether a code is a registered organisation, a group, or a country's NCB."""
        return code in self.groups or self._knows_body(code)

    def _knows_body(self, code: str) -> bool:
        return code in self.organisations or code in _countries()

    def members_of(self, codes: Words) -> Words:
        """Return the organisations that the codes stand for, groups replaced by their members."""
        return frozenset(member for code in codes for member in self.groups.get(code, [code]))


def load_organisation(path: Path) -> Organisation:
    """Read and check the file; raise `BadInput` with every mistake."""
    try:
        raw = read_yaml(path.read_text(encoding="utf-8")) or {}
        found = Organisation.model_validate_json(json.dumps(raw))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise _bad(path, list(_shape_mistakes(error))) from None
    mistakes = sorted(_mistakes(found))
    if mistakes:
        raise _bad(path, mistakes)
    return found


def is_case_id(text: str) -> bool:
    """Tell whether a text can be a case's id; in small letters it is the name of the case's servers in a hub.

    Examples
    --------
    >>> [is_case_id(text) for text in ("OP-LANTERN", "op", "OP--A", "OP-", "7-UP", "OP/../A", "A" * 31)]
    [True, False, False, False, False, False, False]
    """
    return _CASE.fullmatch(text) is not None


@cache
def _countries() -> Words:
    return frozenset(country.alpha_2 for country in pycountry.countries)


def _bad(path: Path, mistakes: list[str]) -> BadInput:
    return BadInput(f"use {path}", "; ".join(mistakes), "Mend them and try again.")


def _shape_mistakes(error: Exception) -> Iterator[str]:
    if isinstance(error, ValidationError):
        for item in error.errors():
            yield f"{'.'.join(map(str, item['loc']))}: {item['msg']}"
    else:
        yield str(error)


def _mistakes(found: Organisation) -> Iterator[str]:
    """Yield what is well-formed but cannot be meant."""
    yield from _odd_names(found)
    for code in (*found.organisations, *found.groups):
        if not is_code(code):
            yield f"{code}: not an organisation or group code"
    for group, members in found.groups.items():
        if group in found.organisations or group in _countries():
            yield f"groups.{group}: also the code of an organisation"
        yield from _unknown(f"groups.{group}", members, {*found.organisations, *_countries()})
    for code, organisation in found.organisations.items():
        if organisation.release:
            yield from _words(f"organisations.{code}.release", organisation.release)
    for name, user in found.users.items():
        yield from _user_mistakes(f"users.{name}", user, found)
    for name, case in found.cases.items():
        yield from _words(f"cases.{name}", case)
        yield from _unknown(f"cases.{name}.members", case.members, found.users)
        yield from _unknown(f"cases.{name}", [case.organisation], {*found.organisations, *_countries()})


def _odd_names(found: Organisation) -> Iterator[str]:
    for name in found.users:
        if not _USER.fullmatch(name):
            yield f"users.{name!r}: a user name is 1 to 30 of a-z, 0-9, _ and -, and begins with a letter"
    for name in found.cases:
        if not is_case_id(name):
            yield f"cases.{name!r}: a case id is 1 to 30 of A-Z, 0-9 and single hyphens between them, from a letter on"


def _user_mistakes(place: str, user: UserEntry, found: Organisation) -> Iterator[str]:
    yield from _words(place, user)
    yield from _unknown(place, [user.organisation], {*found.organisations, *_countries()})
    yield from _unknown(f"{place}.roles", user.roles, ROLES)
    if len(_APART & set(user.roles)) > 1:
        yield f"{place}.roles: {', '.join(sorted(_APART))} are never held together"
    if "oversight" in user.purposes and "officer" not in user.roles:
        yield f"{place}.purposes: oversight is for officers only"
    if user.desk is not None:
        yield from _unknown(f"{place}.desk", [user.desk], found.cases)


def _words(place: str, entry: ReleaseProfile | UserEntry | CaseEntry) -> Iterator[str]:
    yield from _unknown(f"{place}.purposes", entry.purposes, PURPOSES)
    yield from _unknown(f"{place}.permits", entry.permits, SPECIAL)
    if entry.clearance not in LEVELS:
        yield f"{place}.clearance: unknown"


def _unknown(
    place: str, words: list[str], known: Mapping[str, object] | tuple[str, ...] | set[str]
) -> Iterator[str]:
    return (f"{place}: unknown {word!r}" for word in words if word not in known)
