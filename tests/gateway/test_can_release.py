"""May this leave? Asked of a workspace's floating label, answered for each recipient, and logged."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import insight_kernel as insight
from insight_kernel.audit.chain import entries
from tests.companies import store_of_companies

SOURCES = {
    "open": {"owner": "MA"},
    "grouped": {"owner": "DE", "only": ["G-WESTMED"]},
    "secret": {"owner": "DE", "level": "confidential"},
    "asked-first": {"owner": "MA", "handling": ["H2"]},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one company under each of four labels."""
    return store_of_companies(tmp_path_factory.mktemp("release"), SOURCES)


@pytest.fixture
def ws(base: Path, tmp_path: Path) -> Iterator[insight.Workspace]:
    """A fresh workspace of ana (FR)."""
    store = Path(shutil.copytree(base, tmp_path / "store"))
    with insight.open(store, user="ana", purpose="network", quiet=True) as found:
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


def test_the_question_is_in_the_log(ws: insight.Workspace, tmp_path: Path) -> None:
    """For whom, and what was granted."""
    ws.find("Company", name="open")
    ws.can_release(to=["FR", "JP"])
    *_, last = entries(tmp_path / "store" / "audit" / "log.jsonl")
    assert (last["request"], last["to"], last["granted"]) == ("can_release", ["FR", "JP"], ["FR"])


def test_a_label_that_names_a_group_is_shown_to_its_members(ws: insight.Workspace) -> None:
    """France is in the group: owner and all of that label stand in the banner, not "other conditions"."""
    assert ws.find("Company", name="grouped").insight.label["owners"] == ["DE"]
    assert (ws.label["owners"], ws.label["other"]) == (["DE"], False)
