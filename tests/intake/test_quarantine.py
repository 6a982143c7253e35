"""Quarantine: what cannot be taken is kept whole, for its owner alone, and can be handed in again; nothing is lost."""

import hashlib
import json
import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.errors import BadInput
from insight_kernel.gateway.loading import Loader
from insight_kernel.gateway.retention import Retention
from insight_kernel.gateway.retrying import deliveries
from insight_kernel.store.folder import clear_leftovers
from insight_kernel.store.quarantine import Waiting
from tests.build import entity, handed, profile, write_lines, write_yaml
from tests.intake.conftest import Event, Intake

GOOD, BAD = entity("a", "Company", name="Acme"), entity("b", "Compny", name="Xyzzymark")
COUNTS = ("read", "new", "duplicates", "quarantined", "faulty")


def counts(event: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(event[name] for name in COUNTS)


def waiting(intake: Intake) -> list[Waiting]:
    return intake.gate.store.quarantine.all()


def at_once(intake: Intake, *delivered: tuple[Path, Any], keep_good: bool = False) -> None:
    """Load files in one go, each under its own profile."""
    said = (write_yaml(intake.folder / f"p{n}.yml", said) for n, (_, said) in enumerate(delivered))
    given = [handed([file], path) for (file, _), path in zip(delivered, said, strict=True)]
    list(Loader(intake.gate, given, keep_good=keep_good).events())


def retry(intake: Intake, *ids: str, keep_good: bool = False, **asked: Path) -> list[Event]:
    """Hand in again what waits, as the operator's command does."""
    staging = intake.gate.store.folder / "staging" / "again"
    named = {name: str(asked[name]) if name in asked else None for name in ("profile", "mapping", "copy")}
    found = deliveries(intake.gate.store, ids, staging, **named)
    events = Loader(intake.gate, found, keep_good=keep_good, staging=staging).events()
    return [event for event in events if event["event"] not in ("progress", "done")]


@pytest.mark.parametrize(
    ("content", "keep_good", "expected"),
    [
        ([GOOD], False, (1, 1, 0, 0, 0)),
        ([GOOD, GOOD], False, (2, 1, 1, 0, 0)),
        ([GOOD, BAD], False, (2, 0, 0, 2, 1)),
        ([GOOD, BAD], True, (2, 1, 0, 1, 1)),
        (None, False, (1, 0, 0, 1, 1)),
    ],
    ids=["taken", "twice in it", "refused whole", "good ones kept", "not there at all"],
)
def test_every_item_is_new_or_there_before_or_quarantined(
    intake: Intake, content: list[Any] | None, keep_good: bool, expected: tuple[int, ...]
) -> None:
    """What was read is the sum of the three, however many of them were themselves at fault."""
    path = intake.folder / "f.jsonl"
    if content is not None:
        write_lines(path, content)
    [event] = intake.load(path, keep_good=keep_good)
    assert counts(event) == expected
    assert expected[0] == sum(expected[1:4])


@pytest.mark.case("F15")
def test_a_refused_file_is_kept_as_delivered(intake: Intake) -> None:
    """Its bytes, its faults with field and rule, the profile and the mapping; for the owner of the files alone."""
    file = write_lines(intake.folder / "f.jsonl", [GOOD, BAD])
    intake.load(file, said=profile(source="firms"))
    [kept] = waiting(intake)
    assert (kept.owner, kept.source, kept.file, kept.items) == ("FR", "firms", "f.jsonl", 2)
    assert kept.reasons == ({"field": "schema", "rule": "unknown schema", "items": 1},)
    assert "Xyzzymark" not in json.dumps(kept.reasons)
    quarantine = intake.gate.store.quarantine
    bytes_ = quarantine.bytes_of(kept)
    assert bytes_ is not None
    assert (bytes_.read_bytes(), bytes_.name) == (
        file.read_bytes(),
        hashlib.sha256(file.read_bytes()).hexdigest(),
    )
    assert [json.loads(item["content"])["id"] for item in quarantine.items(kept)] == ["b"]
    for path in quarantine.folder(kept).iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.case("F15")
def test_only_the_items_of_a_file_that_went_in_wait(intake: Intake) -> None:
    """No second copy of what is in the store lies in quarantine, where no purge would look for it."""
    intake.load(write_lines(intake.folder / "f.jsonl", [GOOD, BAD]), keep_good=True)
    [kept] = waiting(intake)
    assert (kept.items, kept.whole, intake.gate.store.quarantine.bytes_of(kept)) == (1, False, None)
    assert not any(b"Acme" in p.read_bytes() for p in intake.gate.store.quarantine.folder(kept).iterdir())


def test_the_same_bad_file_again_waits_once(intake: Intake) -> None:
    """Delivered twice it is one; of another source or owner it is another."""
    file = write_lines(intake.folder / "f.jsonl", [BAD])
    said = (profile(source="a"), profile(source="a"), profile(source="b"), profile(source="a", owner="DE"))
    at_once(intake, *((file, each) for each in said))
    assert sorted((kept.owner, kept.source) for kept in waiting(intake)) == [
        ("DE", "a"),
        ("FR", "a"),
        ("FR", "b"),
    ]


def test_what_goes_in_leaves(intake: Intake) -> None:
    """Under a mended profile the file goes in whole, and nothing waits; again there is nothing to do."""
    person = entity("p", "Person", name="Ana")
    intake.load(
        write_lines(intake.folder / "f.jsonl", [person]), said=profile(source="s", person_status=None)
    )
    mended = write_yaml(intake.folder / "mended.yml", profile(source="other", person_status="suspect"))
    [event] = retry(intake, profile=mended)
    assert (event["event"], event["path"], counts(event)) == ("loaded", "f.jsonl", (1, 1, 0, 0, 0))
    assert (waiting(intake), retry(intake)) == ([], [])
    [source] = intake.gate.store.sources_of("FR")
    assert source[0] == "s"  # it stays the source it was delivered as


def test_what_does_not_go_in_stays(intake: Intake) -> None:
    """With its bytes, whatever it was tried under; nothing of it is in the store."""
    intake.load(write_lines(intake.folder / "f.jsonl", [GOOD, BAD]))
    [before] = waiting(intake)
    [event] = retry(intake, before.id)
    [after] = waiting(intake)
    assert (event["event"], counts(event)) == ("refused", (2, 0, 0, 2, 1))
    assert (after.id, after.items, intake.records()) == (before.id, 2, 0)
    assert intake.gate.store.quarantine.bytes_of(after) is not None


def test_a_table_waits_for_its_mapping(intake: Intake) -> None:
    """A table without a mapping waits, and goes in under one that is named later."""
    table = intake.folder / "firms.csv"
    table.write_text("Name\nAcme\n")
    [refused] = intake.load(table)
    assert counts(refused) == (1, 0, 0, 1, 1)
    firm = {"schema": "Company", "key": ["Name"], "properties": {"name": {"column": "Name"}}}
    query = {"csv_url": "firms.csv", "entities": {"firm": firm}}
    mapping = write_yaml(intake.folder / "m.yml", {"firms": {"queries": [query]}})
    assert [counts(event) for event in retry(intake, mapping=mapping)] == [(1, 1, 0, 0, 0)]
    assert waiting(intake) == []


def test_a_mended_copy_takes_the_place_of_what_waits(intake: Intake) -> None:
    """Of one file, under the profile that it came under; a copy that is bad too takes nothing away."""
    intake.load(write_lines(intake.folder / "f.jsonl", [GOOD, BAD]), keep_good=True)
    [kept] = waiting(intake)
    worse = write_lines(intake.folder / "worse.jsonl", [entity("b", "Firm", name="Bolt")])
    retry(intake, kept.id, copy=worse)
    assert kept.id in [each.id for each in waiting(intake)]
    copy = write_lines(intake.folder / "better.jsonl", [entity("b", "Company", name="Bolt")])
    assert [event["new"] for event in retry(intake, kept.id, copy=copy)] == [1]
    assert kept.id not in [each.id for each in waiting(intake)]
    with pytest.raises(BadInput, match="it is not said of which file"):
        retry(intake, copy=copy)


def test_loading_the_file_again_when_it_can_be_read_is_enough(intake: Intake) -> None:
    """What waited for a better profile leaves when the file is loaded under one, also where it could not be read."""
    path, absent = (
        write_lines(intake.folder / "f.jsonl", [entity("p", "Person", name="Ana")]),
        intake.folder / "g.jsonl",
    )
    intake.load(path, absent, said=profile(person_status=None))
    assert len(waiting(intake)) == 2
    write_lines(absent, [GOOD])
    intake.load(path, absent)
    assert waiting(intake) == []


@pytest.mark.case("F18")
def test_what_expires_leaves_quarantine_too(intake: Intake) -> None:
    """On the day its values would, though its source holds nothing else."""
    file = write_lines(intake.folder / "f.jsonl", [BAD])
    at_once(intake, (file, profile(source="short", expires="2027-01-01")), (file, profile(source="long")))
    intake.gate.clock.today = lambda: date(2027, 1, 1)  # type: ignore[method-assign]
    Retention(intake.gate).run()
    assert [kept.source for kept in waiting(intake)] == ["long"]
    assert len(list((intake.gate.store.folder / "quarantine" / "FR").iterdir())) == 1


@pytest.mark.case("F18")
def test_a_withdrawn_source_leaves_quarantine_too(intake: Intake) -> None:
    """An owner who withdraws a source withdraws what waits of it; of his other sources everything stays."""
    file = write_lines(intake.folder / "f.jsonl", [GOOD, BAD])
    at_once(intake, *((file, profile(source=name)) for name in ("gone", "kept")), keep_good=True)
    today = intake.gate.clock.today().isoformat()
    what = {"owner": "FR", "source": "gone", "records": [], "fields": {"expires": today}}
    intake.gate.acts.automatic("label", what)
    Retention(intake.gate).run()
    assert [kept.source for kept in waiting(intake)] == ["kept"]


def test_what_was_half_kept_is_cleared_at_the_start(intake: Intake) -> None:
    """A gateway killed while it kept a file leaves nothing behind; what was kept whole stays."""
    intake.load(write_lines(intake.folder / "f.jsonl", [BAD]))
    half = intake.gate.store.folder / "quarantine" / "FR" / "0123456789ab"
    half.mkdir()
    (half / "profile.yml").write_text("half")
    clear_leftovers(intake.gate.store.folder)
    assert (half.exists(), len(waiting(intake))) == (False, 1)


def test_a_dry_run_keeps_nothing(intake: Intake) -> None:
    """It counts as the load would, and leaves no record, original, quarantined item or change behind."""
    first = write_lines(intake.folder / "a.jsonl", [GOOD])
    intake.load(first)
    more = write_lines(intake.folder / "b.jsonl", [GOOD, entity("c", "Company", name="Bolt")])
    bad = write_lines(intake.folder / "c.jsonl", [GOOD, BAD])
    before = sorted(path.name for path in (intake.gate.store.folder / "originals").iterdir())
    tried = intake.load(first, more, more, bad, dry_run=True)
    assert [counts(event)[:4] for event in tried] == [(1, 0, 1, 0), (2, 1, 1, 0), (2, 0, 2, 0), (2, 0, 0, 2)]
    assert (intake.records(), waiting(intake), intake.gate.store.change()) == (1, [], 1)
    assert sorted(path.name for path in (intake.gate.store.folder / "originals").iterdir()) == before
    assert [counts(event)[:4] for event in intake.load(first, more, more, bad)] == [
        counts(e)[:4] for e in tried
    ]
