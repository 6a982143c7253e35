"""Bad input: what is wrong is said with file, place and rule; nothing is half-loaded; values are not repeated."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.gateway.loading import Loader
from insight_kernel.gateway.service import Gateway
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import ABSENT, entity, handed, profile, raw_label, write_lines, write_yaml
from tests.intake.conftest import Event, Intake

GOOD = entity("good", "Company", name="Good Company")


def line(**change: Any) -> str:
    return json.dumps({**entity("x", "Company", name="Xyzzymark"), **change})


LINES: dict[str, tuple[str | bytes, str, str]] = {
    "broken JSON": ('{"id": "Xyzzymark"', "", "not JSON"),
    "no object": ('["Xyzzymark"]', "", "not an object"),
    "not UTF-8": (b'{"id": "\xff"}', "", "not JSON"),
    "nested too deeply": ("[" * 200_000, "", "not JSON"),
    "a number of 5,000 digits": (b'{"id": ' + b"7" * 5_000 + b"}", "", "not JSON"),
    "no id": (line(id=None), "id", "must be a text"),
    "an empty id": (line(id=""), "id", "must be a text"),
    "a number as id": (line(id=7), "id", "must be a text"),
    "an id that is no text": (line(id="\ud800"), "id", "must be a text"),
    "no schema": (line(schema=None), "schema", "must be a text"),
    "an unknown schema": (line(schema="Xyzzymark"), "schema", "unknown schema"),
    "an abstract schema": (line(schema="Thing"), "schema", "an abstract schema"),
    "no properties": (line(properties=None), "properties", "must be an object"),
    "properties in a list": (line(properties=[]), "properties", "must be an object"),
    "an unknown property": (line(properties={"colour": ["Xyzzymark"]}), "properties.colour", "no such property"),
    "a value that is no list": (line(properties={"name": "Xyzzymark"}), "properties.name", "must be a list of texts"),
    "a value that is no text": (line(properties={"name": [7]}), "properties.name", "must be a list of texts"),
    "half a character": (line(properties={"name": ["a\ud800b"]}), "properties.name", "must be a list of texts"),
    "an unknown status": (
        line(schema="Person", properties={"personStatus": ["Xyzzymark"]}), "personStatus", "not a status of the list"),
}  # fmt: skip


@dataclass(frozen=True)
class Refused:
    """What became of one file with every bad line, first as usual, then asked to keep the good ones."""

    event: Event
    records: int
    quarantine: list[dict[str, Any]]
    kept: Event


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refused]:
    """A good line, every bad one, another good one."""
    folder = tmp_path_factory.mktemp("bad")
    gate = Gateway(Store(open_folder(folder / "store", create=True)))
    intake = Intake(gate, folder)
    file = intake.lines(
        json.dumps(GOOD), *(bad for bad, _, _ in LINES.values()), json.dumps({**GOOD, "id": "other"})
    )
    [event] = intake.load(file)
    [waiting] = gate.store.quarantine.all()
    quarantine = gate.store.quarantine.items(waiting)
    yield Refused(event, intake.records(), quarantine, intake.load(file, keep_good=True)[0])
    gate.close()


@pytest.mark.case("F15")
@pytest.mark.parametrize("name", LINES)
def test_a_bad_line_is_named_and_kept(refused: Refused, name: str) -> None:
    """Line, field and rule are said, never the value; its bytes are in quarantine."""
    number = list(LINES).index(name)
    _, field, rule = LINES[name]
    found = refused.event["bad"][number]
    assert (found["place"], found["field"]) == (f"line {number + 2}", field)
    assert rule in found["rule"]
    assert {key: refused.quarantine[number][key] for key in found} == found
    assert refused.quarantine[number]["content"]


@pytest.mark.case("F15")
def test_a_bad_line_keeps_its_file_out(refused: Refused) -> None:
    """Nothing of the file is loaded, and what is said of it repeats no value."""
    assert (refused.event["event"], refused.event["read"], refused.records) == ("refused", len(LINES) + 2, 0)
    assert len(refused.event["bad"]) == len(LINES)
    assert "Xyzzymark" not in json.dumps(refused.event)


@pytest.mark.case("F15")
def test_keep_good_keeps_the_good_items(refused: Refused) -> None:
    """Asked for, the other lines are loaded, also those after the bad ones."""
    assert (refused.kept["event"], refused.kept["new"], refused.kept["bad"]) == ("loaded", 2, len(LINES))


@pytest.mark.case("A86")
@pytest.mark.parametrize(
    ("status", "default", "taken"),
    [
        (["suspect"], None, True),
        ([], "unassessed", True),
        ([], None, False),
        (["gossip"], "unassessed", False),
    ],
)
def test_a_person_has_a_status(intake: Intake, status: list[str], default: str | None, taken: bool) -> None:
    """From the record, or the source's default; neither gives one: quarantine."""
    file = write_lines(
        intake.folder / "p.jsonl",
        [entity("p", "Person", name="P", **({"personStatus": status} if status else {}))],
    )
    [event] = intake.load(file, said=profile(person_status=default))
    assert (event["event"] == "loaded") is taken
    assert taken or event["bad"][0]["field"] == "personStatus"


PROFILES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "no label": ({"source": "x"}, ("label.label: must be an object",)),
    "a list": (["x"], ("it is not a list of fields",)),
    "an unknown field": ({**profile(), "colour": 1}, ("colour: unknown field",)),
    "an unknown level": (profile(level="Xyzzymark"), ("label.level: one of",)),
    "an unknown field of the label": (profile(colour=["MA"]), ("label.colour: unknown field",)),
    "no purposes": (profile(purposes=[]), ("label.purposes: a list of at least one of",)),
    "an owner in lower case": (profile(owner="fr"), ("label.owner: an organisation code",)),
    "an unknown owner": (profile(owner="XX"), ("unknown organisations or groups: XX",)),
    "UK for GB": (profile(only=["UK"]), ("unknown organisations or groups: UK",)),
    "a group as owner": (profile(owner="G-WESTMED"), ("unknown organisations or groups: G-WESTMED",)),
    "a null": (profile(only=None), ("label.only: ",)),
    "an unknown status": (profile(person_status="gossip"), ("person_status: one of",)),
    "a status that is a list": ({**profile(), "person_status": ["victim"]}, ("person_status: one of",)),
    "an unknown scale": (profile(grade={"scale": "9x9", "source": "A", "information": "1"}), ("grade: ",)),
    "letters and digits swapped": (
        profile(grade={"scale": "4x4", "source": "1", "information": "A"}),
        ("grade: ",),
    ),
    "an unknown property": (profile(kinds={"colour": ["sensitive"]}), ("special.colour: no schema",)),
    "a mandatory property": (
        profile(kinds={"personStatus": ["sensitive"]}),
        ("special.personStatus: a mandatory",),
    ),
    "an unknown kind": (profile(kinds={"religion": ["secret"]}), ("special.religion: a list of",)),
    "kinds within kinds": (
        {**profile(), "special": {"religion": [["victim"]]}},
        ("special.religion: a list of",),
    ),
    "a source name that could pass for another": (profile(source="a/b"), ("source: a name without /",)),
    "training on real data": (profile(purposes=["training"]), ("training is for invented sources only",)),
    "invented in words": ({**profile(), "invented": "yes"}, ("invented: true or false",)),
    "all at once": (
        {**profile(level="x", owner=ABSENT), "person_status": "x", "colour": 1},
        ("colour: unknown field", "label.owner: missing", "label.level: one of", "person_status: one of"),
    ),
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_refused_with_every_mistake(intake: Intake, name: str) -> None:
    """Before any file is read, with the name of the profile and each field."""
    said, expected = PROFILES[name]
    with pytest.raises(ValueError, match=r"Cannot use the profile .*profile\.yml: ") as refused:
        intake.load(write_lines(intake.folder / "f.jsonl", [GOOD]), said=said)
    assert all(part in str(refused.value) for part in expected)
    assert intake.records() == 0


def test_a_profile_that_is_no_yaml(intake: Intake) -> None:
    """Or that is not there: one line."""
    for path, content in (
        (intake.folder / "a.yml", b"{"),
        (intake.folder / "b.yml", b"\xff\xff"),
        (intake.folder / "c", None),
    ):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ValueError, match="Cannot use the profile"):
            Loader(intake.gate, [handed([Path("x")], path)])


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("a.csv", b"a,b\n1,2\n", "a table needs a mapping"), ("absent.jsonl", None, "No such file"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_at_all(
    intake: Intake, name: str, content: bytes | None, wrong: str
) -> None:
    """It fails alone; the file beside it is loaded."""
    if content is not None:
        (intake.folder / name).write_bytes(content)
    events = intake.load(intake.folder / name, write_lines(intake.folder / "good.jsonl", [GOOD]))
    assert [event["event"] for event in events] == ["failed", "loaded"]
    assert str(intake.folder / name) in events[0]["error"]
    assert wrong in events[0]["error"]
    assert intake.records() == 1


@pytest.mark.case("F16")
def test_loading_again_changes_nothing(intake: Intake) -> None:
    """All is known; another name of the file makes no difference; a new line is one new record."""
    items = [{**GOOD, "id": f"c{n}"} for n in range(5)]
    file = write_lines(intake.folder / "f.jsonl", items)
    first, second = intake.load(file)[0], intake.load(file)[0]
    change = intake.gate.store.change()
    assert (first["new"], second["new"], second["duplicates"], change) == (5, 0, 5, 1)
    more = write_lines(intake.folder / "g.jsonl", [*items, GOOD])
    assert [(e["new"], e["duplicates"]) for e in intake.load(more)] == [(1, 5)]
    assert [(e["new"], e["duplicates"]) for e in intake.load(file, file)] == [(0, 5), (0, 5)]


def test_a_record_twice_in_a_file_is_one(intake: Intake) -> None:
    """Same owner, same source, same bytes: the same record."""
    [event] = intake.load(write_lines(intake.folder / "f.jsonl", [GOOD, GOOD]))
    assert (event["read"], event["new"], event["duplicates"], intake.records()) == (2, 1, 1, 1)


@pytest.mark.case("A33")
def test_another_owner_or_source_is_another_record(intake: Intake) -> None:
    """Nothing that others hold makes a delivery a duplicate."""
    file = write_lines(intake.folder / "f.jsonl", [GOOD])
    for said in (profile(source="a"), profile(source="b"), profile(source="a", owner="DE")):
        assert intake.load(file, said=said)[0]["new"] == 1


def test_a_store_holds_invented_data_or_real_never_both(intake: Intake) -> None:
    """Whichever comes first decides."""
    file = write_lines(intake.folder / "f.jsonl", [GOOD])
    assert (
        intake.load(file, said={**profile(), "invented": True, "label": raw_label(purposes=["training"])})[0][
            "new"
        ]
        == 1
    )
    with pytest.raises(ValueError, match="a store never holds both"):
        intake.load(file)


def test_two_loads_at_once_wait_for_each_other(intake: Intake) -> None:
    """Both are loaded, whole."""
    from concurrent.futures import ThreadPoolExecutor

    files = [
        write_lines(intake.folder / f"f{n}.jsonl", [{**GOOD, "id": f"{n}-{m}"} for m in range(50)])
        for n in range(6)
    ]
    path = write_yaml(intake.folder / "profile.yml", profile())
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(lambda half: intake.load_under(path, *half), (files[:3], files[3:])))
    assert [event["new"] for half in halves for event in half] == [50] * 6
    assert intake.records() == 300
