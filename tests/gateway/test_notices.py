"""What people are told without asking: that something of theirs is stale or expires, never what changed, or of whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.gateway.page.notices import Notice, notices
from insight_kernel.gateway.service import Gateway
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.companies import store_of_companies
from tests.runs import made, release
from tests.servers import Server, gateway

TODAY = datetime.now(UTC).date()
SOON = TODAY + timedelta(days=90)
SOURCES: dict[str, dict[str, Any]] = {
    "plain": {"owner": "MA"},
    "mail": {"owner": "MA", "handling": ["H2"]},
    "french": {"owner": "FR"},
    "ending": {"owner": "MA", "expires": SOON.isoformat()},
    "parisian": {"owner": "FR", "expires": SOON.isoformat()},
    "lasting": {"owner": "MA", "expires": (TODAY + timedelta(days=400)).isoformat()},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a company under each of these labels."""
    return store_of_companies(tmp_path_factory.mktemp("notices"), SOURCES)


@contextmanager
def opened(store: Path) -> Iterator[Gateway]:
    """The gateway in this process; the one that served the store has ended."""
    found = Gateway(Store(open_folder(store)))
    try:
        yield found
    finally:
        found.close()


def told(store: Path, *users: str) -> list[list[str]]:
    """Return what each of these people is told."""
    with opened(store) as found:
        return [[notice.text for notice in notices(found, user)] for user in users]


def act(server: Server, by: str, second: str | None, kind: str, **what: Any) -> str:
    """Do an act, with a second person if it takes one; return its id."""
    asked = server.operate("/acts/ask", {"user": by, "kind": kind, "what": what, "reason": "for a test"})
    id_ = str(asked.raise_for_status().json()["id"])
    if second is not None:
        said = {"user": second, "id": id_, "answer": "agree"}
        server.operate("/acts/decide", said).raise_for_status()
    return id_


def change(server: Server, source: str, user: str = "salma", **fields: Any) -> None:
    """Tighten the labels of a source as its keeper."""
    shown = server.operate("/acts/labels", {"user": user, "source": source, "records": []}).json()
    act(server, user, None, "label", source=source, records=[], fields=fields, version=shown["version"])


@pytest.mark.case("A79")
@pytest.mark.parametrize(
    ("fields", "opens"),
    [({"level": "restricted"}, True), ({"only": []}, False), ({"withdrawn": True}, False)],
)
def test_whose_run_went_stale_is_told_and_nobody_else(
    store: Path, fields: dict[str, Any], opens: bool
) -> None:
    """It names no owner and no source, and leads to the report if he may open it still; what is fresh is not there."""
    with gateway(store) as server:
        run = made(server, ["plain"])
        made(server, ["french"])
        made(server, ["french"], user="ben")
        change(server, "plain", **fields)
    with opened(store) as found:
        [notice] = notices(found, "ana")
        assert notices(found, "ben") == notices(found, "nobody") == []
    assert notice.text.startswith("Your report subject_profile of OP-LANTERN, made on ")
    assert notice.text.endswith(", is stale. Make it again.")
    assert not [word for word in ("MA", "plain", "restricted") if word in notice.text]
    assert notice.path == (f"reports/{run}" if opens else None)


def test_a_run_made_again_is_not_told_of(store: Path) -> None:
    """With the same parameters, for the same recipient; one that has gone stale again is told of once."""
    with gateway(store) as server:
        made(server, ["plain"])
        change(server, "plain", level="restricted")
        made(server, ["plain"], recipient="FR")
    assert len(*told(store, "ana")) == 1
    with gateway(store) as server:
        made(server, ["plain"])
    assert told(store, "ana") == [[]]
    with gateway(store) as server:
        change(server, "plain", excluded=["JP"])
    assert len(*told(store, "ana")) == 2


def test_a_run_that_is_over_is_not_told_of(store: Path) -> None:
    """On its last day it is gone, and the notice with it."""
    with gateway(store) as server:
        made(server, ["plain"], until="2030-01-01")
        change(server, "plain", level="restricted")
    with opened(store) as found:
        for day, number in (("2029-12-31", 1), ("2030-01-01", 0)):
            found.clock.take({"time": f"{day}T00:00:00+00:00"})
            assert len(notices(found, "ana")) == number


def test_who_released_a_run_is_told_until_it_is_released_again(store: Path) -> None:
    """To each organisation for itself; made again is not enough, for the old copy is still what they hold."""
    with gateway(store) as server:
        run = made(server, ["plain"])
        for to in ("DE", "FR"):
            assert release(server, run, to, "luc").json()["granted"]
        change(server, "plain", level="restricted")
    start = f"The report subject_profile of OP-LANTERN, made on {TODAY}, which you released to "
    ana, luc = told(store, "ana", "luc")
    assert (len(ana), luc) == (1, [f"{start}DE, FR, is stale."])
    with gateway(store) as server:
        again = made(server, ["plain"])
    assert told(store, "ana", "luc") == [[], [f"{start}DE, FR, is stale."]]
    with gateway(store) as server:
        assert release(server, again, "FR", "luc").json()["granted"]
    assert told(store, "luc") == [[f"{start}DE, is stale."]]


def test_keepers_are_told_of_what_was_released_to_their_organisation(store: Path) -> None:
    """By the number printed on their copy, until a new one is released to them; it leads nowhere they may not go."""
    with gateway(store) as server:
        run = made(server, ["plain"])
        assert release(server, run, "FR", "luc").json()["granted"]
        change(server, "plain", level="restricted")
    expected = f"The report {run}, released to FR on {TODAY}, is stale. Ask FR for it again."
    assert [expected in found for found in told(store, "nadia", "pascal", "salma", "ana")] == [
        True,
        True,
        False,
        False,
    ]
    with gateway(store) as server:
        assert release(server, made(server, ["plain"]), "FR", "luc").json()["granted"]
    assert expected not in told(store, "nadia")[0]


@pytest.mark.case("A79")
def test_a_consent_revoked_is_told_of(store: Path) -> None:
    """What was made for a recipient may not go there any more."""
    with gateway(store) as server:
        what = {"owner": "MA", "data_owner": "MA", "source": "mail", "recipient": "FR", "purpose": "network",
                "until": SOON.isoformat()}  # fmt: skip
        given = act(server, "ana", "salma", "consent", **what)
        made(server, ["mail"], recipient="FR")
    assert told(store, "ana") == [[]]
    with gateway(store) as server:
        end = {"user": "salma", "id": given, "answer": "end", "reason": "for a test"}
        server.operate("/acts/decide", end).raise_for_status()
    assert len(*told(store, "ana")) == 1


def test_whose_note_went_stale_is_told(store: Path) -> None:
    """Its author, not its reviewer; a later note about the same takes its place."""
    with gateway(store) as server:
        noted(server)
        change(server, "plain", level="restricted")
    assert told(store, "ana", "luc") == [[f"Your note of {TODAY} is stale."], []]
    with gateway(store) as server:
        noted(server)
    assert told(store, "ana") == [[]]


def noted(server: Server) -> None:
    """Let ana make a note about a company, which luc reviews."""
    ana = server.asker(case="OP-LANTERN")
    [id_] = ana.table("find", schema="Company", filters={"name": ["plain"]})["id"].to_pylist()
    record = str(ana.table("get", ids=[id_])["record"][0].as_py())
    draft = ana.json("draft", target=id_, text="A note.")["draft"]
    act(server, "ana", "luc", "note", draft=draft, records=[record])


def test_keepers_are_reminded_of_what_expires(store: Path) -> None:
    """Within half a year, of their own organisation's sources; nobody else is."""
    with opened(store) as found:
        for source, keepers in (("ending", ("salma", "tariq")), ("parisian", ("nadia", "pascal"))):
            reminder = Notice(f"Of {source}, 1 record expires on {SOON}.", f"labels/{source}")
            assert [notices(found, keeper) for keeper in keepers] == [[reminder]] * 2
        assert notices(found, "ana") == notices(found, "ben") == []
