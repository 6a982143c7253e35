"""Rooms: who may be let in, what is seen together, who is out and how soon, and who never gets in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.identity.at_page import AtPage, at_page
from tests.identity.conftest import LATEST, SEEN, Served, Someone, until

WHY = "Invented, for a test."


def joins_case(served: Served, user: str, someone: Someone) -> None:
    """Make a user a member of somebody's case, in the file and in the hub."""
    served.change(lambda people: people["cases"][someone.case]["members"].append(user))
    in_hub_group(served, user, someone, "POST")


def in_hub_group(served: Served, user: str, someone: Someone, method: str) -> None:
    at = f"/groups/case-{someone.case.lower()}/users"
    served.hub.api(method, at, json={"users": [user]}).raise_for_status()


@dataclass(frozen=True)
class Room:
    """Somebody with a workspace of his own at the page, and somebody else of his case."""

    served: Served
    owner: Someone
    page: AtPage
    other: str

    def admits(self, user: str | None = None) -> httpx.Response:
        """Let somebody in: the other, if nobody is named; the answer is that of the last page seen."""
        told = self.page.send(self._at, member=self.other if user is None else user)
        return self.page.confirm(told) if told.status_code == httpx.codes.OK else told

    def removes(self) -> httpx.Response:
        """Put the other one out."""
        return self.page.confirm(self.page.send(f"{self._at}/remove", member=self.other))

    def members(self) -> list[str]:
        """Return who the log says is in it now."""
        own = [
            entry for entry in self.served.entries()
            if entry["operation"] == "workspace" and entry["user"] == self.owner.user
        ]  # fmt: skip
        return [member["user"] for member in own[-1]["opened"].get("members", [])]

    def left(self) -> list[tuple[str, str, str | None]]:
        """Return who went: by whom, and why."""
        return [
            (e["member"], e["by"], e.get("reason")) for e in self.owner.entries() if e.get("act") == "left"
        ]

    def shared(self) -> list[str]:
        """Return whom the hub lets in to the server."""
        answer = self.served.hub.api("GET", self.shares_path)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        return [(item["user"] or item["group"])["name"] for item in answer.json()["items"]]

    def shares(self, **who: str) -> None:
        """Let somebody use the server, as only an administrator of the hub could; the hub knows it without a start."""
        self.served.hub.api("PUT", f"/users/{self.owner.user}/servers/{self.owner.case.lower()}")
        self.served.hub.api("POST", self.shares_path, json=who).raise_for_status()

    @property
    def shares_path(self) -> str:
        return f"/shares/{self.owner.user}/{self.owner.case.lower()}"

    @property
    def _at(self) -> str:
        return f"workspaces/{self.owner.case.lower()}/members"


@pytest.fixture
def room(served: Served, enter: Callable[[str], AtPage]) -> Callable[..., Room]:
    """Make a room that nobody is in yet: its owner's country, and that of somebody else of the case."""

    def make(country: str = "FR", other: str = "FR") -> Room:
        page = enter(country)
        owner = Someone(
            served, page.user, case := f"C-{page.user.upper()}", served.hub.server_token(page.user, case)
        )
        user = f"{other.lower()}{next(served.numbers[other])}"
        joins_case(served, user, owner)
        return Room(served, owner, page, user)

    return make


# -- who may be let in -----------------------------------------------------------------------------------------------
Prepare = Callable[[Room], str | None]


def has(**rights: Any) -> Prepare:
    """Give the other one these rights."""
    return lambda room: room.served.change(lambda people: people["users"][room.other].update(rights))


def reads(room: Room) -> None:
    assert room.owner.sees() == SEEN["FR"]


def reads_secrets(room: Room) -> None:
    room.served.change(lambda people: people["users"][room.owner.user].update(clearance="confidential"))
    assert room.owner.sees() == {*SEEN["FR"], "secret"}


def is_in(room: Room) -> None:
    assert room.admits().status_code == 200


ADMITTED: dict[str, tuple[str, list[Prepare], int, str]] = {
    "as many rights": ("FR", [reads], 200, ""),
    "more rights": ("FR", [has(clearance="confidential", purposes=["network", "warn"]), reads], 200, ""),
    "another country, and nothing was read": ("MA", [], 200, ""),
    "another country, and something was read": ("MA", [reads], 403, "label"),
    "too low a clearance for what was read": ("FR", [reads_secrets], 403, "label"),
    "too low a clearance, and nothing was read": ("FR", [has(clearance="official")], 200, ""),
    "not for this purpose": ("FR", [has(purposes=["investigate"])], 403, "purpose"),
    "no member in the file": (
        "FR", [lambda room: room.served.change(lambda people: people["cases"][room.owner.case]["members"].pop())],
        403, "not-a-member"),
    "no member in the hub": (
        "FR", [lambda room: in_hub_group(room.served, room.other, room.owner, "DELETE")], 403, "not-in-hub-group"),
    "somebody of another case": ("FR", [lambda room: room.served.someone().user], 403, "not-a-member"),
    "nobody there is": ("FR", [lambda _: "eve"], 403, "user-removed"),
    "no name at all": ("FR", [lambda _: "  "], 422, "nobody"),
    "the owner himself": ("FR", [lambda room: room.owner.user], 422, "already-in"),
    "a member": ("FR", [is_in], 422, "already-in"),
}  # fmt: skip
KEPT_OUT = "has read what {} may not see, or awaits cleaning. Open a fresh workspace with him from the start."


@pytest.mark.case("A12")
@pytest.mark.parametrize("who", ADMITTED)
def test_who_may_be_let_in(room: Callable[..., Room], who: str) -> None:
    """He works in the case for its purpose, and may see all that was read; what keeps him out is not told."""
    country, prepared, status, why = ADMITTED[who]
    found = room("FR", country)
    user = found.other
    for prepare in prepared:
        user = prepare(found) or user
    before = found.members()
    answer = found.admits(user)
    assert answer.status_code == status, answer.text
    assert found.members() == (before if status != 200 else [found.other])
    refused = [e for e in found.owner.entries() if e.get("reason") == "member-refused"]
    assert [entry["why"] for entry in refused] == ([why] if why else [])
    if why:
        assert 'role="alert"' in answer.text
    assert (KEPT_OUT.format(user) in answer.text) == (why == "label")
    assert not [
        word
        for word in ("secret", "confidential")
        if why == "label" and word in answer.text.partition("<form")[0]
    ]


def test_nothing_happens_before_it_is_confirmed(room: Callable[..., Room]) -> None:
    """The page tells it back first; the log has who let in whom, before it counts."""
    found = room()
    told = found.page.send(f"workspaces/{found.owner.case.lower()}/members", member=found.other)
    assert f"Analyst {found.other}, FR, becomes a member" in told.text
    assert found.members() == []
    page = found.page.confirm(told)
    assert f"Analyst {found.other}" in page.text.partition("Put out</th>")[2]
    [entry] = [e for e in found.owner.entries() if e.get("act") == "admitted"]
    assert (entry["member"], entry["by"]) == (found.other, found.owner.user)


@pytest.mark.parametrize("form", ["members", "members/remove"])
def test_only_its_own_user_changes_a_room(room: Callable[..., Room], form: str) -> None:
    """A member lets nobody in or out: the workspace is not his, and not there."""
    found = room()
    found.admits()
    with at_page(found.served, found.other) as member:
        answer = member.send(f"workspaces/{found.owner.case.lower()}/{form}", member=found.other)
    assert answer.status_code == 404
    assert found.members() == [found.other]
