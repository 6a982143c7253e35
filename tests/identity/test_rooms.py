"""Rooms: who may be let in, what is seen together, who is out and how soon, and who never gets in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.identity.at_page import PAGE, AtPage, at_page, field
from tests.identity.conftest import LATEST, SEEN, Served, Someone
from tests.servers import until

WHY = "Invented, for a test."
LOOK = 20.0  # seconds in which the rooms of all these tests are looked at, some at a time, on a busy machine


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
            if entry["operation"] == "workspace" and entry["case"] == self.owner.case
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


@pytest.mark.case("A12")
def test_after_a_withdrawal_nobody_comes_in(room: Callable[..., Room]) -> None:
    """Until its home was cleaned a workspace holds what nobody is shown any more; the refusal says no more of it."""
    found = room("ES", "ES")
    source = found.served.source()
    assert source in found.owner.sees()
    assert (
        found.page.send(f"workspaces/{found.owner.case.lower()}/members", member=found.other).status_code
        == 200
    )
    version = field(found.page.get(f"labels/{source}"), "version")
    found.page.confirm(found.page.send(f"labels/{source}/withdraw", version=version, records="", reason=WHY))
    answer = found.admits()
    assert (answer.status_code, KEPT_OUT.format(found.other) in answer.text) == (403, True)
    [refused] = [e for e in found.owner.entries() if e.get("reason") == "member-refused"]
    assert refused["why"] == "awaits-cleaning"


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


@pytest.mark.case("A77")
@pytest.mark.parametrize("form", ["members", "members/remove"])
def test_only_its_own_user_changes_a_room(room: Callable[..., Room], form: str) -> None:
    """A member lets nobody in or out: the workspace is not his, and not there."""
    found = room()
    found.admits()
    with at_page(found.served, found.other) as member:
        answer = member.send(f"workspaces/{found.owner.case.lower()}/{form}", member=found.other)
    assert answer.status_code == 404
    assert found.members() == [found.other]


# -- what is seen together -------------------------------------------------------------------------------------------
@pytest.mark.case("A12")
def test_a_room_is_shown_what_all_its_members_may_see(room: Callable[..., Room]) -> None:
    """Paris sees what is French, Rabat what is Moroccan, both together neither; alone again it is as before."""
    found = room("FR", "MA")
    label = found.owner.ask("me").json()["workspace"]
    found.admits()
    assert found.owner.sees() == SEEN["FR"] & SEEN["MA"]
    assert found.owner.ask("me").json()["workspace"] == label
    [entry] = [entry for entry in found.owner.entries() if entry.get("request") == "find"]
    assert (entry["members"], entry["organisations"]) == ([found.other], ["FR", "MA"])
    found.removes()
    assert found.owner.sees() == SEEN["FR"]
    *_, alone = [entry for entry in found.owner.entries() if entry.get("request") == "find"]
    assert not {"members", "organisations"} & set(alone)


def test_a_replaced_workspace_has_no_members(room: Callable[..., Room]) -> None:
    """An empty one begins with its user alone."""
    found = room("FR", "MA")
    found.admits()
    assert found.served.hub.open(found.owner.user, found.owner.case, replace=True) == 2
    assert found.members() == []
    assert found.owner.sees() == SEEN["FR"]
    with at_page(found.served, found.other) as member:
        assert "Rooms I am in" not in member.get().text


def trusted(client: httpx.Client, at: str) -> httpx.Response:
    """Go to somebody else's server as a browser does: the hub asks first whether one trusts it."""
    asked = client.get(at)
    sent = {name: re.findall(rf'name="{name}" value="([^"]*)"', asked.text) for name in ("_xsrf", "scopes")}
    return client.post(str(asked.url), data=sent, headers={"Referer": str(asked.url)})


@pytest.mark.slow
def test_a_member_gets_to_the_server_and_no_longer_when_he_is_out(room: Callable[..., Room]) -> None:
    """His button starts it and lets him in; put out, he is before a closed door, and the server has ended."""
    found = room("FR", "MA")
    found.admits()
    at = f"/user/{found.owner.user}/{found.owner.case.lower()}/"
    named = {"owner": found.owner.user, "server": found.owner.case.lower()}
    with at_page(found.served, found.other) as member:

        def opened() -> httpx.Response | None:
            answer = member.client.post(
                f"{PAGE}rooms/open",
                data={"form": field(member.get(), "form"), **named},
                follow_redirects=False,
            )
            assert answer.status_code == 303 or "is starting" in answer.text, answer.text
            return answer if answer.status_code == 303 else None

        assert until(opened).headers["location"] == at
        assert found.shared() == [found.other]
        assert trusted(member.client, at).status_code == 200
        assert member.client.get(f"{at}api/status").status_code == 200
        found.removes()
        assert found.shared() == []
        assert member.client.get(f"{at}api/status").status_code in (403, 404)
    assert not found.served.hub.api("GET", f"/users/{found.owner.user}").json()["servers"]


# -- who is out ------------------------------------------------------------------------------------------------------
def is_no_member(room: Room) -> None:
    room.served.change(lambda people: people["cases"][room.owner.case]["members"].remove(room.other))


def is_removed(room: Room) -> None:
    def remove(people: dict[str, Any]) -> None:
        del people["users"][room.other]
        for case in people["cases"].values():
            case["members"] = [user for user in case["members"] if user != room.other]

    room.served.change(remove)


def leaves_another_case(room: Room) -> None:
    own = f"C-{room.other.upper()}"
    room.served.change(lambda people: people["cases"][own].update(members=["nobody"]))


LOST: dict[str, tuple[Callable[[Room], object], str]] = {
    "his clearance": (has(clearance="official"), "less-clearance"),
    "the purpose": (has(purposes=["investigate"]), "purpose"),
    "another purpose": (has(purposes=["network"]), "less-purposes"),
    "a permit": (has(permits=[]), "less-permits"),
    "his organisation": (has(organisation="MA"), "organisation-changed"),
    "the case": (is_no_member, "not-a-member"),
    "another case": (leaves_another_case, "less-files"),
    "everything": (is_removed, "user-removed"),
    "the hub's group": (lambda room: in_hub_group(room.served, room.other, room.owner, "DELETE"), "not-in-hub-group"),
}  # fmt: skip


@pytest.mark.case("A12")
@pytest.mark.parametrize("what", LOST)
def test_who_loses_a_right_loses_the_room(room: Callable[..., Room], what: str) -> None:
    """At the next request, which is refused; the room goes on without him, and its server has ended."""
    change, cause = LOST[what]
    found = room()
    has(permits=["minor"])(found)
    found.admits()
    found.shares(user=found.other)
    assert found.owner.sees() == SEEN["FR"]
    before = len(found.served.entries())
    change(found)
    if what == "the hub's group":
        until(lambda: found.owner.ask().status_code == 403 or found.left(), seconds=LATEST)
    else:
        found.owner.ask()
        answered = [e for e in found.served.entries()[before:] if e.get("decision") == "answered"]
        assert not [entry for entry in answered if found.other in entry.get("members", [])]
    assert found.left() == [(found.other, "gateway", cause)]
    assert (found.members(), found.shared()) == ([], [])
    until(lambda: found.owner.ask().status_code == 200, seconds=LATEST)


@pytest.mark.case("A12")
def test_who_only_looks_over_a_shoulder_loses_the_server_too(room: Callable[..., Room]) -> None:
    """Nobody asks anything: he is out within seconds all the same."""
    found = room()
    found.admits()
    found.shares(user=found.other)
    has(clearance="official")(found)
    until(lambda: found.left() and not found.shared(), seconds=LATEST + LOOK)
    assert found.left() == [(found.other, "gateway", "less-clearance")]


@pytest.mark.case("A72")
def test_the_end_of_an_emergency_is_a_loss(room: Callable[..., Room], enter: Any) -> None:
    """What the room could read with it stays in the room; who had it, does not."""
    found, officer, asking = room(), enter("officer"), enter("FR")
    found.admits()
    act = asking.done("emergency", user=found.other, hours="2", clearance="confidential", reason=WHY)
    officer.decides(act)
    assert found.owner.sees() == SEEN["FR"]
    [entry] = [entry for entry in found.owner.entries() if entry.get("request") == "find"]
    assert entry["emergency"] == act
    officer.done("end", act=act, reason=WHY)
    until(lambda: found.left(), seconds=LATEST + LOOK)
    assert found.left() == [(found.other, "gateway", "less-clearance")]


@pytest.mark.case("A12")
def test_a_member_leaves_on_the_page(room: Callable[..., Room]) -> None:
    """He is told what it does first; the log says that it was he."""
    found = room()
    found.admits()
    found.shares(user=found.other)
    named = {"owner": found.owner.user, "server": found.owner.case.lower()}
    with at_page(found.served, found.other) as member:
        assert f"{found.owner.case}, of Analyst {found.owner.user}" in member.get().text
        told = member.send("rooms/leave", **named)
        assert "Its server ends now, for everybody" in told.text
        assert found.members() == [found.other]
        assert "Rooms I am in" not in member.confirm(told).text
        assert member.send("rooms/leave", **named).status_code == 404
    assert found.left() == [(found.other, found.other, None)]
    assert (found.members(), found.shared()) == ([], [])


def test_the_owner_puts_a_member_out(room: Callable[..., Room]) -> None:
    """Twice is refused, and changes nothing."""
    found = room()
    found.admits()
    assert found.removes().status_code == 200
    assert found.left() == [(found.other, found.owner.user, None)]
    assert (
        found.page.send(
            f"workspaces/{found.owner.case.lower()}/members/remove", member=found.other
        ).status_code
        == 404
    )


# -- who never gets in -----------------------------------------------------------------------------------------------
@pytest.mark.case("A12")
@pytest.mark.parametrize("kind", ["user", "group"])
@pytest.mark.parametrize("members", [False, True])
def test_whom_only_the_hub_names_gets_nothing(
    served: Served, room: Callable[..., Room], kind: str, members: bool
) -> None:
    """No data for anybody while he may use the server; a room loses the server, and he the way to it."""
    found = room()
    if members:
        found.admits()
        found.shares(user=found.other)
        assert found.owner.sees() == SEEN["FR"]
    stranger = served.someone().user
    group = f"case-{stranger}".replace("case-", "case-c-")
    found.shares(**{kind: stranger if kind == "user" else group})
    # a room's server may have ended before anybody asked: then the share is gone
    until(
        lambda: found.owner.ask().status_code == 403 or (members and not found.shared()),
        seconds=LATEST + LOOK,
    )
    if members:
        until(lambda: not found.shared(), seconds=LATEST + LOOK)
        [alarm] = [e for e in found.owner.entries() if e.get("reason") == "shared-room"]
        assert alarm["others"] == [stranger if kind == "user" else f"group {group}"]
        until(lambda: found.owner.ask().status_code == 200, seconds=LATEST)
        assert found.members() == [found.other]


@pytest.mark.case("A12")
def test_a_room_takes_nobody_along_into_another_workspace(served: Served, room: Callable[..., Room]) -> None:
    """Its user gives the server the name of another one, which its members could then use: it ends."""
    found = room()
    found.admits()
    found.shares(user=found.other)
    other = served.someone()
    joins_case(served, found.owner.user, other)
    served.hub.open(found.owner.user, other.case)
    name = {"name": other.case.lower()}
    at = f"{found.owner.user}/{found.owner.case.lower()}".replace("/", "/servers/")
    served.hub.api("PATCH", f"/users/{at}", json=name).raise_for_status()
    shares = f"/shares/{found.owner.user}/{other.case.lower()}"
    until(lambda: served.hub.api("GET", shares).status_code == 404, seconds=LATEST + LOOK)
    assert (found.left(), found.members()) == ([], [found.other])


@pytest.mark.case("A12")
@pytest.mark.parametrize("path", ["shares", "share-codes"])
def test_nobody_but_the_gateway_shares(served: Served, path: str) -> None:
    """Neither the token of a server, nor one with all a user has, nor his browser."""
    someone, other = served.someone(), served.someone()
    served.hub.api("PUT", f"/users/{someone.user}/servers/{someone.case.lower()}").raise_for_status()
    at, body = (
        f"/{path}/{someone.user}/{someone.case.lower()}",
        {"user": other.user} if path == "shares" else {},
    )
    everything = served.hub.user_token(someone.user, ["inherit"])
    for token in (someone.token, everything):
        assert served.hub.api("POST", at, token=token, json=body).status_code == 403
    with served.hub.browser(someone.user) as browser:
        browser.get("/hub/home")
        sent = {
            "X-XSRFToken": browser.cookies.get("_xsrf", path="/hub/"),
            "Referer": f"{served.hub.url}/hub/home",
        }
        assert browser.get(f"/hub/api/users/{someone.user}", headers=sent).status_code == 200
        assert browser.post(f"/hub/api{at}", json=body, headers=sent).status_code == 403


def test_somebody_elses_room_is_not_there(room: Callable[..., Room]) -> None:
    """To open or leave it, before he was let in: the answer is that for one that never was."""
    found = room()
    with at_page(found.served, found.other) as stranger:
        answers = [
            stranger.send(path, owner=found.owner.user, server=server)
            for path in ("rooms/open", "rooms/leave") for server in (found.owner.case.lower(), "c-never-was")
        ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.text for answer in answers}) == 1
    assert found.shared() == []
