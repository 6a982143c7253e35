"""Copies are linked and kept: within one source of one owner, for whoever may know of both documents."""

from datetime import date
from hashlib import sha1
from typing import Any

import pytest

from insight_kernel.gateway.loading import Loader
from insight_kernel.gateway.retention import Retention
from insight_kernel.model.schema import vocabulary
from insight_kernel.policy.allowed import Known
from tests.build import DAY, ask, entity, handed, people, profile, subject, write_lines, write_yaml
from tests.intake.conftest import Intake

REPORT = (
    "On the evening of 3 November the watch at the north quay saw three men carry crates from a fishing boat to a "
    "white van with a foreign plate. The van left towards the old town and was seen again at the freight station."
)
CHINESE = (
    "十一月三日晚上，北码头的值班人员看见三名男子把箱子从一艘渔船搬到一辆挂外国车牌的白色面包车上。"
    "随后该车驶向老城区，后来又在货运站被人看到，当时车上只剩下两个人。"
)
ARABIC = (
    "في مساء الثالث من نوفمبر شاهد حارس الرصيف الشمالي ثلاثة رجال ينقلون صناديق من قارب صيد إلى شاحنة بيضاء تحمل لوحة "
    "أجنبية ثم غادرت الشاحنة نحو المدينة القديمة وشوهدت مرة أخرى عند محطة الشحن"
)
OTHER = "The annual dinner of the rowing club takes place in May; members bring a guest and a dish for twelve people."


def load(intake: Intake, *delivered: tuple[dict[str, str], dict[str, Any]]) -> None:
    """Load documents in one go - name and text of each, or its name alone - under the profile of each delivery."""
    given = []
    for n, (texts, said) in enumerate(delivered):
        documents = [entity(name, "PlainText", fileName=name, **_said(text)) for name, text in texts.items()]
        file = write_lines(intake.folder / f"{n}.jsonl", documents)
        given.append(handed([file], write_yaml(intake.folder / f"{n}.yml", said)))
    events = list(Loader(intake.gate, given).events())
    assert {event["event"] for event in events} <= {"progress", "loaded", "done"}


def _said(text: str) -> dict[str, str | list[str]]:
    return {"bodyText": text, "contentHash": sha1(text.encode()).hexdigest()} if text else {}


def seen(intake: Intake, day: date = DAY, **rights: Any) -> tuple[set[str], list[tuple[str, str, str]]]:
    """Return which files a reader knows of, and which are linked: the later, the earlier, how."""
    with intake.gate.store.window(subject(**rights), ask(day=day), Known(people()), 1) as window:
        rows = window.statements(window.find(sorted(vocabulary().schemata), [])).to_pylist()
    names = {row["eid"]: row["value"] for row in rows if row["prop"] == "fileName"}
    links: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["type"] == "Similar":
            links.setdefault(row["eid"], {})[row["prop"]] = row["value"] or names[row["ref"]]
    found = sorted((link["candidate"], link["match"], link["criteria"]) for link in links.values())
    assert all(0.8 <= float(link["confidenceScore"]) <= 1 for link in links.values())
    return set(names.values()), found


def test_near_copies_are_linked_in_any_script(intake: Intake) -> None:
    """A text with a few other words resembles the first, one about something else does not; all are kept."""
    texts = {"other": OTHER}
    for script, said in {"en": REPORT, "zh": CHINESE, "ar": ARABIC}.items():
        texts |= {f"{script} a": said, f"{script} b": f"{said} {said[-3:]}", f"{script} c": said[:-8]}
    load(intake, (texts, profile()))
    names, links = seen(intake)
    assert names == set(texts)
    assert links == sorted(
        (f"{script} {later}", f"{script} {earlier}", "similar text")
        for script in ("en", "zh", "ar") for later, earlier in ("ba", "ca", "cb")
    )  # fmt: skip


def test_the_same_bytes_under_another_name_are_linked(intake: Intake) -> None:
    """Also in a later load, also where there is no text to compare; the same file again is nothing new."""
    first, again = intake.folder / "a.txt", intake.folder / "b.txt"
    for path in (first, again):
        path.write_text("short")
    intake.load(first)
    intake.load(again, first)
    assert seen(intake)[1] == [("b.txt", "a.txt", "same bytes")]


def test_near_copies_of_an_earlier_load_are_found(intake: Intake) -> None:
    """What the source delivered before is compared too."""
    load(intake, ({"a": REPORT}, profile(source="s")))
    load(intake, ({"b": REPORT.upper()}, profile(source="s")))
    assert seen(intake)[1] == [("b", "a", "similar text")]


@pytest.mark.case("A33")
def test_nothing_is_compared_across_sources_and_owners(intake: Intake) -> None:
    """Neither with another source of the same owner, nor with another owner's."""
    said = (profile(source="a"), profile(source="b"), profile(source="a", owner="DE"))
    load(intake, *(({str(n): REPORT}, each) for n, each in enumerate(said)))
    assert seen(intake) == ({"0", "1", "2"}, [])


@pytest.mark.case("A33")
def test_a_link_is_for_whoever_may_know_of_both(intake: Intake) -> None:
    """For others it is not there, though they see the later document; and it takes no place of one they may see."""
    hidden, shown = profile(source="a", level="confidential"), profile(source="a")
    load(
        intake,
        ({"first": REPORT}, shown),
        ({str(n): REPORT for n in range(7)}, hidden),
        ({"last": REPORT}, shown),
    )
    names, links = seen(intake, clearance="official")
    assert (names, links) == ({"first", "last"}, [("last", "first", "same bytes")])
    assert (
        len([link for link in seen(intake)[1] if link[0] == "last"]) == 6
    )  # five of seven alike, and the first


@pytest.mark.case("A33")
def test_a_link_carries_the_label_of_every_text_compared(intake: Intake) -> None:
    """Who may know that the earlier document is there, and may not read it, is not told what resembles it."""
    strict, plain = profile(source="a", level="confidential"), profile(source="a")
    load(intake, ({"one": REPORT}, strict), ({"one": "", "two": REPORT + " So far."}, plain))
    assert seen(intake, clearance="official") == ({"one", "two"}, [])
    assert seen(intake)[1] == [("two", "one", "similar text")]


@pytest.mark.case("A33")
def test_a_purge_of_the_first_leaves_no_trace_in_the_second(intake: Intake) -> None:
    """When the first has expired the second says nothing of it, and is whole itself, with its original."""
    short, long = profile(source="a", expires="2027-01-01"), profile(source="a")
    load(intake, ({"one": REPORT}, short), ({"two": REPORT + " So far."}, long))
    assert seen(intake)[1] == [("two", "one", "similar text")]
    day = date(2027, 1, 1)
    intake.gate.clock.today = lambda: day  # type: ignore[method-assign]
    Retention(intake.gate).run()
    assert seen(intake, day) == ({"two"}, [])
    [kept] = (intake.gate.store.folder / "originals").iterdir()
    assert kept.read_bytes() == (intake.folder / "1.jsonl").read_bytes()
    with intake.gate.store._database.snapshot() as snapshot:
        lost = snapshot.rows("SELECT count(DISTINCT record) FROM relabelled WHERE new IS NULL")
    assert lost == [(1,)]
