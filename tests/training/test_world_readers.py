"""Who sees what of the invented world: the truth's claims against intake and the rules."""

from datetime import timedelta

import pytest

from insight_kernel.model.schema import vocabulary

USERS = ("ana", "ben", "chen")


def exists(reading, user, plant):
    return set(plant["ids"]) <= set(reading.seen(user, plant["purpose"]).schema)


@pytest.mark.parametrize("user", USERS)
def test_each_reader_sees_the_plants_the_truth_says(either, user):
    """Every id of a plant exists for each reader it names, under its purpose."""
    wrong = [
        p["kind"] for p in either.truth["planted"] if user in p["seen_by"] and not exists(either, user, p)
    ]
    assert wrong == []


@pytest.mark.parametrize("user", USERS)
def test_no_reader_sees_a_plant_that_is_not_for_him(either, user):
    """At least one id of the plant does not exist for a reader it is withheld from (sensitive: below)."""
    plants = [p for p in either.truth["planted"] if user in p["not_seen_by"] and p["kind"] != "sensitive"]
    assert len(plants) >= 8
    assert [p["kind"] for p in plants if exists(either, user, p)] == []


def test_the_demo_shows_plenty(reading):
    """Under the purpose network, the French analyst sees nine in ten of all entities and every open kind."""
    seen = reading.seen("ana")
    delivered = {entity.id for _, entity in reading.entities}
    assert len(seen.schema) > 0.9 * len(delivered)


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("purpose", ["network", "wanted", "border", "identify", "victim"])
def test_protected_persons_exist_for_nobody_here(reading, user, purpose):
    """Victims, witnesses and minors need a permit and a necessity, whatever the purpose."""
    kinds = {"victim", "minor", "witness"}
    protected = {s.id for s in reading.statements if s.label.special & kinds and s.schema == "Person"}
    assert len(protected) == 6
    assert not protected & set(reading.seen(user, purpose).schema)


def test_religion_and_ethnicity_are_hidden_while_the_person_is_seen(reading):
    """The persons exist, their sensitive values do not."""
    (plant,) = [p for p in reading.truth["planted"] if p["kind"] == "sensitive"]
    said = {s.prop for s in reading.statements if s.id in plant["ids"]}
    assert {"religion", "ethnicity"} <= said
    for user in ("ana", "ben"):
        values = reading.seen(user).values
        assert not {"religion", "ethnicity"} & {prop for key in plant["ids"] for prop in values[key]}


def test_the_expiring_source_is_gone_tomorrow(reading):
    """Its seizure exists today and not the day after tomorrow's start."""
    (plant,) = [p for p in reading.truth["planted"] if p["kind"] == "handling-ua-expiring"]
    day = reading.profiles["ua-expiring"].label.expires
    assert set(plant["ids"]) <= set(reading.seen("ana", day=day - timedelta(1)).schema)
    assert not set(plant["ids"]) & set(reading.seen("ana", day=day).schema)


def test_a_link_to_somebody_hidden_does_not_show(reading):
    """The main subject's son is a minor: the family link is delivered, and exists for nobody."""
    (plant,) = [p for p in reading.truth["planted"] if p["kind"] == "minor"]
    (son,) = plant["ids"]
    links = {s.id for s in reading.statements if s.value == son and vocabulary().get(s.schema).edge}
    assert len(links) == 1
    assert not links & set(reading.seen("ana").schema)


def test_every_plant_says_in_words_how_it_is_found(reading):
    """A trainer reads a whole sentence, and the readers named are users of the demo."""
    for plant in reading.truth["planted"]:
        assert plant["how"].endswith(".")
        assert len(plant["how"]) > 30
        assert {*plant["seen_by"], *plant["not_seen_by"]} <= set(USERS)
