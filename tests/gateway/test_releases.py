"""Release step by step, in this process: what is decided, said, frozen and logged, each field of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused, StartAgain, Unavailable
from insight_kernel.files import replace_file
from insight_kernel.gateway import releases, requests
from insight_kernel.gateway.joins import Made
from insight_kernel.gateway.releases import find_run, is_stale, made_of, may_open, recipients, release, weigh
from insight_kernel.gateway.runs import Run, entry_of
from insight_kernel.gateway.service import POLICY_VERSION, Gateway
from insight_kernel.gateway.sessions import Session
from insight_kernel.model.organisation import load_organisation
from insight_kernel.shipped import shipped
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from insight_kernel.templates.names import new_run_id
from tests.build import deliver, entity, profile
from tests.runs import NOTEBOOK, PAGE, put, sha256

UNTIL = date(2030, 5, 6)
LABELS: dict[str, dict[str, Any]] = {
    "open": {"owner": "MA"}, "secret": {"owner": "DE", "level": "confidential"},
    "french": {"owner": "FR", "only": ["FR"]}, "not-rabat": {"owner": "GR", "excluded": ["MA"]},
    "asked-first": {"owner": "MA", "handling": ["H2"]},
    "conditions": {"owner": "DE", "handling": ["H1", "H3"], "conditions": "Ask Hamburg."},
    "not-berlin": {"owner": "FR", "excluded": ["DE"]},
}  # fmt: skip
_PEOPLE = load_organisation(shipped("hub_config") / "organisation.yml")


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway over a store with one company under each of these labels."""
    store = Store(open_folder(tmp_path_factory.mktemp("releases") / "store", create=True))
    for name, label in LABELS.items():
        deliver(store, [entity(name, "Company", name=name)], profile(source=name, **label))
    found = Gateway(store)
    yield found
    found.close()


def made(gate: Gateway, *read: str, recipient: str | None = None, page: str = PAGE, **notebook: Any) -> Run:
    """Return a registered run that read the companies of these names."""
    ends = datetime.now(UTC) + timedelta(hours=1)
    session = Session("ana", "OP-LANTERN", "network", False, ends, "FR", recipient, new_run_id(), UNTIL)
    for name in read:
        question = requests.Find.model_validate({"schema": "Company", "filters": {"name": [name]}})
        assert gate.answer("find", question, session, b"{}").table.num_rows == 1
    files = put(gate.store.folder / "runs" / str(session.run), page, {**NOTEBOOK, **notebook})
    said = {"template": "subject_profile", "version": "v", "parameters": "p", "files": files}
    entry = entry_of(session, **said)
    gate.audit.append(entry)
    gate.runs.take(entry)
    found = gate.runs.of(str(session.run), date.min)
    assert found is not None
    return found


def folder(gate: Gateway, run: Run) -> Path:
    return gate.store.folder / "runs" / run.id


def frozen(gate: Gateway, run: Run) -> list[str]:
    place = folder(gate, run) / "released"
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def last(gate: Gateway, number: int = 1) -> dict[str, Any]:
    """Return an entry of the log as its readers see it, counted from the end, without what the log itself adds."""
    found = list(gate.log())[-number]
    return {name: value for name, value in found.items() if name not in ("n", "time", "previous")}


def base(run: Run, to: str, by: str | None) -> dict[str, Any]:
    return {"operation": "disclosure", "run": run.id, "recipient": to, "by": by, "policy": POLICY_VERSION,
            "user": "ana", "case": "OP-LANTERN", "purpose": "network", "workspace": run.workspace}  # fmt: skip


def said(reason: str, error: BaseException) -> dict[str, Any]:
    """Return what a refusal says in the log: a code, and the sentence that somebody read."""
    return {"decision": "refused", "reason": reason, "said": str(error)}


VERDICTS: list[tuple[list[str], str, str | None, tuple[bool, list[tuple[str, str]], bool]]] = [
    (["open"], "MA", None, (True, [], False)),
    (["open"], "JP", None, (False, [("MA", "purpose")], False)),
    (["open", "secret"], "MA", None, (False, [("DE", "clearance")], False)),
    (["french"], "MA", None, (False, [("FR", "recipient")], False)),
    (["not-rabat", "secret"], "MA", None, (False, [("DE", "clearance")], True)),
    (["asked-first"], "MA", None, (True, [], False)),
    (["asked-first"], "FR", None, (False, [("MA", "consent")], False)),
    (["open"], "FR", "FR", (True, [], False)),
    (["open"], "MA", "FR", (False, [], True)),
    (["open"], "JP", "FR", (False, [("MA", "purpose")], True)),
    ([], "FR", None, (False, [], True)),
]


@pytest.mark.case("A43")
@pytest.mark.case("A45")
@pytest.mark.parametrize(("read", "to", "rendition", "verdict"), VERDICTS)
def test_what_is_weighed_is_what_is_released(
    gate: Gateway, read: list[str], to: str, rendition: str | None, verdict: tuple[Any, ...]
) -> None:
    """The page shows beforehand what a release then says; only a granted one freezes anything."""
    run = made(gate, *read, recipient=rendition)
    if read:
        weighed = weigh(gate, run.id, to, "ana")
        assert (weighed.granted, [(b.owner, b.reason) for b in weighed.blockers], weighed.other) == verdict
        said = release(gate, run.id, to)
        assert {name: said[name] for name in ("granted", "blockers", "other")} == asdict(weighed)
        assert frozen(gate, run) == ([f"{to}/report.html", f"{to}/report.ipynb"] if verdict[0] else [])
    else:  # what rests on nothing is open to nobody
        for refused in (lambda: weigh(gate, run.id, to, "ana"), lambda: release(gate, run.id, to)):
            with pytest.raises(NotAvailable):
                refused()


@pytest.mark.case("A43")
@pytest.mark.parametrize("by", [None, "ana", "luc"])
def test_a_refusal_is_logged_with_every_true_reason(gate: Gateway, by: str | None) -> None:
    """What was told, what blocks, whom a rendition was made for; who asked, and whose run it is."""
    run = made(gate, "open", "not-rabat")
    said = release(gate, run.id, "MA", by)
    told = {"granted": False, "blockers": [], "other": True}
    assert said == {**told, "blockers": (), "rendition": True}
    entry = last(gate)
    [blocking] = entry.pop("blocking")
    assert blocking["reason"] == "recipient"
    assert entry == {**base(run, "MA", by), "decision": "refused", "made_for": None, "told": told}


@pytest.mark.parametrize(
    ("rendition", "by", "told", "other"),
    [(None, "ana", [("FR", "recipient")], False), (None, "ben", [], True), ("MA", "ana", [("FR", "recipient")], True)],
)  # fmt: skip
def test_what_is_told_depends_on_who_asks(
    gate: Gateway, rendition: str | None, by: str, told: list[tuple[str, str]], other: bool
) -> None:
    """His own organisation's reasons are told to its people, also of a rendition for another; to nobody else."""
    run = made(gate, "not-berlin", recipient=rendition)
    found = weigh(gate, run.id, "DE", by)
    assert ([(b.owner, b.reason) for b in found.blockers], found.other) == (told, other)


def test_a_refusal_says_whether_a_rendition_could_be_made(gate: Gateway) -> None:
    """Only for who works for the run's purpose."""
    run = made(gate, "open", "secret")
    assert [release(gate, run.id, to)["rendition"] for to in ("MA", "JP")] == [True, False]


def test_what_blocks_is_looked_at_as_on_the_last_day_and_for_that_recipient(gate: Gateway) -> None:
    """A rendition for one goes to no other, and the log says whom it was made for."""
    run = made(gate, "asked-first", recipient="MA")
    release(gate, run.id, "FR")
    entry = last(gate)
    assert (entry["made_for"], [one["reason"] for one in entry["blocking"]]) == ("MA", ["consent"])


@pytest.mark.parametrize("by", [None, "luc"])
def test_a_release_is_logged_with_all_that_went(gate: Gateway, by: str | None) -> None:
    """The day, the hashes of what was made and of what was frozen; and the run knows of it."""
    run = made(gate, "open", "conditions")
    said = release(gate, run.id, "FR", by)
    place = folder(gate, run) / "released" / "FR"
    hashes = {name: sha256(place / name) for name in ("report.html", "report.ipynb")}
    assert said == {"granted": True, "blockers": (), "other": False, "folder": str(place), "files": hashes}
    day = gate.clock.today().isoformat()
    granted = {"decision": "granted", "day": day, "made_from": run.files, "released": hashes}
    assert last(gate) == {**base(run, "FR", by), **granted}
    [kept] = [find_run(gate, run.id, None).released["FR"]]
    assert (kept.day, dict(kept.files), kept.by) == (day, hashes, by or "ana")
    assert all((place / name).stat().st_mode & 0o777 == 0o400 for name in hashes)


def test_what_is_frozen_carries_its_sheet(gate: Gateway) -> None:
    """For whom, under which handling and conditions, until when, and what it was made from; the rest is as it was."""
    run = made(gate, "open", "conditions")
    release(gate, run.id, "MA")
    place = folder(gate, run) / "released" / "MA"
    page, notebook = (
        (place / "report.html").read_text("utf-8"),
        json.loads((place / "report.ipynb").read_bytes()),
    )
    for text in (page, notebook["cells"][0]["source"]):
        for part in ("MA (NCB Rabat), and to nobody else", gate.clock.today().isoformat(), "H1: not to be used", "H3",
                     "condition: Ask Hamburg.", UNTIL.isoformat(), f"run {run.id} of subject_profile, version v",
                     run.files["report.html"], run.files["report.ipynb"]):  # fmt: skip
            assert part in text
        assert re.search(r"\d+ entries on 20\d\d-\d\d-\d\d \d\d:\d\d UTC, [0-9a-f]{16}", text)
    assert "<p>A report.</p>" in page
    assert (notebook["nbformat"], len(notebook["cells"])) == (4, len(NOTEBOOK["cells"]) + 1)
    assert (place / "report.ipynb").read_text("utf-8").startswith('{\n "cells"')


@pytest.mark.case("A10")
def test_the_second_time_nothing_is_done(gate: Gateway) -> None:
    """To the same recipient; the refusal names the entry of the first, and is logged."""
    run = made(gate, "open")
    release(gate, run.id, "FR")
    number = find_run(gate, run.id, None).released["FR"].entry
    with pytest.raises(StartAgain, match=rf"released to FR before \(entry {number} of the log\)") as refused:
        release(gate, run.id, "FR")
    assert last(gate) == {**base(run, "FR", None), **said("start_again", refused.value)}
    assert release(gate, run.id, "MA")["granted"]


@pytest.mark.parametrize(
    ("to", "wrong", "remedy"),
    [
        ("XX", "it is unknown, or has no release profile", "Name an organisation that has one."),
        ("X-ACMEBANK", "it is unknown, or has no release profile", "Name an organisation that has one."),
        ("G-WESTMED", "it is a group, and each member gets a rendition of its own",
         "Make one for each, and name it: DE, FR, MA."),
    ],
)  # fmt: skip
def test_who_cannot_receive_is_told_apart_beforehand(gate: Gateway, to: str, wrong: str, remedy: str) -> None:
    """Weighed or released: the same sentence, and what to do."""
    run = made(gate, "open")
    for refused in (lambda: weigh(gate, run.id, to, "ana"), lambda: release(gate, run.id, to)):
        with pytest.raises(BadInput) as error:
            refused()
        assert (error.value.asked, error.value.wrong, error.value.remedy) == (
            f"release {run.id} to {to}",
            wrong,
            remedy,
        )
    assert last(gate) == {**base(run, to, None), **said("bad_request", error.value)}


@pytest.mark.parametrize(
    ("codes", "found"),
    [(["FR"], ["FR"]), (["MA", "FR", "MA"], ["MA", "FR"]), (["G-WESTMED"], ["DE", "FR", "MA"]),
     (["FR", "G-WESTMED", "JP"], ["FR", "DE", "MA", "JP"]), ([], [])],
)  # fmt: skip
def test_recipients_of_codes_and_groups(codes: list[str], found: list[str]) -> None:
    """Each once, in the order in which they were named."""
    assert recipients(_PEOPLE, codes) == found


@pytest.mark.parametrize(
    ("codes", "wrong"),
    [(["XX"], "XX"), (["FR", "X-ACMEBANK", "YY"], "X-ACMEBANK, YY"), (["G-NONE"], "G-NONE")],
)
def test_all_who_cannot_be_recipients_are_named_at_once(codes: list[str], wrong: str) -> None:
    """And no others."""
    with pytest.raises(BadInput, match=f": {wrong}: unknown, or without a release profile"):
        recipients(_PEOPLE, codes)


def test_a_run_is_there_for_whose_rights_satisfy_it(gate: Gateway) -> None:
    """Its author, if nobody is named; whoever else may see all of it; for others it is as one that never was."""
    run, wide = made(gate, "french"), made(gate, "open")
    assert [may_open(gate, run, user) for user in (None, "ana", "luc", "ben", "nobody")] == [
        True, True, True, False, False]  # fmt: skip
    assert may_open(gate, wide, "ben")
    assert find_run(gate, run.id, "luc").id == run.id
    for id_, user in ((run.id, "ben"), (new_run_id(), None)):
        with pytest.raises(NotAvailable) as refused:
            find_run(gate, id_, user)
        assert (refused.value.asked, refused.value.wrong) == (f"use the run {id_}", "not available")
    with pytest.raises(NotAvailable):
        release(gate, run.id, "FR", "ben")
    entry = last(gate)
    assert (entry["decision"], entry["by"], "user" in entry) == ("refused", "ben", False)


@pytest.mark.case("L19")
def test_what_somebody_typed_in_asking_for_a_release_stands_nowhere_in_clear(gate: Gateway) -> None:
    """A name in the place of a run or an organisation, and the sentence he read: sealed, and read by who may."""
    run, log = made(gate, "open"), gate.store.folder.audit_log
    for id_, to, reason in (("Jean Xyzzy", "FR", "not_available"), (run.id, "Jean Xyzzy", "bad_request")):
        with pytest.raises(InsightError) as refused:
            release(gate, id_, to)
        assert b"Xyzzy" not in log.read_bytes()
        assert (last(gate)["run"], last(gate)["recipient"]) == (id_, to)
        assert {**last(gate), **said(reason, refused.value)} == last(gate)


def test_what_a_run_was_made_from_and_who_holds_it(gate: Gateway) -> None:
    """Its recipient and those it was released to; asked is what was asked then, for nobody in particular."""
    run = made(gate, "open", recipient="FR")
    release(gate, run.id, "FR")
    held, free = find_run(gate, run.id, None), made(gate, "open")
    release(gate, free.id, "MA")
    asked = held.session().ask(gate.clock.today())
    assert asked.recipient == "FR"
    expected = Made(
        gate.floating.of(run.workspace), type(asked)("network", False, asked.day), frozenset({"FR"})
    )
    assert made_of(gate, held) == expected
    assert made_of(gate, find_run(gate, free.id, None)).holders == {"MA"}
    assert made_of(gate, made(gate, "open", recipient="FR")).holders == {"FR"}
    assert made_of(gate, made(gate, "open")).holders == frozenset()
    assert is_stale(gate, held) is False


@pytest.mark.case("A47")
@pytest.mark.parametrize("name", ["report.html", "report.ipynb"])
@pytest.mark.parametrize("gone", [True, False])
def test_a_file_that_is_not_the_registered_one_raises_an_alarm(gate: Gateway, name: str, gone: bool) -> None:
    """Changed or gone: refused, both hashes in the log, nothing frozen."""
    run = made(gate, "open")
    path = folder(gate, run) / name
    if gone:
        path.unlink()
    else:
        path.write_bytes(b"{}")
    with pytest.raises(Refused) as refused:
        release(gate, run.id, "FR")
    assert str(refused.value) == (
        f"Cannot release {run.id}: {name} is not the file that was registered. "
        "Run the template again; the change is in the log as an alarm."
    )
    found = (
        sha256(path) if path.exists() else "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    alarm = {"reason": "report-changed", "weight": "alarm", "status": 403, "run": run.id, "file": name,
             "registered": run.files[name], "found": found, "origin": f"run {run.id}"}  # fmt: skip
    said = last(gate, 2)
    assert {field: said[field] for field in alarm} == alarm
    assert last(gate)["decision"] == "refused"
    assert frozen(gate, run) == []


@pytest.mark.case("A53")
@pytest.mark.parametrize(
    ("page", "place"),
    [
        (PAGE.replace("A report.", "<script>1</script>"), "report.html: "),
        (PAGE.replace("<main>", ""), "no place"),
    ],
)
def test_what_must_not_leave_is_bad_input(gate: Gateway, page: str, place: str) -> None:
    """The file is named, nothing is frozen, and the release can be tried again."""
    run = made(gate, "open", page=page)
    with pytest.raises(BadInput, match=place):
        release(gate, run.id, "FR")
    assert not (folder(gate, run) / "released" / "FR").exists()
    assert last(gate)["decision"] == "refused"


@pytest.mark.case("A53")
def test_a_notebook_that_hides_something_does_not_leave(gate: Gateway) -> None:
    """The cell is named, and nothing is frozen."""
    cell = {"cell_type": "markdown", "id": "a", "source": "x", "metadata": {}, "attachments": {}}
    run = made(gate, "open", cells=[cell])
    with pytest.raises(BadInput, match="cell 1"):
        release(gate, run.id, "FR")
    assert frozen(gate, run) == []


@pytest.mark.parametrize(
    ("error", "raised", "said"),
    [
        (OSError(28, "No space left on device"), Unavailable, "could not be written or read (No space left on device)"),
        (OSError("short write"), Unavailable, "could not be written or read (short write)"),
        (Refused("a", "b", "c"), Refused, "Cannot a: b. c"), (KeyboardInterrupt(), KeyboardInterrupt, ""),
    ],
)  # fmt: skip
def test_a_release_that_breaks_off_leaves_nothing(
    gate: Gateway,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    raised: type[BaseException],
    said: str,
) -> None:
    """Neither frozen nor known as released, whatever broke off at the second file; then it can be done."""
    run = made(gate, "open")
    written: list[Path] = []

    def break_off(path: Path, data: bytes, *, mode: int) -> None:
        written.append(path)
        if len(written) == 2:
            raise error
        replace_file(path, data, mode=mode)

    with monkeypatch.context() as breaking:
        breaking.setattr(releases, "replace_file", break_off)
        with pytest.raises(raised) as found:
            release(gate, run.id, "FR")
    assert said in str(found.value)
    assert not (folder(gate, run) / "released" / "FR").exists()
    if isinstance(error, InsightError | OSError):
        assert last(gate)["said"] == str(found.value)
    assert find_run(gate, run.id, None).released == {}
    assert release(gate, run.id, "FR")["granted"]
