"""Emergency access: more rights for one person, for a day at most, asked for and agreed by two people."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, What, text, texts
from insight_kernel.gateway.acts.register import Acts
from insight_kernel.model.label import LEVELS, PURPOSES, SPECIAL
from insight_kernel.model.organisation import Organisation

LONGEST = timedelta(hours=24)
_ASKED = "ask for emergency access"


class EmergencyKind(Kind):
    """More clearance, permits, purposes or case files for a named user; rules 1, 2 and 5 stay as they are.

    `what`: user, hours, clearance, permits, purposes, files; once agreed also `ends`.
    """

    name, operation = "emergency", "disclosure"

    def checked(self, what: What, by: str, now: Now) -> Asked:
        """Return a request for a known user that adds something and ends within a day."""
        now.organisation_of(by)
        user, hours = text(what, "user"), what.get("hours")
        if user not in now.people.users:
            raise BadInput(_ASKED, "user: not in the organisation file", "Name a registered user.")
        if (
            not isinstance(hours, int)
            or isinstance(hours, bool)
            or not 1 <= hours <= LONGEST // timedelta(hours=1)
        ):
            raise BadInput(_ASKED, "hours: 1 to 24", "Say when it ends.")
        clearance = what.get("clearance")
        adds = {name: texts(what, name) for name in ("permits", "purposes", "files")}
        known = {"permits": SPECIAL, "purposes": PURPOSES[:-1], "files": tuple(now.people.cases)}
        wrong = [name for name, words in adds.items() if not set(words) <= set(known[name])]
        if wrong or clearance not in (None, *LEVELS):
            raise BadInput(
                _ASKED, f"{', '.join(wrong) or 'clearance'}: not known", "Use the words of the rules."
            )
        if clearance is None and not any(adds.values()):
            raise BadInput(_ASKED, "nothing is asked for", "State clearance, permits, purposes or files.")
        return Asked({"user": user, "hours": hours, "clearance": clearance, **adds})

    def may_decide(self, act: Act, user: str, now: Now) -> bool:
        """An officer, or a keeper of the organisation of the user it is for; never that user himself."""
        organisation = (
            now.people.users[act.what["user"]].organisation if act.what["user"] in now.people.users else ""
        )
        keeper = now.holds(user, "owner-keeper", organisation)
        return user != act.what["user"] and (keeper or now.holds(user, "officer"))

    def concerns(self, act: Act, user: str, now: Now) -> bool:
        """Whoever it is for sees it too: he must know until when, and may end it."""
        return user == act.what["user"] or super().concerns(act, user, now)

    def agreed(self, what: What, now: Now) -> dict[str, Any]:
        """Add when it ends."""
        ends = now.time + timedelta(hours=what["hours"])
        return {**what, "ends": ends.isoformat("T", "seconds")}

    def may_end(self, act: Act, user: str, now: Now) -> bool:
        """Whoever may agree, asked or has it may end it."""
        return user in (act.by, act.what["user"]) or self.may_decide(act, user, now)


def active(acts: Iterable[Act], time: datetime) -> list[Act]:
    """Return the emergencies that have been agreed and have not ended."""
    return [act for act in acts if time < datetime.fromisoformat(act.what["ends"])]


class Emergencies:
    """The emergencies in force, looked up for every answer.

    The register is read again whenever it has changed; whether an emergency has ended is asked of the time each time,
    which never goes back: what has ended once is not looked at again.
    """

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._kept: tuple[int, list[Act]] = (-1, [])

    def at(self, time: datetime) -> list[Act]:
        """Return those in force at a time, oldest first."""
        version, kept = self._acts.version, self._kept
        if kept[0] != version:
            self._kept = kept = version, active(self._acts.of_kind(EmergencyKind.name), time)
        return active(kept[1], time)


def with_emergencies(people: Organisation, acts: Iterable[Act]) -> Organisation:
    """Return the organisation with what emergencies add to their users."""
    for act in acts:
        what, user = act.what, people.users.get(act.what["user"])
        if user is None:
            continue
        raised = user.model_copy(update={
            "clearance": max(user.clearance, what["clearance"] or user.clearance, key=LEVELS.index),
            "permits": sorted({*user.permits, *what["permits"]}),
            "purposes": sorted({*user.purposes, *what["purposes"]}),
        })  # fmt: skip
        cases = {
            name: case.model_copy(update={"members": [*case.members, what["user"]]})
            for name, case in people.cases.items() if name in what["files"] and what["user"] not in case.members
        }  # fmt: skip
        people = people.model_copy(
            update={"users": {**people.users, what["user"]: raised}, "cases": {**people.cases, **cases}}
        )
    return people
