"""What is written in a format and read again is the same, but for exactly what the writer said it cannot carry."""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight_kernel.intake.formats import FORMATS
from insight_kernel.intake.formats.terms import Format, Head
from insight_kernel.intake.items import Bad, Entity, Item, Losses
from insight_kernel.model.schema import vocabulary
from tests.real import real_data

EVERY = pytest.mark.parametrize("format_", FORMATS.values(), ids=lambda found: found.name)
HEAD = Head(date(2026, 11, 22), [("Released to", "FR (NCB Paris), and to nobody else"), ("=1+1", "\x00")])
LABEL = {
    "owner": "MA",
    "purposes": ["network"],
    "expires": "2031-01-01",
    "level": "restricted",
    "only": ["FR"],
}
VALUES = [
    "Ana", "=1+1", "+33 1 23", "-2", "@x", "\tx", "'=x", "''x", "'Ali", "[sic", '["a", "b"]', "", " ", " a ", "a\r\nb",
    "<b>&amp;</b>", "شركة", "𝄞", "_x0041_", "51.50", "1e3", "true", "2024-05-06", "None", "a\x00b", "\ufffe",
    "\x85", "/", "ﬁ", "＝1",
]  # fmt: skip


def there_and_back(found: Format, items: Sequence[Item], folder: Path) -> tuple[list[Item], Losses]:
    """Write items, read them again; nothing that was written may be refused."""
    out = io.BytesIO()
    losses = found.write(items, out, HEAD)
    path = folder / "file"
    path.write_bytes(out.getvalue())
    read = list(found.read(path))
    assert not [item for item in read if isinstance(item, Bad)]
    return [item for item in read if isinstance(item, Item)], losses


def said(items: Sequence[Item]) -> Counter[tuple[str, str, str, str]]:
    """Return each value said, with the entity's id and schema, how often."""
    return Counter(
        (entity.id, entity.schema, name, value)
        for item in items for entity in item.entities for name, values in entity.properties.items() for value in values
    )  # fmt: skip


def of_all_schemata(values: Sequence[str] = ()) -> Iterator[Item]:
    """Yield an entity of each schema that says something with each property; links join what there is."""
    names = [name for name, schema in vocabulary().schemata.items() if not schema.abstract]
    for number, name in enumerate(names):
        properties = vocabulary().get(name).properties.values()
        told = {
            p.name: [f"e{(number + at) % len(names)}"] if p.type == "entity" else [*values, f"{p.type} {at}"]
            for at, p in enumerate(properties)
        }
        yield Item("", b"", (Entity(f"e{number}", name, told),))


@EVERY
def test_every_schema_and_property_comes_back(format_: Format, tmp_path: Path) -> None:
    """One entity of each schema, with a value, a list and a reference; in the order of the values."""
    items = list(of_all_schemata(["first"]))
    back, losses = there_and_back(format_, items, tmp_path)
    assert losses == ()
    entities = {item.entities[0].id: item.entities[0] for item in back}
    assert entities == {item.entities[0].id: item.entities[0] for item in items}


@EVERY
@pytest.mark.parametrize(
    "schema", ["Person", "Address", "UserAccount", "Image", "Note", "Ownership", "Vehicle"]
)
def test_every_value_comes_back_but_for_the_losses(format_: Format, schema: str, tmp_path: Path) -> None:
    """Formulas, quotes, lists, spaces, control characters, every script: kept, or counted by name."""
    names = [p.name for p in vocabulary().get(schema).properties.values() if p.type != "entity"]
    entities = [
        Entity(f"{n} {at}", schema, {name: [value], names[0]: [value, "x"]})
        for n, name in enumerate(names) for at, value in enumerate(VALUES)
    ]  # fmt: skip
    items = [Item("", b"", (entity,)) for entity in entities]
    back, losses = there_and_back(format_, items, tmp_path)
    missing = said(items) - said(back)
    assert not said(back) - said(items)
    counted = Counter(f"{schema}.{name}" for _, _, name, _ in missing.elements())
    assert counted == Counter({loss.what: loss.times for loss in losses})
    assert all("\x00" in value or "\ufffe" in value for _, _, _, value in missing)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(VALUES)


@EVERY
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_is_said_comes_back_but_for_the_losses(
    format_: Format, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any texts as ids and values, in any schema, referring to each other."""
    schemata = st.sampled_from(
        ["Person", "Company", "Address", "Ownership", "Payment", "Document", "Note", "Event"]
    )
    drawn = data.draw(st.dictionaries(TEXTS.filter(bool), st.tuples(schemata, st.data()), max_size=4))
    items = []
    for key, (schema, more) in drawn.items():
        known = {p.name: p.type for p in vocabulary().get(schema).properties.values()}
        values = more.draw(
            st.dictionaries(st.sampled_from(sorted(known)), st.lists(TEXTS, max_size=3), max_size=5)
        )
        ends = [name for name, kind in known.items() if kind == "entity"]
        refs = more.draw(
            st.dictionaries(st.sampled_from(ends), st.lists(st.sampled_from(sorted(drawn)), max_size=2))
        )
        items.append(Item("", b"", (Entity(key, schema, {**values, **refs}),)))
    back, losses = there_and_back(format_, items, tmp_path_factory.mktemp("drawn"))
    missing = said(items) - said(back)
    lost_ids = {item.entities[0].id for item in items} - {
        item.entities[0].id for item in back if item.entities
    }
    assert not said(back) - said(items)
    named = Counter({loss.what: loss.times for loss in losses})
    counted = Counter(
        f"{schema}.{name}" for id_, schema, name, _ in missing.elements() if id_ not in lost_ids
    )
    assert counted == Counter({what: times for what, times in named.items() if "." in what})
    assert named["entity"] <= len(lost_ids)


@EVERY
@pytest.mark.real
@pytest.mark.parametrize("name", ["zala-sanctions-cluster.ftm.jsonl", "party-donations.ftm.jsonl"])
def test_real_entities_come_back_whole(format_: Format, name: str, tmp_path: Path) -> None:
    """Sanctioned companies and gifts to parties, as others published them."""
    items = [i for i in FORMATS["ftm"].read(real_data("ftm-entities") / name) if isinstance(i, Item)]
    back, losses = there_and_back(format_, items, tmp_path)
    assert (losses, said(back)) == ((), said(items))
    assert len(items) == {"z": 91, "p": 475}[name[0]]


@EVERY
def test_labels_and_grades_travel_or_are_counted(format_: Format, tmp_path: Path) -> None:
    """Bundles and messages carry the label and the grade of each item; the others say that they cannot."""
    item = Item("", b"", (Entity("a", "Person", {"name": ["Ana"]}),), LABEL, "4x4 B2")
    [back], losses = there_and_back(format_, [item], tmp_path)
    marks = (back.label, back.grade)
    assert (marks, losses) == ((LABEL, "4x4 B2"), ()) or (
        marks == (None, None) and [loss.what for loss in losses] == ["grade", "label"]
    )
    assert (marks == (LABEL, "4x4 B2")) == (format_.name in ("stix", "umf"))


@EVERY
def test_the_same_is_written_each_time(format_: Format) -> None:
    """Ids, order and days of a file come from what is in it."""
    items = [replace(item, label=LABEL) for item in of_all_schemata()]
    written = [io.BytesIO(), io.BytesIO()]
    for out in written:
        format_.write(items, out, HEAD)
    assert written[0].getvalue() == written[1].getvalue()


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_a_value_longer_than_a_cell_is_counted_and_the_others_stay(name: str, tmp_path: Path) -> None:
    """The longest go first."""
    item = Item("", b"", (Entity("a", "Person", {"name": ["Ana", "x" * 140_000], "notes": ["y" * 140_000]}),))
    [back], losses = there_and_back(FORMATS[name], [item], tmp_path)
    assert back.entities[0].properties == {"name": ["Ana"]}
    assert {loss.what for loss in losses} == {"Person.name", "Person.notes"}
