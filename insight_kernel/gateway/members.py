"""Members of a room besides its own user: who, since when, and what he might see when he was let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from insight_kernel.model import subject
from insight_kernel.model.subject import Subject


@dataclass(frozen=True)
class Member:
    """One admitted member; `rights` are the most he has had since, so that the end of an emergency is a loss too."""

    user: str
    since: str
    rights: Subject

    @property
    def organisation(self) -> str:
        """Return the organisation he was let in for; nothing when it is not exactly one."""
        found = self.rights.organisations or frozenset()
        return next(iter(found)) if len(found) == 1 else ""

    def written(self) -> dict[str, Any]:
        """Return him as the log holds him."""
        return {"user": self.user, "since": self.since, "rights": subject.written(self.rights)}


def read_member(stored: Mapping[str, Any]) -> Member:
    """Read what `written` wrote; rights that cannot be read are none, and with none nobody stays in."""
    return Member(stored["user"], stored["since"], subject.read_subject(stored["rights"]))
