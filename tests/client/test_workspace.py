"""What a notebook holds: frames, entities, graphs, each with the label of the answer it came from."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import insight_kernel as insight
from insight_kernel.client.frames import frame_html
from insight_kernel.client.loading import Delivery, load_deliveries
from insight_kernel.runtime import HOLD, runtime_folder
from tests.build import entity, profile, write_lines, write_yaml

ENTITIES = [
    entity("ana", "Person", name=["KOVAC, Ana", "Ana Kovac", "Ана Ковач"], nationality="rs", birthDate="1980-02-03",
           personStatus="suspect"),
    entity("bo", "Person", name="Bo Lind", nationality="se", personStatus="associate", religion="none"),
    entity("cy", "Person", name="Cy Alone", personStatus="unassessed"),
    entity("firm", "Company", name="Firm Ltd", jurisdiction="cy"),
    entity("own", "Ownership", owner="ana", asset="firm", startDate="2024-05", percentage="40"),
    entity("tie", "Associate", person="ana", associate="bo", relationship="seen together"),
]  # fmt: skip
_PATIENCE = 30


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with six entities of France."""
    folder = tmp_path_factory.mktemp("client")
    lines = write_lines(folder / "people.ftm.jsonl", ENTITIES)
    said = write_yaml(folder / "profile.yml", profile(source="people", title="People", handling=["H1"]))
    assert load_deliveries([Delivery((lines,), said)], store=folder / "store").fine
    return folder / "store"


@pytest.fixture(scope="module")
def ws(store: Path) -> Iterator[insight.Workspace]:
    """Ana's workspace for the purpose network."""
    workspace = insight.open(store, user="ana", purpose="network", quiet=True)
    yield workspace
    workspace.close()


def test_a_frame_begins_with_id_caption_and_schema(ws: insight.Workspace) -> None:
    """The first three columns are always the same; several values are a tuple, the name to show first."""
    frame = ws.find("Person", nationality="RS")
    assert list(frame.columns[:3]) == ["id", "caption", "schema"]
    assert frame["caption"].tolist() == ["Ana Kovac"]
    assert frame["name"].iloc[0][0] == "Ana Kovac"
    assert set(frame["name"].iloc[0]) == {"KOVAC, Ana", "Ana Kovac", "Ана Ковач"}


def test_a_filter_is_read_as_the_property_is_written(ws: insight.Workspace) -> None:
    """Countries may be asked for by code or name, in any case; a list means one of them."""
    for asked in ("rs", "RS", "Serbia", ["RS", "SE"]):
        assert "Ana Kovac" in ws.find("Person", nationality=asked)["caption"].tolist()


def test_an_empty_answer_has_the_columns_of_a_full_one(ws: insight.Workspace) -> None:
    """Code that works on a found person works on none."""
    full, empty = ws.find("Person", nationality="rs"), ws.find("Person", nationality="xk")
    assert empty.empty
    assert list(empty.columns) == [name for name in full.columns if name in empty.columns]
    assert {"id", "caption", "schema", "name", "nationality", "birthDate"} <= set(empty.columns)


def test_a_frame_shows_its_label(ws: insight.Workspace) -> None:
    """In a notebook one line above the table says how to handle it; plain frames are shown as ever."""
    frame = ws.find("Company")
    assert frame.insight.label["owners"] == ["FR"]
    assert "OFFICIAL · owners FR · H1" in str(frame_html(frame))
    assert frame_html(pd.DataFrame({"a": [1]})) is None


def test_a_limit_that_cut_something_off_is_said(ws: insight.Workspace) -> None:
    """Nobody takes a part for the whole."""
    assert "cut off" in ws.find("Person", limit=1).insight.banner
    assert "cut off" not in ws.find("Person", limit=3).insight.banner


def test_an_entity_says_where_each_value_comes_from(ws: insight.Workspace) -> None:
    """Source, owner and grade stand beside every value; a missing grade is said plainly."""
    person = ws.find("Person", nationality="rs", as_entities=True)[0]
    why = person.why()
    assert set(why["source_title"]) == {"People"}
    assert set(why["grade"]) == {"not graded"}
    assert person.properties["birthDate"] == ["1980-02-03"]
    assert why.insight.label["owners"] == ["FR"]


def test_an_id_nobody_was_given_is_not_available(ws: insight.Workspace) -> None:
    """Absent and hidden read alike."""
    with pytest.raises(insight.NotAvailable, match="it may never have existed"):
        ws.entity("00000000000000ff")


def test_a_network_holds_what_was_asked_for_even_alone(ws: insight.Workspace) -> None:
    """Nodes and links say what they are and whose; somebody without links is still there."""
    ids = ws.find("Person").set_index("caption")["id"]
    graph = ws.network([ids["Ana Kovac"], ids["Cy Alone"]], depth=1)
    assert sorted(data["caption"] for _, data in graph.nodes(data=True)) == [
        "Ana Kovac",
        "Bo Lind",
        "Cy Alone",
        "Firm Ltd",
    ]
    assert {(data["schema"], data["owners"]) for *_, data in graph.edges(data=True)} == {
        ("Associate", "FR"),
        ("Ownership", "FR"),
    }


def test_a_timeline_keeps_to_what_happened(ws: insight.Workspace) -> None:
    """One's own dates and dated links are there; when a relative was born is not."""
    person = ws.find("Person", nationality="rs", as_entities=True)[0]
    assert person.timeline()[["start", "kind"]].values.tolist() == [
        ["1980-02-03", "Person"],
        ["2024-05", "Ownership"],
    ]


def test_counts_and_groups_are_of_what_exists(ws: insight.Workspace) -> None:
    """`count` counts entities; `aggregate` counts them per value, largest first, then by value."""
    assert ws.count("Person") == 3
    assert ws.aggregate("Person", "nationality").values.tolist() == [["rs", 1], ["se", 1]]


def test_nobody_is_selected_by_a_sensitive_property(ws: insight.Workspace) -> None:
    """Religion is no filter and no group, whoever asks."""
    for ask in (lambda: ws.find("Person", religion="none"), lambda: ws.aggregate("Person", "religion")):
        with pytest.raises(insight.Refused, match="sensitive"):
            ask()


def test_sql_runs_on_frames_already_held_and_on_nothing_else(ws: insight.Workspace) -> None:
    """DuckDB runs in the notebook's own kernel; no file is reachable through it."""
    people = ws.find("Person")
    result = ws.sql("select count(*) as n from people")
    assert result["n"].tolist() == [len(people)]
    assert result.insight.label == people.insight.label
    with pytest.raises(insight.BadInput):
        ws.sql("select * from read_csv('/etc/passwd')")


def test_a_misspelt_property_is_said_with_its_place(ws: insight.Workspace) -> None:
    """The error says what was asked and what was wrong."""
    with pytest.raises(insight.BadInput, match="filters: Person has no such property"):
        ws.find("Person", nationalty="rs")


def test_the_label_rises_with_what_is_read(store: Path) -> None:
    """A workspace starts with nothing and keeps what it was sent."""
    with_nothing = insight.open(store, user="ben", purpose="investigate", quiet=True)
    assert with_nothing.label["owners"] == []
    with_nothing.find("Company")
    assert with_nothing.label["owners"] == ["FR"]
    with_nothing.close()


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"user": "nobody", "purpose": "network"}, "no user"),
        ({"user": "ana", "purpose": "border"}, "no single case of ana"),
        ({"user": "ana", "purpose": "network", "case": "OP-HARBOUR"}, "not a member"),
        ({}, "Name user= and purpose="),
    ],
)
def test_a_workspace_that_does_not_go_together_is_refused(
    store: Path, asked: dict[str, str], wrong: str
) -> None:
    """User, case and purpose must fit; the error says which does not."""
    with pytest.raises(insight.InsightError, match=wrong):
        insight.open(store, quiet=True, **asked)


def test_in_a_run_the_token_says_who_asks(ws: insight.Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a token in the environment nothing is named; another purpose than the token's is refused."""
    monkeypatch.setenv("INSIGHT_GATEWAY", ws._asker.address)
    monkeypatch.setenv("INSIGHT_TOKEN", ws._asker.token)
    assert repr(insight.open()) == "<Workspace ana/op-lantern/network: ana, case OP-LANTERN, purpose network>"
    with pytest.raises(insight.Refused, match="it is not permitted"):
        insight.open(purpose="wanted")


def test_the_gateway_ends_when_nobody_holds_it(store: Path, tmp_path: Path) -> None:
    """A script that ends, however it ends, leaves no server behind."""
    moved = tmp_path / "store"
    subprocess.run(["cp", "-r", str(store), str(moved)], check=True)
    script = (
        "import insight_kernel as i, os\n"
        f"ws = i.open({str(moved)!r}, user='ana', purpose='network', quiet=True)\n"
        "print(len(ws.find('Person')), flush=True)\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (9, "3")
    deadline = time.monotonic() + _PATIENCE
    while (runtime_folder(moved) / HOLD).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # waiting for a condition, with a deadline


def test_search_from_the_command_line_prints_what_the_user_may_see(store: Path) -> None:
    """`insight search --json` gives the hits and the label of the answer."""
    command = [sys.executable, "-m", "insight_kernel.cli", "search", "kovač", "--store", str(store)]
    done = subprocess.run(
        [*command, "--as", "ana", "--purpose", "network", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert [hit["caption"] for hit in found["results"]] == ["Ana Kovac"]
    assert found["label"]["owners"] == ["FR"]
