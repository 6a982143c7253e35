"""May this leave? Asked of a workspace's floating label, answered for each recipient, and logged."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import insight_kernel as insight
from insight_kernel.audit.chain import entries
from tests.companies import store_of_companies
from tests.servers import Server

SOURCES = {
    "open": {"owner": "MA"},
    "grouped": {"owner": "DE", "only": ["G-WESTMED"]},
    "secret": {"owner": "DE", "level": "confidential"},
    "asked-first": {"owner": "MA", "handling": ["H2"]},
}
CASES = [f"OP-{n}" for n in range(20)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one company under each of four labels, and cases of ana's."""
    store = store_of_companies(tmp_path_factory.mktemp("release"), SOURCES)
    path = store / "organisation.yml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    said["cases"] |= {case: {**said["cases"]["OP-LANTERN"], "members": ["ana"]} for case in CASES}
    path.write_text(yaml.safe_dump(said), encoding="utf-8")
    return store


@pytest.fixture(scope="module")
def cases() -> Iterator[str]:
    """The cases there are, each for one test."""
    return iter(CASES)


@pytest.fixture
def ws(shared: Server, cases: Iterator[str]) -> Iterator[insight.Workspace]:
    """A fresh workspace of ana (FR)."""
    with insight.open(shared.store, user="ana", purpose="network", case=next(cases), quiet=True) as found:
        yield found


@pytest.mark.parametrize(
    ("read", "to", "granted", "told"),
    [
        (["open"], "FR", True, [""]),
        (["open"], "JP", False, ["purpose"]),
        (["open", "grouped"], "MA", True, [""]),
        (["open", "grouped"], "IPSG", False, ["other reasons that cannot be shown"]),
        (["secret"], "MA", False, ["clearance"]),
        (["asked-first"], "MA", True, [""]),
        (["asked-first"], "DE", False, ["consent"]),
        ([], "FR", False, ["other reasons that cannot be shown"]),
    ],
)
def test_what_was_read_decides_what_may_leave(
    ws: insight.Workspace, read: list[str], to: str, granted: bool, told: list[str]
) -> None:
    """The same workspace, asked for different recipients after different reads."""
    for name in read:
        assert len(ws.find("Company", name=name)) == 1
    found = ws.can_release(to=[to])
    assert (found.granted, found.blockers["reason"].tolist()) == (granted, told)


@pytest.mark.case("A45")
@pytest.mark.parametrize("to", [["XX"], ["X-ACMEBANK"], ["G-WESTMED"], ["FR", "XX"], []])
def test_who_has_no_release_profile_is_no_recipient(ws: insight.Workspace, to: list[str]) -> None:
    """An unknown code, a body without profile, a group, nobody: bad input, and nothing is decided."""
    with pytest.raises(insight.BadInput):
        ws.can_release(to=to)


def test_the_question_is_in_the_log(ws: insight.Workspace, shared: Server) -> None:
    """For whom, and what was granted."""
    ws.find("Company", name="open")
    ws.can_release(to=["FR", "JP"])
    *_, last = entries(shared.store / "audit" / "log.jsonl")
    assert (last["request"], last["to"], last["granted"]) == ("can_release", ["FR", "JP"], ["FR"])


def test_a_label_that_names_a_group_is_shown_to_its_members(ws: insight.Workspace) -> None:
    """France is in the group: owner and all of that label stand in the banner, not "other conditions"."""
    assert ws.find("Company", name="grouped").insight.label["owners"] == ["DE"]
    assert (ws.label["owners"], ws.label["other"]) == (["DE"], False)
