"""What was planted is there: found by queries written without the answer, then compared with it."""

import math
import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise

import networkx as nx
import pytest

from insight_kernel.model.schema import vocabulary


@pytest.fixture(scope="session")
def ana(reading):
    return reading.seen("ana")


@pytest.fixture(scope="session")
def ben(reading):
    return reading.seen("ben")


def planted(reading, kind):
    """The ids of the plants of one kind, in the order they were planted."""
    return [plant["ids"] for plant in reading.truth["planted"] if plant["kind"] == kind]


def one(values, name):
    (value,) = values[name]
    return value


def associates(seen):
    return nx.Graph((one(v, "person"), one(v, "associate")) for v in seen.of("Associate").values())


def everything_tied(seen):
    """Every reference from anything to anything, as a graph."""
    graph = nx.Graph()
    for key, values in seen.values.items():
        known = vocabulary().get(seen.schema[key]).properties
        for name, found in values.items():
            if known[name].type == "entity":
                graph.add_edges_from((key, other) for other in found if other in seen.schema)
    return graph


def without(seen, person):
    """Everything tied, less one person and the accounts, phones and cars he alone has."""
    graph = everything_tied(seen)
    held = defaultdict(set)
    for values in seen.of("Ownership", "PhoneUse").values():
        (thing,) = values.get("asset") or values["phone"]
        held[thing] |= {*values.get("owner", ()), *values.get("user", ())}
    graph.remove_nodes_from([person, *(thing for thing, holders in held.items() if holders == {person})])
    return graph


def test_the_broker_has_the_highest_betweenness_of_all_associates(reading, ben):
    """Twelve people in two cells; the one between them leads the ranking."""
    score = nx.betweenness_centrality(associates(ben))
    assert [max(score, key=score.get)] == planted(reading, "broker")[0]
    assert [len(cell) for cell in planted(reading, "cell")] == [6, 5]


def test_without_the_broker_no_way_leads_from_one_cell_to_the_other(reading, ben):
    """Not by associates, and not by calls, payments, firms, cars, families, offences or notices either."""
    first, second = planted(reading, "cell")
    (broker,) = planted(reading, "broker")[0]
    plain = associates(ben)
    plain.remove_node(broker)
    for whole, graph in ((associates(ben), plain), (everything_tied(ben), without(ben, broker))):
        assert nx.has_path(whole, first[0], second[0])
        assert not any(nx.has_path(graph, one, other) for one in first for other in second)


def test_the_broker_is_the_only_articulation_point_between_the_cells(reading, ben):
    """Taking out any other person leaves the cells connected."""
    first, second = planted(reading, "cell")
    graph = associates(ben)
    apart = [
        person
        for person in nx.articulation_points(graph)
        if person not in (first[0], second[0])
        and not nx.has_path(nx.restricted_view(graph, [person], []), first[0], second[0])
    ]
    assert apart == planted(reading, "broker")[0]


def test_communities_keep_each_cell_together(reading, ben):
    """Greedy modularity puts the members of a cell into one community, and the cells into two."""
    found = nx.community.greedy_modularity_communities(associates(ben))
    homes = [
        {n for n, community in enumerate(found) if community & set(cell)} for cell in planted(reading, "cell")
    ]
    assert [len(home) for home in homes] == [1, 1]
    assert homes[0] != homes[1]


def test_france_alone_sees_the_second_way(reading, ana, ben):
    """With the link only France may see, the cells hold together without the broker."""
    first, second = planted(reading, "cell")
    (broker,) = planted(reading, "broker")[0]
    one_end, other_end, link = planted(reading, "hidden-link")[0]
    assert {one_end, other_end} <= set(ben.schema)
    assert link in ana.schema
    assert link not in ben.schema
    for seen, connected in ((ana, True), (ben, False)):
        assert nx.has_path(without(seen, broker), first[0], second[0]) is connected


def test_one_sum_goes_round_in_a_circle(reading, ben):
    """Cycles of three payments within ten days, each at most five percent smaller: exactly one."""
    payments = [
        (one(v, "payer"), one(v, "beneficiary"), date.fromisoformat(one(v, "date")), float(one(v, "amount")))
        for v in ben.of("Payment").values()
    ]
    assert len(payments) >= 180

    def follows(a, b):
        return a[1] == b[0] and timedelta(0) <= b[2] - a[2] <= timedelta(10) and 0.95 <= b[3] / a[3] < 1

    trips = [
        (a[0], b[0], c[0])
        for a in payments
        for b in payments
        if follows(a, b)
        for c in payments
        if follows(b, c) and c[1] == a[0] and c[2] - a[2] <= timedelta(10)
    ]
    assert [list(trip) for trip in trips] == planted(reading, "round-trip")


def test_one_company_is_paid_just_under_the_limit(reading, ben):
    """Five or more payments between 9,000 and 10,000 to one beneficiary within a week: one company."""
    by_payee = defaultdict(list)
    for values in ben.of("Payment").values():
        if 9000 <= float(one(values, "amount")) < 10000:
            by_payee[one(values, "beneficiary")].append(
                (date.fromisoformat(one(values, "date")), one(values, "payer"))
            )
    (target, *payers) = planted(reading, "under-the-limit")[0]
    found = {payee: {payer for _, payer in paid} for payee, paid in by_payee.items() if len(paid) >= 5}
    assert found == {target: set(payers)}
    days = [day for day, _ in by_payee[target]]
    assert max(days) - min(days) <= timedelta(7)


def test_calls_are_passed_on_over_the_second_phone(reading, ben):
    """For one pair of phones of one user, every call in on one is followed by a call out on the other."""
    used = defaultdict(set)
    for values in ben.of("PhoneUse").values():
        used[one(values, "user")].add(one(values, "phone"))
    calls = sorted(
        (datetime.fromisoformat(one(v, "date")), one(v, "caller"), one(v, "receiver"))
        for v in ben.of("Call").values()
    )
    assert len(calls) >= 150

    def share_passed_on(inner, outer):
        received = [when for when, _, receiver in calls if receiver == inner]
        sent = [when for when, caller, _ in calls if caller == outer]
        passed = [w for w in received if any(timedelta(0) < s - w <= timedelta(minutes=10) for s in sent)]
        return len(passed) / len(received) if len(received) >= 5 else 0

    found = [
        [user, inner, outer]
        for user, phones in used.items()
        for pair in combinations(sorted(phones), 2)
        for inner, outer in (pair, pair[::-1])
        if share_passed_on(inner, outer) > 0.9
    ]
    assert found == planted(reading, "relay")


def test_a_phone_without_subscriber_continues_where_another_fell_silent(reading, ben):
    """The new phone's contacts are those the old one called in its last week; their times do not meet."""
    subscribed = {one(v, "phone") for v in ben.of("PhoneUse").values()}
    called = defaultdict(list)
    for values in ben.of("Call").values():
        called[one(values, "caller")].append((one(values, "date")[:10], one(values, "receiver")))
    (new,) = set(ben.of("PhoneNumber")) - subscribed
    start = min(called[new])[0]
    contacts = {receiver for _, receiver in called[new]}
    recent = (date.fromisoformat(start) - timedelta(7)).isoformat()
    old = [
        phone
        for phone, calls in called.items()
        if phone != new and max(calls)[0] < start and contacts <= {to for day, to in calls if day >= recent}
    ]
    assert [[*old, new]] == planted(reading, "successor-phone")


def test_two_cars_travel_together(reading, ben):
    """Plates read by one camera within two minutes on at least three days: one pair."""
    by_camera = defaultdict(list)
    for values in ben.of("PlateRead").values():
        if "vehicle" in values:
            when = datetime.fromisoformat(one(values, "date"))
            by_camera[one(values, "camera")].append((when, one(values, "vehicle")))
    days = defaultdict(set)
    for reads in by_camera.values():
        for (one_time, car), (other_time, other) in pairwise(sorted(reads)):
            if car != other and other_time - one_time <= timedelta(minutes=2):
                days[frozenset((car, other))].add(one_time.date())
    found = [pair for pair, seen_on in days.items() if len(seen_on) >= 3]
    assert found == [frozenset(planted(reading, "convoy")[0])]


def test_the_stolen_car_is_read_twice_once_with_two_signs_misread(reading, ben):
    """O and 0, I and 1 taken as equal, one stolen plate has two reads; read literally it has one."""
    stolen = [v for v in ben.of("Vehicle").values() if "stolen" in v.get("keywords", ())]
    plates = [one(values, "registrationNumber") for values in stolen]
    reads = [one(values, "registrationNumber") for values in ben.of("PlateRead").values()]
    alike = [
        read
        for read in reads
        if read.replace("0", "O").replace("1", "I") == plates[0].replace("0", "O").replace("1", "I")
    ]
    assert len(plates) == 1
    assert len(alike) == 2
    assert reads.count(plates[0]) == 1


def test_thefts_of_one_manner_cluster_by_the_port(reading, ben):
    """Nine offences share a manner, lie within three kilometres of each other and 21 days apart."""
    found = {key: v for key, v in ben.of("Offence").items() if "modusOperandi" in v}
    assert sorted(found) == sorted(planted(reading, "series")[0])
    points = [(float(one(v, "latitude")), float(one(v, "longitude"))) for v in found.values()]
    assert max(math.dist(a, b) * 111 for a, b in combinations(points, 2)) < 3
    days = sorted(date.fromisoformat(one(v, "date")) for v in found.values())
    assert {(later - earlier).days for earlier, later in pairwise(days)} == {21}


def test_ownership_leads_back_to_the_main_subject(reading, ben):
    """Walking up from the company in the circle, two companies further stands the main subject."""
    owner = {one(v, "asset"): one(v, "owner") for v in ben.of("Ownership").values()}
    subject, *_, last = planted(reading, "ownership-chain")[0]
    way = [last]
    while way[-1] in owner:
        way.append(owner[way[-1]])
    assert way[::-1] == planted(reading, "ownership-chain")[0]
    assert way[-1] == subject == reading.world.subject


def test_doubles_share_month_of_birth_and_gender_but_not_spelling(reading, ben):
    """Each double lies in another source, under another id and another Latin spelling."""
    people = ben.of("Person")
    for known, double in planted(reading, "duplicate"):
        a, b = people[known], people[double]
        assert a["gender"] == b["gender"]
        assert a["birthDate"][0].startswith(b["birthDate"][0])
        assert not set(a["name"]) & set(b["name"])
        assert set(a.get("alias", ())) == set(b.get("alias", ()))
    assert len(planted(reading, "duplicate")) >= 4


def test_persons_of_one_name_and_different_birth_dates_are_the_namesakes(reading, ben):
    """No name is shared by accident: equal names with birth years far apart are exactly those planted."""
    by_name = defaultdict(set)
    for key, values in ben.of("Person").items():
        for name in values.get("name", ()):
            by_name[name].add(key)
    shared = {frozenset(keys) for keys in by_name.values() if len(keys) > 1}
    assert shared == {frozenset(pair) for pair in planted(reading, "namesake")}
    for pair in shared:
        years = [int(ben.values[key]["birthDate"][0][:4]) for key in pair]
        assert abs(years[0] - years[1]) == 11


def test_the_main_subject_fills_a_profile(reading, ana):
    """Names in two scripts, family, company, phones, car, account, payments and one notice."""
    subject = reading.world.subject
    about = defaultdict(set)
    for key, values in ana.values.items():
        for name, found in values.items():
            if subject in found:
                about[ana.schema[key], name].add(key)
    names = "".join(ana.values[subject]["name"] + ana.values[subject]["alias"])
    assert re.search("[a-z]", names)
    assert re.search("[\u0621-\u064a]", names)
    owned = {ana.schema[one(ana.values[key], "asset")] for key in about["Ownership", "owner"]}
    assert owned == {"Company", "Vehicle", "BankAccount"}
    assert len(about["Family", "person"]) == 3
    assert len(about["PhoneUse", "user"]) == 2
    assert len(about["Directorship", "director"]) == 1
    assert len(about["Notice", "subject"]) == 1
    assert about["Payment", "payer"]


def test_the_main_subject_has_been_to_many_places(reading, ana):
    """At least six dated events with coordinates over two years, in five places of three countries."""
    subject = reading.world.subject
    events = [
        values
        for values in ana.of("Event", "Offence", "Observation").values()
        if subject in values.get("involved", []) + values.get("observed", [])
    ]
    days = [date.fromisoformat(one(values, "date")) for values in events]
    assert len(events) >= 6
    assert max(days) - min(days) > timedelta(600)
    assert all({"latitude", "longitude"} <= set(values) for values in events)
    assert len({one(values, "location") for values in events}) >= 5
    assert len({one(values, "country") for values in events}) >= 3


def test_no_address_and_no_passport_of_the_main_subject_is_known(reading):
    """The gap is real for everybody: no source delivers either."""
    said = [s for s in reading.statements if s.id == reading.world.subject]
    assert not {"addressEntity", "address", "passportNumber"} & {s.prop for s in said}
    held = [s for s in reading.statements if s.schema == "Passport" and s.value == reading.world.subject]
    assert held == []


def test_france_and_morocco_disagree_on_the_day_of_birth(reading):
    """Day and month are swapped between the two files."""
    born = {
        s.source: s.value.split("-")
        for s in reading.statements
        if s.id == reading.world.subject and s.prop == "birthDate"
    }
    assert born["fr-nominal"][1:] == born["ma-nominal"][:0:-1]
    assert born["fr-nominal"] != born["ma-nominal"]


def test_there_are_notices_of_every_colour(reading):
    """All nine published at least once; one further red one is pending, one refused."""
    seen = reading.seen("chen", "wanted")
    notices = [(one(v, "noticeType"), one(v, "status")) for v in seen.of("Notice").values()]
    colours = ["red", "blue", "green", "yellow", "black", "orange", "purple", "silver", "special"]
    assert Counter(notices) == Counter(
        [(c, "published") for c in colours] + [("red", "pending"), ("red", "refused")]
    )


def test_texts_come_in_six_languages_and_name_the_main_subject(reading, ben):
    """Names, phone and plate of records stand in running text, in two scripts."""
    texts = ben.of("PlainText", "Email")
    assert {one(v, "language") for v in texts.values()} == {"fra", "ara", "eng", "spa", "rus", "zho"}
    subject = ben.values[reading.world.subject]
    by_name = {
        name: [k for k, v in texts.items() if name in one(v, "bodyText")]
        for name in subject["name"] + subject["alias"]
    }
    _, french, arabic = planted(reading, "mentions")[0]
    assert any(french in keys for keys in by_name.values())
    assert any(arabic in keys for keys in by_name.values())
    bodies = " ".join(one(v, "bodyText") for v in texts.values())
    assert any(number in bodies for number in subject["phone"])
    assert not re.search("[{}]", bodies)
