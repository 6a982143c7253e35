"""What is exported is what asker and recipient may both see; one decision for all formats, logged before the file."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from click.testing import CliRunner, Result

from insight_kernel.audit.chain import entries
from insight_kernel.cli import main
from insight_kernel.errors import NotAvailable, Unavailable
from insight_kernel.gateway import exporting
from insight_kernel.gateway.exporting import Wanted, export, gather
from insight_kernel.gateway.owners import uses
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.reports import ReportPages
from insight_kernel.gateway.runs import expire
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sessions import Session
from insight_kernel.intake.formats import FORMATS
from insight_kernel.intake.items import Item
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import deliver, entity, handed, profile, write_lines, write_yaml
from tests.servers import Server, gateway

SOON = (date.today() + timedelta(days=30)).isoformat()
SOURCES: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "open": ({"owner": "MA"}, [entity("o", "Company", name="Openworks", notes="Notopen")]),
    "secret": ({"owner": "DE", "level": "confidential"}, [entity("s", "Company", name="Secretworks")]),
    "french": ({"owner": "FR", "only": ["FR"]}, [entity("f", "Company", name="Frenchworks")]),
    "not-rabat": ({"owner": "GR", "excluded": ["MA"]}, [entity("n", "Company", name="Greekworks")]),
    "soon": ({"owner": "MA", "expires": SOON}, [entity("e", "Company", name="Soonworks")]),
    "asked": ({"owner": "MA", "handling": ["H2"]}, [entity("a", "Company", name="Askedworks", notes="=1+1")]),
    "also-open": ({"owner": "MA", "keys": "k", "handling": ["H3"], "conditions": "Ask Rabat."},
                  [entity("b", "Company", name="Bothworks")]),
    "both-french": ({"owner": "FR", "keys": "k", "only": ["FR"]},
                    [entity("b", "Company", name="Bothworks", notes="Notforyou")]),
}  # fmt: skip
SEEN = {
    "FR": {"Openworks", "Secretworks", "Frenchworks", "Greekworks", "Bothworks", "Notopen", "Notforyou"},
    "MA": {"Openworks", "Askedworks", "Bothworks", "Notopen", "=1+1"},
}
ALL = {"Soonworks", *SEEN["FR"], *SEEN["MA"]} - {"=1+1"}
EVERY = pytest.mark.parametrize("format_", FORMATS)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A gateway over a store with companies under each of these labels."""
    folder = tmp_path_factory.mktemp("exports")
    deliveries = [
        handed([write_lines(folder / f"{name}.jsonl", said)],
               write_yaml(folder / f"{name}.yml", profile(source=name, **label)))
        for name, (label, said) in SOURCES.items()
    ]  # fmt: skip
    with gateway(folder / "store") as found:
        assert '"failed"' not in found.operate("/load", {"deliveries": deliveries}).text
        yield found


def insight(server: Server, to: str, format_: str, output: Path, *words: str) -> Result:
    """Run `insight export` as Ana of Paris."""
    said = ["--store", str(server.store), "--as", "ana", "--purpose", "network", "--to", to]
    return CliRunner().invoke(main, ["export", *said, "--format", format_, "-o", str(output), *words])


def content(path: Path) -> bytes:
    """Return the bytes of a file, of a workbook those within it."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def log(server: Server) -> list[dict[str, Any]]:
    """Every entry of the log."""
    return list(entries(server.store / "audit" / "log.jsonl"))


@EVERY
@pytest.mark.case("A52")
@pytest.mark.parametrize("to", SEEN)
def test_an_export_holds_what_both_may_see_and_no_byte_more(
    server: Server, to: str, format_: str, tmp_path: Path
) -> None:
    """Hidden values are in no file, whatever its format; what expires before the file does is left out."""
    output = tmp_path / "file"
    assert insight(server, to, format_, output, "--schema", "Company").exit_code == 0
    items = [item for item in FORMATS[format_].read(output) if isinstance(item, Item)]
    values = {v for item in items for e in item.entities for vs in e.properties.values() for v in vs}
    assert values == SEEN[to]
    written = content(output) + (tmp_path / "file.handling.json").read_bytes()
    assert [word for word in ALL if word.encode() in written] == [word for word in ALL if word in SEEN[to]]


@EVERY
def test_a_sidecar_says_whose_it_is_how_it_is_handled_and_when_it_goes(
    server: Server, format_: str, tmp_path: Path
) -> None:
    """It names the file by its hash; the losses in it are those printed, and those in the JSON."""
    output = tmp_path / "file"
    said = json.loads(insight(server, "MA", format_, output, "--schema", "Company", "--json").output)
    sidecar = json.loads((tmp_path / "file.handling.json").read_text(encoding="utf-8"))
    assert (sidecar["sha256"], sidecar["entities"]) == (sha256(output.read_bytes()).hexdigest(), 3)
    assert sidecar["handling"]["Owners"] == "MA"
    assert sidecar["handling"]["Released to"] == "MA (NCB Rabat), and to nobody else"
    assert "condition: Ask Rabat." in sidecar["handling"]["Handling"]
    assert "are to be deleted" in sidecar["handling"]["Valid until"]
    assert said["lost"] == sidecar["lost"]
    shown = insight(server, "MA", format_, output, "--schema", "Company").output
    assert [line for line in shown.splitlines() if "not carried" in line] == [
        f"  not carried: {one['what']}, {one['times']} times: {one['why']}" for one in said["lost"]
    ]
    assert [one["what"] for one in said["lost"]] == ([] if format_ in ("stix", "umf") else ["label"])


@pytest.mark.parametrize("format_", ["stix", "umf", "graphml", "xlsx"])
def test_formats_with_a_place_for_it_say_it_themselves(server: Server, format_: str, tmp_path: Path) -> None:
    """Whoever gets the file without its sidecar still reads for whom it is."""
    insight(server, "MA", format_, tmp_path / "file", "--schema", "Company")
    assert b"and to nobody else" in content(tmp_path / "file")


def test_a_released_bundle_is_for_its_recipient_alone(server: Server, tmp_path: Path) -> None:
    """Its tag is never wider than the release, whatever the labels would let others see."""
    insight(server, "FR", "stix", tmp_path / "file", "--schema", "Company")
    objects = json.loads((tmp_path / "file").read_bytes())["objects"]
    tags = {said["name"] for said in objects if said.get("name", "").startswith("TLP:")}
    assert tags == {"TLP:AMBER+STRICT"}


@pytest.mark.case("A52")
@pytest.mark.parametrize(
    ("to", "words", "told"),
    [
        ("JP", ["--schema", "Company"], "the release profile of JP is not for this purpose"),
        ("G-WESTMED", ["--schema", "Company"], "it is a group"),
        ("ZZ", ["--schema", "Company"], "it is unknown, or has no release profile"),
        ("MA", ["--schema", "Company", "--filter", "name=Secretworks"], "not available"),
        ("MA", ["--schema", "Company", "--filter", "name=Nowhere"], "not available"),
        ("MA", ["--schema", "Nothing"], "no such schema"),
    ],
)
def test_a_refusal_is_the_same_in_every_format(
    server: Server, to: str, words: list[str], told: str, tmp_path: Path
) -> None:
    """One decision, one text; nothing is written, and the log names the format that was asked for."""
    found = [insight(server, to, format_, tmp_path / "file", *words) for format_ in FORMATS]
    assert {(one.exit_code, one.output) for one in found} == {(1, found[0].output)}
    assert told in found[0].output
    assert not list(tmp_path.iterdir())
    if "schema" not in told:
        last = [entry for entry in log(server) if entry["operation"] == "export"][-len(FORMATS) :]
        assert [(entry["decision"], entry["version"]) for entry in last] == [
            ("refused", name) for name in FORMATS
        ]


def test_hidden_and_absent_ids_are_refused_alike(server: Server, tmp_path: Path) -> None:
    """An export by ids has all of them or does not come about, as the ids of a report's parameters."""
    found = server.asker().table("find", schema="Company").to_pydict()
    ids = dict(zip(found["caption"], found["id"], strict=True))
    said = []
    for names in (["Openworks"], ["Openworks", "Secretworks"], ["Openworks", "0" * 16]):
        listed = tmp_path / "ids.txt"
        listed.write_text("\n".join(ids.get(name, name) for name in names))
        said.append(insight(server, "MA", "csv", tmp_path / "file", "--ids", str(listed)))
    assert [one.exit_code for one in said] == [0, 1, 1]
    assert said[1].output == said[2].output


def test_owners_see_that_their_data_left_and_the_run_is_listed(server: Server, tmp_path: Path) -> None:
    """An export is a disclosure to the owner, and a run among the runs; what was frozen is what the log says."""
    insight(server, "MA", "umf", tmp_path / "file", "--schema", "Company")
    last = log(server)[-1]
    assert (last["operation"], last["decision"], last["version"], last["recipient"]) == (
        "export",
        "granted",
        "umf",
        "MA",
    )
    assert last["released"]["export.umf.xml"] == sha256((tmp_path / "file").read_bytes()).hexdigest()
    assert "MA" in {use.released_to for use in uses(log(server), "MA")}
    [run] = [run for run in server.operate("/runs", {}).json()["runs"] if run["id"] == last["run"]]
    assert (run["template"], list(run["released"])) == ("export", ["MA"])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a store of two companies, not served."""
    store = Store(open_folder(tmp_path / "store", create=True))
    for name in ("open", "secret"):
        label, said = SOURCES[name]
        deliver(store, said, profile(source=name, **label))
    store.close()
    return tmp_path / "store"


@pytest.fixture
def gate(root: Path) -> Iterator[Gateway]:
    """A gateway of this process over that store."""
    found = Gateway(Store(open_folder(root)))
    yield found
    found.close()


WHO: dict[str, Any] = {"user": "ana", "purpose": "network", "case": None}


@EVERY
@pytest.mark.case("A52")
def test_what_else_the_session_was_sent_decides_too(
    gate: Gateway, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All it was sent must satisfy the recipient's profile; owners and reasons are told as of a report."""

    def reading_more(gateway: Gateway, session: Session, wanted: Wanted) -> list[Item]:
        gather(gateway, replace(session, recipient=None), wanted)
        return gather(gateway, session, wanted)

    monkeypatch.setattr(exporting, "gather", reading_more)
    said = export(gate, Wanted("MA", format_, ["Company"]), **WHO)
    told = {"granted": False, "blockers": ({"owner": "DE", "reason": "clearance"},), "other": False}
    assert said == told
    *_, last = entries(gate.store.folder.audit_log)
    assert (last["operation"], last["decision"], last["blocking"][0]["reason"]) == (
        "export",
        "refused",
        "clearance",
    )
    assert not list((gate.store.folder / "runs").glob("*"))


def test_an_export_is_logged_before_it_is_written(gate: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves an entry and no file, never a file without an entry."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "replace_file", full)
    with pytest.raises(Unavailable, match="could not be written"):
        export(gate, Wanted("MA", "ftm", ["Company"]), **WHO)
    said = [entry for entry in entries(gate.store.folder.audit_log) if entry["operation"] == "export"]
    assert said[0]["decision"] == "granted"
    assert not list((gate.store.folder / "runs").rglob("*.*"))


def test_a_frozen_export_survives_a_restart_and_goes_on_its_day(root: Path) -> None:
    """It is read from the log like every run, and its files go when it is over."""
    first = Gateway(Store(open_folder(root)))
    said = export(first, Wanted("MA", "ftm", ["Company"]), **WHO)
    first.close()
    again = Gateway(Store(open_folder(root)))
    try:
        run = again.runs.of(said["run"], date.today())
        assert run is not None
        assert run.released["MA"].files == said["files"]
        assert Path(said["folder"], "export.ftm.jsonl").read_bytes().endswith(b"\n")
        assert expire(again.store.folder, again.runs, again.audit, run.until) == [run.id]
        assert not Path(said["folder"]).exists()
    finally:
        again.close()


def test_the_page_shows_reports_and_no_exports(gate: Gateway) -> None:
    """An export has no page to look at; its number leads nowhere."""
    said = export(gate, Wanted("MA", "ftm", ["Company"]), **WHO)
    renderer, visit = Mock(), Visit("ana", "", "", 0.0)
    pages = ReportPages(gate, renderer, Mock())
    with pytest.raises(NotAvailable):
        pages.opened(visit, said["run"])
    pages.reports(visit)
    assert renderer.page.call_args.kwargs["runs"] == []


def test_an_unknown_format_is_refused(gate: Gateway) -> None:
    """The formats there are are named."""
    with pytest.raises(ValueError, match="ftm, stix, umf, graphml, gexf, csv, xlsx"):
        export(gate, Wanted("MA", "pdf", ["Company"]), **WHO)
