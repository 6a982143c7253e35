"""What is in force now: the organisation file, as far as groups have had their time, emergencies, and consents."""

import hashlib
from collections.abc import Mapping
from threading import Lock
from typing import Any

from insight_kernel.audit.log import AuditLog
from insight_kernel.gateway.acts.consents import consent_of
from insight_kernel.gateway.acts.emergency import Emergencies, with_emergencies
from insight_kernel.gateway.acts.groups import Groups, first, groups_entry, in_force, waiting
from insight_kernel.gateway.acts.kind import Now
from insight_kernel.gateway.acts.register import Acts
from insight_kernel.gateway.clock import Clock
from insight_kernel.gateway.people import People
from insight_kernel.gateway.refusals import Refusals
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.allowed import Known

Version = tuple[object, ...]


class InForce:
    """Puts together what decisions look up; the version changes whenever it does."""

    def __init__(self, people: People, acts: Acts, clock: Clock, audit: AuditLog, refusals: Refusals) -> None:
        self._people, self._acts, self._clock = people, acts, clock
        self._audit, self._refusals = audit, refusals
        self._emergencies = Emergencies(acts)
        self._groups: Groups | None = None
        self._kept: tuple[Version, Known] | None = None
        self._rules = ""
        self._lock = Lock()

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log, oldest first."""
        if entry.get("request") == "groups":
            self._groups = Groups.read(entry["groups"])

    def current(self) -> tuple[Known, Version]:
        """Return what is known now, and its version."""
        time = self._clock.now()
        file, number = self._people.current()
        emergencies = self._emergencies.at(time)
        version = (number, self._acts.version, time.date(), *(act.id for act in emergencies))
        with self._lock:
            if self._kept is None or self._kept[0] != version:
                groups = self._current_groups(file.groups, version)
                people = with_emergencies(file, emergencies)
                people = people.model_copy(
                    update={"groups": {g: sorted(m) for g, m in groups.receiving.items()}}
                )
                self._rules = _told(file, groups)
                consents = frozenset(map(consent_of, self._acts.of_kind("consent")))
                self._kept = version, Known(people, consents, groups.excluding)
            return self._kept[1], version

    def rules(self) -> str:
        """Return what tells whether the organisation file or groups in force have changed; no single act changes it."""
        self.current()
        return self._rules

    def now(self) -> Now:
        """Return what acts look up now."""
        return Now(self.current()[0].people, self._clock.now())

    def emergency_of(self, *users: str) -> str | None:
        """Return the act by which one of these users has more rights than usual, if there is one."""
        found = self._emergencies.at(self._clock.now())
        return next((act.id for act in found if act.what["user"] in users), None)

    def _current_groups(self, file: Mapping[str, list[str]], version: Version) -> Groups:
        before = self._groups
        acts = self._acts.of_kind("group")
        found = first(file) if before is None else in_force(before, file, acts, self._clock.today())
        if found != before:
            self._audit.append(groups_entry(found))
            self._groups = found
        for group in waiting(file, found):
            self._refusals.notice("group-widened", "organisation.yml", group=group, version=version[0])
        return found


def _told(file: Organisation, groups: Groups) -> str:
    said = f"{file.model_dump_json()} {groups.as_dict()}"
    return hashlib.sha256(said.encode()).hexdigest()
