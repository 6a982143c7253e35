"""Bundles of others are read object by object; what their markings say is followed, contradictions are not taken."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight_kernel.intake.formats.stix import read_stix, write_stix
from insight_kernel.intake.formats.stix_marks import DATA, TLP, tag_of
from insight_kernel.intake.formats.terms import Head
from insight_kernel.intake.items import Bad, Entity, Item

MARK = {tag: f"marking-definition--{id_}" for tag, id_ in TLP.items()}
OLD_RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
IDENTITY = {"type": "identity", "id": "identity--1", "name": "Ana", "identity_class": "individual"}
ACCOUNT = {"type": "user-account", "id": "user-account--1", "account_login": "ana", "account_type": "x"}
LABEL = {"owner": "MA", "purposes": ["network"], "expires": "2031-01-01", "level": "restricted"}


def read(folder: Path, *objects: Any) -> list[Item | Bad]:
    """Read a bundle of these objects."""
    path = folder / "bundle.stix.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": list(objects)}))
    return list(read_stix(path))


def marking(label: Any, id_: str = "marking-definition--9") -> dict[str, Any]:
    """Return a marking definition that holds a label."""
    return {"type": "marking-definition", "id": id_, "extensions": {DATA: {"label": label}}}


@pytest.mark.parametrize(
    ("said", "schema", "properties"),
    [
        (IDENTITY, "Person", {"name": ["Ana"]}),
        ({**IDENTITY, "identity_class": "organization"}, "Organization", {"name": ["Ana"]}),
        ({**IDENTITY, "identity_class": "class"}, "LegalEntity", {"name": ["Ana"]}),
        (
            {"type": "location", "id": "l", "country": "FR", "city": "Lyon", "latitude": 45.75, "longitude": 5},
            "Address",
            {"city": ["Lyon"], "country": ["fr"], "latitude": ["45.75"], "longitude": ["5"]},
        ),
        (ACCOUNT, "UserAccount", {"username": ["ana"], "service": ["x"]}),
        (
            {"type": "email-addr", "id": "e", "value": "a@b.fr"},
            "UserAccount",
            {"username": ["a@b.fr"], "email": ["a@b.fr"]},
        ),
        (
            {"type": "ipv4-addr", "id": "i", "value": "192.0.2.1"},
            "Device",
            {"name": ["192.0.2.1"], "deviceType": ["ipv4-addr"]},
        ),
        (
            {"type": "file", "id": "f", "name": "a.pdf", "size": 12, "hashes": {"MD5": "0" * 32, "SHA-1": "1" * 40}},
            "Document",
            {"contentHash": ["0" * 32, "1" * 40], "fileName": ["a.pdf"], "fileSize": ["12"]},
        ),
        (
            {"type": "artifact", "id": "a", "mime_type": "image/png", "hashes": {"SHA-256": "2" * 64}},
            "Document",
            {"contentHash": ["2" * 64], "mimeType": ["image/png"]},
        ),
        (
            {"type": "note", "id": "n", "content": "Seen.", "object_refs": ["identity--1"]},
            "Note",
            {"description": ["Seen."], "entity": ["identity--1"]},
        ),
        (
            {"type": "observed-data", "id": "o", "first_observed": "2026-01-02T00:00:00.000Z", "object_refs": ["f"]},
            "Observation",
            {"startDate": ["2026-01-02"], "observed": ["f"]},
        ),
        (
            {"type": "relationship", "id": "r", "relationship_type": "uses", "source_ref": "identity--1",
             "target_ref": "f"},
            "UnknownLink",
            {"subject": ["identity--1"], "object": ["f"], "role": ["uses"]},
        ),
    ],
)  # fmt: skip
def test_objects_of_others_become_entities(
    said: Any, schema: str, properties: dict[str, list[str]], tmp_path: Path
) -> None:
    """Each type that is read, with the properties that have a place."""
    assert read(tmp_path, said)[0] == Item(
        "object 1", json.dumps(said, sort_keys=True).encode(), (Entity(said["id"], schema, properties),)
    )


def test_a_report_is_a_document_linked_to_what_it_is_about(tmp_path: Path) -> None:
    """One record: the document, and a link to each object it names."""
    report = {
        "type": "report",
        "id": "p",
        "name": "Ring",
        "published": "2026-01-02T10:00:00Z",
        "object_refs": ["a", "b"],
    }
    [item] = read(tmp_path, report)
    assert isinstance(item, Item)
    document, *links = item.entities
    assert (document.schema, document.properties["title"]) == ("Document", ["Ring"])
    assert [link.properties["entity"] for link in links] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("said", "field", "rule"),
    [
        ({"type": "malware", "id": "m"}, "type", "not read"),
        ({**IDENTITY, "revoked": True}, "revoked", "is revoked"),
        ({**IDENTITY, "granular_markings": [{}]}, "granular_markings", "not read"),
        ({**IDENTITY, "object_marking_refs": ["marking-definition--0"]}, "object_marking_refs", "not in the bundle"),
        ({**IDENTITY, "object_marking_refs": [3]}, "object_marking_refs", "list of texts"),
        ({**IDENTITY, "extensions": {DATA: {"properties": [1]}}}, "extensions", "insight-data"),
        ({**IDENTITY, "extensions": {DATA: {"properties": {"name": "x"}}}}, "properties.name", "list"),
        ({**IDENTITY, "extensions": {DATA: {"schema": "Vehicle"}}}, "type", "not read"),
        ({"type": "identity"}, "id", "a text"),
        ("identity", "id", "a text"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_not_taken_and_the_rest_is(
    said: Any, field: str, rule: str, tmp_path: Path
) -> None:
    """One bad object is one bad item."""
    bad, good = read(tmp_path, said, ACCOUNT)
    assert isinstance(bad, Bad)
    assert (bad.field, rule in bad.rule) == (field, True)
    assert isinstance(good, Item)


@pytest.mark.case("L10")
@pytest.mark.parametrize(
    ("tag", "label", "taken"),
    [
        ("clear", {}, False),
        ("green", {}, True),
        ("green", {"level": "restricted"}, False),
        ("green", {"only": ["FR"]}, False),
        ("green", {"handling": ["H2"]}, False),
        ("amber", {"level": "restricted"}, True),
        ("amber", {"level": "confidential"}, False),
        ("amber+strict", {"level": "confidential"}, True),
        ("amber+strict", {"only": []}, False),
        ("red", {"level": "confidential", "only": ["FR"]}, True),
        ("red", {}, True),
        ("amber", {"level": ["restricted"]}, False),
    ],
)
def test_a_tag_wider_than_the_label_beside_it_is_rejected(
    tag: str, label: dict[str, Any], taken: bool, tmp_path: Path
) -> None:
    """Whoever follows the tag alone would spread what its owner restricted; an unreadable label restricts most."""
    said = {**IDENTITY, "object_marking_refs": [MARK[tag], "marking-definition--9"]}
    [item] = read(tmp_path, said, marking({**LABEL, "level": "official", **label}))
    assert isinstance(item, Item) == taken
    if isinstance(item, Bad):
        assert "wider than its label" in item.rule


@pytest.mark.case("L10")
@pytest.mark.parametrize(
    ("refs", "label"),
    [
        ([], None),
        ([MARK["green"]], {"level": "official"}),
        ([MARK["amber"]], {"level": "restricted"}),
        ([MARK["green"], MARK["amber+strict"]], {"level": "confidential"}),
        ([OLD_RED], {"level": "confidential", "only": []}),
    ],
)
def test_a_tag_alone_says_how_wide_an_object_may_be(refs: list[str], label: Any, tmp_path: Path) -> None:
    """The strictest counts; laid over the label of the source it may narrow it and not widen it."""
    [item] = read(tmp_path, {**IDENTITY, "object_marking_refs": refs})
    assert isinstance(item, Item)
    assert item.label == label


@pytest.mark.case("L10")
def test_labels_of_two_owners_are_not_mixed(tmp_path: Path) -> None:
    """A record has one owner."""
    said = {**IDENTITY, "object_marking_refs": ["marking-definition--9", "marking-definition--8"]}
    [bad] = read(tmp_path, said, marking(LABEL), marking({**LABEL, "owner": "FR"}, "marking-definition--8"))
    assert isinstance(bad, Bad)


@pytest.mark.parametrize("level", ["official", "restricted", "confidential"])
@pytest.mark.parametrize("more", [{}, {"only": ["FR"]}, {"handling": ["H1", "H2"]}])
def test_labels_are_written_with_a_tag_that_is_no_wider(
    level: str, more: dict[str, Any], tmp_path: Path
) -> None:
    """What is written is taken again, with the same label."""
    label = {**LABEL, "level": level, **more}
    out = io.BytesIO()
    write_stix([Item("", b"", (Entity("a", "Person", {"name": ["Ana"]}),), label)], out)
    said = json.loads(out.getvalue())["objects"]
    assert [one["name"] for one in said if one.get("name", "").startswith("TLP")] == [
        f"TLP:{tag_of(label).upper()}"
    ]
    [item] = read(tmp_path, *said)
    assert isinstance(item, Item)
    assert item.label == label


def test_ids_are_those_of_the_specification() -> None:
    """Observable objects are named in the namespace of the specification by what identifies them; always the same."""
    out = io.BytesIO()
    person, account = (
        Entity("a", "Person", {"name": ["Ana"]}),
        Entity("u", "UserAccount", {"username": ["ana"]}),
    )
    link = Entity("l", "UnknownLink", {"subject": ["a"], "object": ["u"]})
    write_stix([Item("", b"", (link, person, account))], out, Head())
    objects = {one["type"]: one for one in json.loads(out.getvalue())["objects"]}
    assert objects["user-account"]["id"] == "user-account--9bd796d9-ce5c-514e-837e-95939d9c45f3"
    assert objects["relationship"]["target_ref"] == objects["user-account"]["id"]
    assert objects["relationship"]["source_ref"] == objects["identity"]["id"]
    assert objects["identity"]["created"] == "1970-01-01T00:00:00.000Z"


NAMES = ["type", "id", "name", "hashes", "extensions", "object_marking_refs", "object_refs", "schema", "properties",
         DATA, "source_ref", "latitude", "definition", "label", "entity", "grade", "identity_class"]  # fmt: skip
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(["identity", "file", DATA]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=15,
)
NEAR = st.dictionaries(st.sampled_from(NAMES), ANY, max_size=3).map(lambda more: {**IDENTITY, **more})


@settings(max_examples=200, deadline=None)
@given(objects=st.lists(ANY | NEAR, max_size=4))
def test_no_object_makes_the_reader_fail(
    objects: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever stands in a bundle: an item or a bad item."""
    for item in read(tmp_path_factory.mktemp("any"), *objects, marking(objects)):
        assert isinstance(item, Item | Bad)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"type": "bundle", "objects": 3}', "[" * 100_000, '{"type": "x"}']
)
def test_what_is_no_bundle_is_one_bad_item(text: str, tmp_path: Path) -> None:
    """A file of which nothing can be read says so once."""
    (tmp_path / "x.json").write_text(text)
    [bad] = read_stix(tmp_path / "x.json")
    assert isinstance(bad, Bad)
