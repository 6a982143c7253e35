"""Groups: what a label means by one, while its membership changes.

Whoever may receive by a group, and whom a label excludes by it, are two lists. A change that would show more - a new
member who receives, a former member no longer excluded - takes two people and thirty days; one that shows less counts
at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from insight_kernel.errors import BadInput, Refused
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, What, text, texts

NOTICE = timedelta(days=30)
Members = Mapping[str, frozenset[str]]


class GroupKind(Kind):
    """A change of a registered group, announced to the keepers of all owners.

    `what`: group, add and remove (organisation codes).
    """

    name, operation = "group", "alteration"

    def checked(self, what: What, by: str, now: Now) -> Asked:
        """Return a change of known codes, asked for by an operator or an owner's keeper."""
        if not _may_change(by, now):
            raise Refused("change a group", "it is for operators and keepers", "Ask one of them.")
        found = {"group": text(what, "group"), "add": texts(what, "add"), "remove": texts(what, "remove")}
        unknown = [
            c for c in (*found["add"], *found["remove"]) if not now.people.knows(c) or c in now.people.groups
        ]
        if unknown or not (found["add"] or found["remove"]):
            raise BadInput(
                "change a group", "add or remove known organisations; groups do not nest", "Check them."
            )
        return Asked(found)

    def may_decide(self, _act: Act, user: str, now: Now) -> bool:
        """The second person is another operator or keeper."""
        return _may_change(user, now)

    def concerns(self, act: Act, user: str, now: Now) -> bool:
        """It is announced to all keepers, those whose labels name the group among them, and to the officer."""
        return now.holds(user, "officer") or super().concerns(act, user, now)


@dataclass(frozen=True)
class Groups:
    """Who receives by each group, who is excluded by it, and which parts of acts have been used up."""

    receiving: Members
    excluding: Members
    done: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        lists = {
            name: {g: sorted(members) for g, members in getattr(self, name).items()}
            for name in ("receiving", "excluding")
        }
        return {**lists, "done": sorted(self.done)}

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Groups":
        """Read what `as_dict` wrote."""
        receiving, excluding = (
            {g: frozenset(m) for g, m in raw[name].items()} for name in ("receiving", "excluding")
        )
        return cls(receiving, excluding, frozenset(raw["done"]))


def in_force(before: Groups, file: Mapping[str, Iterable[str]], acts: Iterable[Act], day: date) -> Groups:
    """Return what counts today, from what counted before, what the file says, and which changes have had their time.

    Each change agreed is good for once: a member who left and is listed again needs a new one.

    Examples
    --------
    >>> before = Groups({"G-X": frozenset({"FR", "MA"})}, {"G-X": frozenset({"FR", "MA"})})
    >>> now = in_force(before, {"G-X": ["FR", "JP"]}, [], date(2026, 11, 22))
    >>> sorted(now.receiving["G-X"]), sorted(now.excluding["G-X"])
    (['FR'], ['FR', 'JP', 'MA'])
    """
    ripe = {
        (name, act.what["group"], code): f"{act.id}/{code}"
        for act in acts if day >= _since(act) + NOTICE
        for name in ("add", "remove") for code in act.what[name] if f"{act.id}/{code}" not in before.done
    }  # fmt: skip
    receiving, excluding, done = {}, {}, set(before.done)
    for group in {*file, *before.excluding}:
        listed = frozenset(file.get(group, ()))
        received, excluded = (lists.get(group, frozenset()) for lists in (before.receiving, before.excluding))
        added = {code for code in listed - received if ("add", group, code) in ripe}
        removed = {code for code in excluded - listed if ("remove", group, code) in ripe}
        done |= {ripe["add", group, code] for code in added} | {
            ripe["remove", group, code] for code in removed
        }
        if group in file:
            receiving[group] = (listed & received) | added
        excluding[group] = listed | (excluded - removed)
    return Groups(receiving, excluding, frozenset(done))


def waiting(file: Mapping[str, Iterable[str]], found: Groups) -> list[str]:
    """Return the groups to which the file gives members who do not receive by them yet."""
    return sorted(group for group, members in file.items() if not set(members) <= found.receiving[group])


def _since(act: Act) -> date:
    return datetime.fromisoformat(act.decided or act.since).date()


def _may_change(user: str, now: Now) -> bool:
    return now.holds(user, "operator") or now.holds(user, "owner-keeper")


def first(file: Mapping[str, Iterable[str]]) -> Groups:
    """Return what counts when a store sees its groups for the first time: what the file says."""
    members = {group: frozenset(listed) for group, listed in file.items()}
    return Groups(members, members)


def groups_entry(found: Groups) -> dict[str, Any]:
    """Return the log entry by which a later start knows what counted."""
    return {"operation": "alteration", "request": "groups", "groups": found.as_dict()}
