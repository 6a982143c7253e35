"""The invented world is well formed: repeatable, in the vocabulary, labelled, whole, and of nobody real."""

import json
import re
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from stdnum import iban

from insight_kernel.errors import BadInput
from insight_kernel.model.schema import vocabulary
from insight_kernel.model.values import clean
from insight_kernel.training.world import write_world

# Ranges kept free by ARCEP, the Bundesnetzagentur and the North American plan.
RESERVED_PHONE = re.compile(
    r"\+33(19900|26191|35301|46571|53649)\d{4}|\+49(3023125|4066969|6990009|8999998)\d{3}|\+1[2-9]\d\d55501\d\d"
)
RESERVED_HOST = re.compile(r"(.+\.)?(example|example\.(com|org|net))")
RESERVED_IP = re.compile(r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def delivered_text(folder: Path) -> str:
    return text_of(folder / "sources")


def text_of(folder: Path) -> str:
    """Return what was delivered below a folder, without what is said of it."""
    return b"\n".join(
        content for name, content in bytes_of(folder).items() if not name.endswith(".yml")
    ).decode("utf-8")


def test_the_same_day_and_seed_give_the_same_bytes(reading, tmp_path):
    """A world written again is equal to the last byte, truth included."""
    write_world(tmp_path, today=date(2025, 6, 2))
    assert bytes_of(tmp_path) == bytes_of(reading.folder)


def test_a_larger_world_is_the_same_from_one_writing_to_the_next(larger, tmp_path):
    """So is one with a background, though its lines wait on disk."""
    write_world(tmp_path, today=date(2025, 6, 2), size=5)
    assert bytes_of(tmp_path) == bytes_of(larger.folder)


def test_another_seed_tells_the_same_story_with_other_people(reading, tmp_path):
    """Counts and plants stay, ids change."""
    other = write_world(tmp_path, today=date(2025, 6, 2), seed=2)
    assert other.counts == reading.world.counts
    assert other.subject != reading.world.subject


def test_ids_last_from_day_to_day(reading, tmp_path):
    """A notebook that names the main subject today runs tomorrow."""
    assert write_world(tmp_path, today=date(2025, 6, 3)).subject == reading.world.subject


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), date(2027, 12, 31)])
def test_any_day_will_do(today, tmp_path):
    """The calendar holds no day on which the world cannot be written."""
    assert write_world(tmp_path, today=today).counts["Person"] > 60


def test_it_takes_less_than_two_seconds(tmp_path):
    """The demo must not wait for its world."""
    start = time.perf_counter()
    write_world(tmp_path, today=date(2025, 6, 2))
    assert time.perf_counter() - start < 2


def test_it_is_small_enough_for_a_first_look(reading):
    """Between 400 and 1,000 entities."""
    assert 400 <= sum(reading.world.counts.values()) <= 1000


def test_the_counts_told_are_the_counts_delivered(either):
    """An entity several sources deliver counts once."""
    delivered = Counter({e.id: e.schema for _, e in either.entities}.values())
    assert either.world.counts == dict(sorted(delivered.items()))


@pytest.mark.parametrize(
    "schema",
    [
        "Person",
        "Company",
        "Call",
        "Payment",
        "PlateRead",
        "Offence",
        "Notice",
        "Vehicle",
        "PhoneNumber",
        "Family",
    ],
)
def test_a_world_of_size_five_has_five_times_as_many(reading, larger, schema):
    """People and their traces grow with the size, within a fifth."""
    assert larger.world.counts[schema] == pytest.approx(5 * reading.world.counts[schema], rel=0.2)


def test_the_story_stays_as_it_is(reading, larger):
    """What is told of the main subject and the rest of the cast is the same, word for word."""
    names = {
        "sources/fr-nominal",
        "sources/de-intelligence",
        "sources/northtel-subscribers",
        "sources/fr-sole",
    }
    for name in names:
        few, many = (set(text_of(world.folder / name).splitlines()) for world in (reading, larger))
        assert few <= many
    assert reading.world.subject == larger.world.subject


def test_most_know_few_and_a_few_know_many(larger):
    """Calls of the background have a heavy tail: one number in ten has a good third of all ends of calls."""
    ends = Counter(
        value
        for _, e in larger.entities
        for name in ("caller", "receiver")
        for value in e.properties.get(name, ())
    )
    busiest = sorted(ends.values(), reverse=True)[: len(ends) // 10]
    assert sum(busiest) > 0.35 * sum(ends.values())


@pytest.mark.parametrize("size", [0, -3, 1001])
def test_a_size_that_cannot_be_is_refused(size, tmp_path):
    """Nothing is written, and the largest size is named."""
    with pytest.raises(BadInput, match=r"size from 1 to 1000"):
        write_world(tmp_path / "world", today=date(2025, 6, 2), size=size)
    assert list(tmp_path.iterdir()) == []


def test_every_kind_and_property_is_in_the_vocabulary(either):
    """Concrete schemata only, known properties only, and no property that is required is missing."""
    given: dict[str, set[str]] = {}
    for source, entity in either.entities:
        schema = vocabulary().get(entity.schema)
        assert not schema.abstract, entity.schema
        assert set(entity.properties) <= set(schema.properties), (source, entity.id)
        given.setdefault(entity.id, set()).update(entity.properties)
        if source not in ("acmebank-accounts", "northtel-subscribers"):  # their profile states the status
            assert set(schema.required) <= given[entity.id], (source, entity.id)


def test_every_value_is_read_as_what_its_property_means(either):
    """Cleaning by type changes nothing: dates are dates, phones are phones, countries are codes."""
    for source, entity in either.entities:
        for name, values in entity.properties.items():
            kind = vocabulary().get(entity.schema).properties[name].type
            for value in values if kind != "entity" else ():
                assert clean(kind, value) == value, (source, entity.schema, name)


def test_no_reference_dangles(either):
    """Every id that is named is delivered, by an entity of the kind the property asks for."""
    schema_of = {entity.id: entity.schema for _, entity in either.entities}
    for source, entity in either.entities:
        for name, values in entity.properties.items():
            known = vocabulary().get(entity.schema).properties[name]
            for value in values if known.type == "entity" else ():
                assert value in schema_of, (source, entity.id, name)
                assert vocabulary().get(schema_of[value]).is_a(known.range), (source, entity.id, name)


def test_an_id_has_one_kind_everywhere(either):
    """Sources that share a key speak of the same sort of thing."""
    kinds: dict[str, set[str]] = {}
    for _, entity in either.entities:
        kinds.setdefault(entity.id, set()).add(entity.schema)
    assert {key: found for key, found in kinds.items() if len(found) > 1} == {}


def test_every_source_says_that_it_is_invented(either):
    """Intake accepts the profiles; they share one key space and carry their folder's name."""
    owners = {"FR", "MA", "DE", "BR", "JP", "GR", "UA", "KE", "IPSG", "X-ACMEBANK", "X-NORTHTEL"}
    assert {profile.label.owner for profile in either.profiles.values()} == owners
    assert [folder.name for folder in either.world.sources] == sorted(either.profiles)
    assert all(profile.invented and profile.keys == "WORLD" for profile in either.profiles.values())


def test_every_restriction_of_a_label_occurs(either):
    """Each field of a label, each level, each handling code and each special kind is met at least once."""
    labels = [said.label for said in either.statements]
    assert {label.level for label in labels} == {"official", "restricted", "confidential"}
    assert set().union(*(label.handling for label in labels)) == {"H1", "H2", "H3"}
    assert set().union(*(label.special for label in labels)) == {"sensitive", "victim", "minor", "witness"}
    assert {label.files for label in labels} == {
        frozenset(),
        frozenset({"OP-LANTERN"}),
        frozenset({"OP-HARBOUR"}),
    }
    for field in ("only", "excluded", "consent", "conditions"):
        assert any(getattr(label, field) for label in labels), field


def test_grades_come_from_every_scale_and_some_are_missing(either):
    """The main subject alone is graded on two scales and once not at all."""
    scales = {p.source: p.grade and str(p.grade).split()[0] for p in either.profiles.values()}
    assert len(set(scales.values())) == 5
    sources = {
        said.source for said in either.statements if said.id == either.world.subject and said.prop == "name"
    }
    assert sources >= {"fr-nominal", "ma-nominal", "ipsg-notices"}
    assert len({scales[source] for source in sources}) >= 3
    assert None in {scales[source] for source in sources}


def test_telephone_numbers_lie_in_reserved_ranges(either):
    """No number in any file or text could ring at anybody's."""
    found = re.findall(r"\+\d{8,}", delivered_text(either.folder))
    assert len(set(found)) > 40
    assert [number for number in found if not RESERVED_PHONE.fullmatch(number)] == []


def test_mail_and_internet_addresses_are_for_documentation(either):
    """Hosts are of the reserved names, internet addresses of the documentation blocks."""
    text = delivered_text(either.folder)
    hosts = re.findall(r"@([\w.-]+\w)|https?://([\w.-]+\w)", text)
    assert hosts
    assert [host for pair in hosts for host in pair if host and not RESERVED_HOST.fullmatch(host)] == []
    addresses = re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)", text)
    assert addresses
    assert [address for address in addresses if not RESERVED_IP.fullmatch(address)] == []


def test_accounts_have_right_check_digits_at_a_bank_that_does_not_exist(either):
    """Every account number is valid and names the bank TEST."""
    numbers = {value for _, e in either.entities for value in e.properties.get("iban", ())}
    assert len(numbers) > 30
    assert all(iban.is_valid(number) and number[4:8] == "TEST" for number in numbers)


def test_names_come_in_five_scripts(either):
    """Latin, Arabic, Cyrillic, Greek and Chinese letters all occur in names of persons."""
    names = "".join(
        value
        for s in either.statements
        if s.schema == "Person" and s.prop in ("name", "alias")
        for value in s.value
    )
    for first, last in ("az", "\u0621\u064a", "\u0430\u044f", "\u03b1\u03c9", "\u4e00\u9fff"):
        assert re.search(f"[{first}-{last}]", names), first


def test_nobody_is_a_minor_by_accident(either):
    """Only the two boys of the story are under age; everybody else was born as an adult of today."""
    minors = {said.id for said in either.statements if "minor" in said.label.special}
    planted = {
        key
        for p in either.truth["planted"]
        if p["kind"] in ("minor", "protected-missing")
        for key in p["ids"]
    }
    assert minors == planted


def test_the_truth_stands_apart(either):
    """Nothing under the sources tells of plants, and the truth names only ids that are delivered."""
    assert either.world.truth.parent.name == "truth"
    assert not any(word in delivered_text(either.folder) for word in ("planted", "seen_by"))
    delivered = {entity.id for _, entity in either.entities}
    named = {key for plant in either.truth["planted"] for key in plant["ids"]}
    assert named <= delivered
    assert json.dumps(either.truth).count('"kind"') >= 40
