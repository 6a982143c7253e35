"""The vocabulary: what it holds, and how its files are checked."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from insight_kernel.errors import BadInput
from insight_kernel.model.schema import TYPES, Vocabulary, vocabulary

SCHEMATA = list(vocabulary().schemata.values())
LINKS = [schema for schema in SCHEMATA if schema.edge]

GOOD = """
Thing:
  abstract: true
  caption: [name]
  properties:
    name: name
    born: date
"""


def load(folder: Path, **files: str) -> Vocabulary:
    """Load a vocabulary from `name=text` files."""
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return Vocabulary.load([folder])


def mistakes(folder: Path, **files: str) -> str:
    """Return what loading these files complains about."""
    with pytest.raises(BadInput) as caught:
        load(folder, **files)
    return caught.value.wrong


# What is wrong with a file


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Car: {extends: [Thng]}", "b.yml line 1, Car.extends: no schema 'Thng' (near: Thing)"),
        ("Car: {properties: {plate: identifer}}", "Car.plate: no type 'identifer' (near: identifier)"),
        ("Car: {properties: {owner: {range: Persn}}}", "Car.owner: no schema 'Persn' for its range"),
        ("Car: {properties: {owner: entity}}", "Car.owner: refers to entities and needs a range"),
        ("Car: {properties: {plate: {type: name, reverse: x}}}", "Car.plate: refers to entities and needs"),
        ("Car: {properties: {o: {type: date, range: Thing}}}", "Car.o: has a range and cannot be of type"),
        ("Car: {properties: {plate: [name]}}", "Car.plate: must be a type name or a mapping"),
        ("Car: {extends: [Thing], caption: [nme]}", "Car.caption: no property 'nme' (near: name)"),
        ("Car: {extends: [Thing], featured: [nme]}", "Car.featured: no property 'nme'"),
        ("Car: {extends: [Thing], required: [nme]}", "Car.required: no property 'nme'"),
        ("Car: {extends: [Thing], start: [name]}", "Car.start: 'name' is not a date"),
        ("Car: {caption: [o], properties: {o: {range: Thing}}}", "Car.caption: 'o' is an entity"),
        ("Tie: {edge: {source: a}}", "Tie.edge: names no target"),
        ("Tie: {edge: {source: a, target: b}}", "Tie.edge: no property 'a' for its source"),
        ("Tie: {extends: [Thing], edge: {source: name, target: born}}", "its source 'name' is not an entity"),
        ("Tie: {edge: {source: a, target: a}, properties: {a: {range: Thing}}}", "are the same property"),
        ("Tie: {edge: {from: a}}", "Tie.edge.from: unknown key"),
        ("Car: {extend: [Thing]}", "Car.extend: unknown key (near: extends"),
        ("Car: {abstract: maybe}", "Car.abstract: must be true or false"),
        ("Car: {extends: Thing}", "Car.extends: must be a list of names"),
        ("Car: {properties: {a: {kind: name}}}", "Car.a.kind: unknown key"),
        ("Car: {properties: {a: {sensitive: 7}}}", "Car.a.sensitive: must be true or false"),
        ("Car: {}\nCar: {}", "b.yml line 2, Car: stands twice"),
        ("Car:\n  properties:\n    a: name\n    a: date", "b.yml line 4, Car.properties.a: stands twice"),
        ("Thing: {}", "b.yml line 1, Thing: is already declared in a.yml line 2"),
        ("Egg: {extends: [Hen]}\nHen: {extends: [Egg]}", "b.yml line 1, Egg.extends: descends from itself"),
        ("Car: name", "Car: must be a mapping"),
        ("[Car]", "b.yml line 1, top: must be a mapping of schema names"),
        ("Car: {", "b.yml line 2, YAML: not valid YAML"),
    ],
)
def test_each_mistake_is_named_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    """A mistake is reported with its file, its line, where in the schema it is, and what is near."""
    assert complaint in mistakes(tmp_path, a=GOOD, b=text)


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    """Loading does not stop at the first mistake, nor at the first file."""
    wrong = mistakes(
        tmp_path,
        a="Car: {extends: [Nothing], abstract: perhaps}\nBoat: {properties: {hull: steel}}",
        b="Tie: {edge: {source: a, target: b}}\nEgg: {extends: [Egg]}",
    )
    places = ["a.yml line 1, Car.extends", "a.yml line 1, Car.abstract", "a.yml line 2, Boat.hull"]
    places += ["b.yml line 1, Tie.edge: no property 'a'", "b.yml line 1, Tie.edge: no property 'b'"]
    places += ["b.yml line 2, Egg.extends"]
    assert wrong.startswith("6 mistakes: ")
    assert all(place in wrong for place in places), wrong


def test_one_wrong_parent_does_not_bury_the_report(tmp_path: Path) -> None:
    """What follows from a mistake (captions of heirs that cannot be found) is not reported as well."""
    text = "Car: {extends: [Nothing], caption: [name]}\nVan: {extends: [Car], caption: [name]}"
    assert mistakes(tmp_path, a=text) == "1 mistake: a.yml line 1, Car.extends: no schema 'Nothing'"


def test_a_folder_without_schemata_is_a_mistake(tmp_path: Path) -> None:
    """An empty or misspelt folder is not an empty vocabulary."""
    assert "holds no schema file" in mistakes(tmp_path)


# What a good file means


def test_a_schema_inherits_properties_caption_and_dates(tmp_path: Path) -> None:
    """An heir has all properties of its parents, and their caption and dates unless it declares its own."""
    text = "Car: {extends: [Thing, Kept], properties: {born: {type: date, label: Built}}}\n"
    text += "Kept: {start: [since], caption: [since], required: [since], properties: {since: date}}"
    car = load(tmp_path, a=GOOD, b=text).get("Car")
    assert set(car.properties) == {"name", "born", "since"}
    assert (car.caption, car.start) == (("name",), ("since",))
    assert car.required == ()  # counts for exactly the schema that says so
    assert (car.properties["born"].label, car.properties["born"].schema) == ("Built", "Car")
    assert car.properties["since"].schema == "Kept"
    assert car.ancestors == {"Car", "Thing", "Kept"}


def test_files_of_several_folders_form_one_vocabulary(tmp_path: Path) -> None:
    """A second folder may extend and refer to schemata of the first."""
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    (first / "a.yml").write_text(GOOD, encoding="utf-8")
    (second / "b.yml").write_text("Car: {extends: [Thing]}", encoding="utf-8")
    assert Vocabulary.load([second, first]).descendants("Thing") == ("Car",)


def test_an_edge_is_directed_and_named_after_its_schema_unless_told(tmp_path: Path) -> None:
    """Direction and verb have defaults; symmetric links say `directed: false`."""
    ends = "properties: {a: {range: Thing}, b: {range: Thing}}"
    text = f"Knows: {{edge: {{source: a, target: b, directed: no}}, {ends}}}\n"
    text += f"PaidBy: {{edge: {{source: a, target: b}}, {ends}}}"
    loaded = load(tmp_path, a=GOOD, b=text)
    knows, paid = loaded.get("Knows").edge, loaded.get("PaidBy").edge
    assert knows is not None
    assert paid is not None
    assert (knows.directed, paid.directed, paid.label) == (False, True, "paid by")


@pytest.mark.parametrize(
    ("name", "nearest"), [("person", "Person"), ("Organisation", "Organization"), ("Plateread", "PlateRead")]
)
def test_an_unknown_schema_is_answered_with_near_names(name: str, nearest: str) -> None:
    """Who misspells a schema is told the nearest names."""
    with pytest.raises(BadInput, match=nearest):
        vocabulary().get(name)


# What the shipped vocabulary holds


def test_it_holds_the_stock_schemata_and_those_of_police() -> None:
    """Beside the stock schemata stand the things police work with."""
    police = """
    Notice Diffusion Warrant Offence CaseFile Observation PlateRead Device PhoneNumber PhoneUse Firearm
    Seizure CompositeSketch ImageHash Drug
    """
    stock = "Person Company Organization Vehicle Passport BankAccount Payment Call Event Email Ownership"
    assert vocabulary().schemata.keys() >= {*police.split(), *stock.split()}


@pytest.mark.parametrize("schema", LINKS, ids=lambda schema: schema.name)
def test_every_link_joins_exactly_two_ends(schema: object) -> None:
    """Both ends of a link schema are different properties that name entities."""
    link = vocabulary().get(schema.name)  # type: ignore[attr-defined]
    assert link.edge is not None
    ends = {link.edge.source, link.edge.target}
    assert len(ends) == 2
    assert {link.properties[end].type for end in ends} == {"entity"}


def test_a_mandatory_property_is_never_sensitive() -> None:
    """Sensitive values are withheld more often than the rest; what is mandatory must not be."""
    assert not [
        (schema.name, name)
        for schema in SCHEMATA
        for name in schema.required
        if schema.properties[name].sensitive
    ]


def test_properties_that_tell_of_race_politics_religion_or_health_are_sensitive() -> None:
    """The special categories of data protection law are marked once, in the vocabulary."""
    sensitive = {each.name for schema in SCHEMATA for each in schema.properties.values() if each.sensitive}
    special = "ethnicity religion political politicalGroup tradeUnion"
    bodily = "healthCondition bloodType dnaProfile fingerprint"
    assert sensitive == {*special.split(), *bodily.split()}


def test_an_heir_never_changes_the_type_of_a_property() -> None:
    """A query for a property of a parent finds values of one type."""
    known = vocabulary().schemata
    changed = [
        (schema.name, each.name)
        for schema in SCHEMATA
        for each in schema.properties.values()
        for ancestor in schema.ancestors
        if each.name in known[ancestor].properties and known[ancestor].properties[each.name].type != each.type
    ]
    assert changed == []


@pytest.mark.parametrize(
    ("name", "descendants"),
    [
        ("Observation", ("Observation", "PlateRead")),
        ("Alert", ("Diffusion", "Notice", "ObjectAlert")),
        ("Organization", ("Company", "Organization", "PublicBody")),
        ("Person", ("Person",)),
    ],
)
def test_descendants_are_what_a_query_for_a_schema_finds(name: str, descendants: tuple[str, ...]) -> None:
    """Descendants are concrete, sorted and include the schema itself."""
    assert vocabulary().descendants(name) == descendants


@pytest.mark.parametrize(
    ("schema", "name", "label"),
    [
        ("Person", "birthDate", "Birth date"),
        ("Person", "fatherName", "Patronymic"),
        ("Company", "vatCode", "VAT code"),
        ("Vehicle", "vin", "Vehicle identification number"),
        ("Thing", "sourceUrl", "Source URL"),
    ],
)
def test_labels_read_well(schema: str, name: str, label: str) -> None:
    """Labels are derived from names; where that reads badly the file gives one."""
    assert vocabulary().get(schema).properties[name].label == label


def test_all_types_are_used() -> None:
    """There is no type without a property."""
    assert {each.type for schema in SCHEMATA for each in schema.properties.values()} == TYPES


def test_published_data_uses_only_known_schemata_and_properties(real_entities: list[dict]) -> None:
    """Data of the world loads without renaming anything, and nothing mandatory is missing but our status."""
    for entity in real_entities:
        schema = vocabulary().get(entity["schema"])
        assert entity["properties"].keys() <= schema.properties.keys()
        assert set(schema.required) - entity["properties"].keys() <= {"personStatus"}


# The oracle: FollowTheMoney's own files, where it is installed

DIFFERENT = {
    ("Call", "edge"): "a link here: the rules count calls among the links",
    ("Call", "caller"): "between any two things: records name phones before people",
    ("Call", "receiver"): "as caller",
    ("Person", "required"): "a status is mandatory, a name is not: unidentified bodies have none",
    ("Passport", "required"): "published lists name passports without a number",
    ("Analyzable", "ibanMentioned"): "a type of its own, so that check digits are verified",
    ("BankAccount", "iban"): "as ibanMentioned",
}


def stock() -> dict[str, dict]:
    """The schema files of the installed FollowTheMoney, read as data."""
    found = find_spec("followthemoney")
    if found is None or not found.submodule_search_locations:
        pytest.skip("followthemoney is not installed")
    paths = sorted(Path(found.submodule_search_locations[0], "schema").glob("*.y*ml"))
    return {name: spec for path in paths for name, spec in yaml.safe_load(path.read_text("utf-8")).items()}


def test_the_stock_schemata_are_those_of_followthemoney() -> None:
    """Names, parents, ends, captions, featured and required properties, types and ranges are kept."""
    differences = {difference for name, spec in stock().items() for difference in differing(name, spec)}
    assert differences == set(DIFFERENT)


def differing(name: str, spec: dict) -> list[tuple[str, str]]:
    """List where our schema of this name differs from the stock one."""
    ours, edge, extent = vocabulary().get(name), spec.get("edge") or {}, spec.get("temporalExtent") or {}
    pairs = {
        "abstract": (ours.abstract, bool(spec.get("abstract"))),
        "extends": (ours.extends, tuple(spec.get("extends") or ())),
        "required": (ours.required, tuple(spec.get("required") or ())),
        "edge": (
            ours.edge and (ours.edge.source, ours.edge.target),
            edge and (edge["source"], edge["target"]),
        ),
        "directed": (not ours.edge or ours.edge.directed, edge.get("directed", True)),
    }
    for key, given in (
        ("caption", spec.get("caption") or edge.get("caption")),
        ("start", extent.get("start")),
    ):
        pairs[key] = (given and getattr(ours, key), given and tuple(given))
    found = [(name, key) for key, (left, right) in pairs.items() if (left or None) != (right or None)]
    for prop, given in (spec.get("properties") or {}).items():
        mine = ours.properties[prop]
        kind, aim = given.get("type", "string"), given.get("range", "")
        back = (given.get("reverse") or {}).get("name", "")
        if (mine.type, mine.range, mine.reverse, mine.schema) != (kind, aim, back, name):
            found.append((name, prop))
    return found
