"""Finding what was planted with questions an analyst would ask: nothing here knows the truth or a delivered id.

Each finder takes a workspace and returns the sets of ids it takes for a find, as tuples. What makes a find is
general knowledge of the trade, written in the docstring.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from math import dist
from statistics import mean, pstdev
from typing import Any

import networkx as nx
import pandas as pd

from insight_kernel import Workspace

Found = list[tuple[str, ...]]
TODAY = datetime.now(UTC).date()
_MISREAD = str.maketrans("01", "OI")
_KM = 111  # of a degree of latitude


def values(cell: Any) -> tuple[str, ...]:
    """Return the values of a frame's cell: none, one or several."""
    if isinstance(cell, tuple):
        return tuple(str(value) for value in cell)
    return () if pd.isna(cell) else (str(cell),)


def rows(ws: Workspace, schema: str, **filters: str) -> list[dict[str, tuple[str, ...]]]:
    """Return what exists of a schema as dicts of tuples."""
    frame = ws.find(schema, **filters)
    return [
        defaultdict(tuple, {str(name): values(cell) for name, cell in row.items()})
        for row in frame.to_dict("records")
    ]


def one(row: dict[str, tuple[str, ...]], name: str) -> str:
    return row[name][0]


def day(text: str) -> date:
    return date.fromisoformat(text[:10])


# -- networks -----------------------------------------------------------------------------------------------------


def associates(ws: Workspace) -> "nx.Graph[str]":
    return nx.Graph((one(row, "person"), one(row, "associate")) for row in rows(ws, "Associate"))


def _closely_knit(ws: Workspace) -> tuple[list[set[str]], set[str]]:
    """Groups in which everybody knows at least four of the others, cut where one person holds two together."""
    core = nx.k_core(associates(ws), 4)
    between = set(nx.articulation_points(core))
    return [block - between for block in nx.biconnected_components(core)], between


def cells(ws: Workspace) -> Found:
    """A cell: a closely knit group, less whoever also belongs to another."""
    return [tuple(sorted(group)) for group in _closely_knit(ws)[0]]


def broker(ws: Workspace) -> Found:
    """A broker: the only tie between closely knit groups."""
    return [(person,) for person in _closely_knit(ws)[1]]


def leading_between(ws: Workspace) -> Found:
    """The same by another road: the highest betweenness of all associates."""
    score = nx.betweenness_centrality(associates(ws))
    return [(max(score, key=score.__getitem__),)]


def other_way(ws: Workspace) -> Found:
    """A link of whatever kind by which two closely knit groups hold together without their broker."""
    groups, between = _closely_knit(ws)
    graph = associates(ws)
    graph.remove_nodes_from(between)
    part = {person: n for n, whole in enumerate(nx.connected_components(graph)) for person in whole}
    home = {part[person] for group in groups for person in group}
    return [
        (one(row, "subject"), one(row, "object"), one(row, "id"))
        for row in rows(ws, "UnknownLink")
        if len({part.get(one(row, end)) for end in ("subject", "object")} & home) == 2
    ]


def owners_behind(ws: Workspace) -> Found:
    """A person behind a company with two or more companies in between, holding more than half in the end."""
    companies = {one(row, "id") for row in rows(ws, "Company")}
    people = {one(row, "id") for row in rows(ws, "Person")}
    graph = nx.DiGraph()
    for row in rows(ws, "Ownership"):
        if one(row, "asset") in companies and row["percentage"]:
            graph.add_edge(one(row, "owner"), one(row, "asset"), share=float(one(row, "percentage")) / 100)
    found = []
    for person in people & set(graph):
        for company, way in nx.single_source_shortest_path(graph, person).items():
            share = 1.0
            for owner, asset in pairwise(way):
                share *= graph.edges[owner, asset]["share"]
            if len(way) >= 4 and share > 0.5 and company in companies:
                found.append(tuple(way))
    return found


# -- calls --------------------------------------------------------------------------------------------------------


def relays(ws: Workspace) -> Found:
    """One person with two phones: nearly every call in on the one is followed by a call out on the other."""
    received, made = defaultdict(list), defaultdict(list)
    for row in rows(ws, "Call"):
        when = datetime.fromisoformat(one(row, "date"))
        received[one(row, "receiver")].append(when)
        made[one(row, "caller")].append(when)
    used = defaultdict(set)
    for row in rows(ws, "PhoneUse"):
        used[one(row, "user")].add(one(row, "phone"))
    return [
        (user, inner, outer)
        for user, phones in used.items()
        for pair in combinations(sorted(phones), 2)
        for inner, outer in (pair, pair[::-1])
        if len(received[inner]) >= 5 and _passed_on(received[inner], made[outer]) > 0.9
    ]


def _passed_on(calls: list[datetime], out: list[datetime]) -> float:
    soon = timedelta(minutes=10)
    return sum(any(timedelta(0) < later - call <= soon for later in out) for call in calls) / len(calls)


def successors(ws: Workspace) -> Found:
    """A phone nobody subscribed to begins within a week of another's silence and calls the same people."""
    subscribed = {one(row, "phone") for row in rows(ws, "PhoneUse")}
    calls = defaultdict(list)
    for row in rows(ws, "Call"):
        calls[one(row, "caller")].append((day(one(row, "date")), one(row, "receiver")))
    starts = {phone: min(made)[0] for phone, made in calls.items() if phone not in subscribed}
    ends = {phone: max(made)[0] for phone, made in calls.items() if phone in subscribed}
    return [
        (old, new)
        for new, start in starts.items()
        for old, end in ends.items()
        if timedelta(0) < start - end <= timedelta(7) and _same_people(calls[old], calls[new])
    ]


def _same_people(old: list[tuple[date, str]], new: list[tuple[date, str]]) -> bool:
    recent = {to for when, to in old if when > max(old)[0] - timedelta(7)}
    now = {to for _, to in new}
    return len(now) >= 4 and len(recent & now) / len(recent | now) >= 0.8


# -- money --------------------------------------------------------------------------------------------------------


def round_trips(ws: Workspace) -> Found:
    """Money back at its sender within ten days over three or four hands, each keeping at most five percent."""
    paid = defaultdict(list)
    for row in rows(ws, "Payment"):
        payer, payee = one(row, "payer"), one(row, "beneficiary")
        paid[payer].append((day(one(row, "date")), float(one(row, "amount")), payee))
    return [
        trip
        for payer, sent in paid.items()
        for when, amount, payee in sent
        for trip in _ways_back((payer, payee), when, when, amount, paid)
    ]


def _ways_back(
    way: tuple[str, ...], start: date, last: date, amount: float, paid: dict[str, Any]
) -> Iterator[tuple[str, ...]]:
    for when, passed_on, payee in paid.get(way[-1], ()):
        if last <= when <= start + timedelta(10) and 0.95 * amount <= passed_on < amount:
            if payee == way[0]:
                yield way
            elif payee not in way and len(way) < 4:
                yield from _ways_back((*way, payee), start, when, passed_on, paid)


def under_the_limit(ws: Workspace) -> Found:
    """Five or more payments between 9,000 and 10,000 to one beneficiary within a week."""
    near = defaultdict(list)
    for row in rows(ws, "Payment"):
        if 9000 <= float(one(row, "amount")) < 10000:
            near[one(row, "beneficiary")].append((day(one(row, "date")), one(row, "payer")))
    found = []
    for payee, paid in near.items():
        for start, _ in paid:
            week = [payer for when, payer in paid if timedelta(0) <= when - start < timedelta(7)]
            if len(week) >= 5:
                found.append((payee, *sorted(set(week))))
                break
    return found


# -- roads and places ---------------------------------------------------------------------------------------------


def convoys(ws: Workspace) -> Found:
    """Two cars within two minutes of each other at three or more cameras of one evening, on two days or more."""
    by_camera = defaultdict(list)
    for row in rows(ws, "PlateRead"):
        if row["vehicle"]:
            by_camera[one(row, "camera")].append(
                (datetime.fromisoformat(one(row, "date")), one(row, "vehicle"))
            )
    together: defaultdict[tuple[str, str], defaultdict[date, set[str]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for camera, reads in by_camera.items():
        reads.sort()
        for place, (when, car) in enumerate(reads):
            for later, other in reads[place + 1 :]:
                if later - when > timedelta(minutes=2):
                    break
                if other != car:
                    together[min(car, other), max(car, other)][when.date()].add(camera)
    return [pair for pair, days in together.items() if sum(len(met) >= 3 for met in days.values()) >= 2]


def stolen_and_seen(ws: Workspace) -> Found:
    """A stolen car whose plate was read, O and 0, I and 1 taken as the same sign."""
    read = {one(row, "registrationNumber").translate(_MISREAD) for row in rows(ws, "PlateRead")}
    return [
        (one(row, "id"),)
        for row in rows(ws, "Vehicle")
        if "stolen" in row["keywords"] and one(row, "registrationNumber").translate(_MISREAD) in read
    ]


def series(ws: Workspace) -> Found:
    """Five or more offences of one manner in one city, within three kilometres and as regular as a clock."""
    alike = defaultdict(list)
    for row in rows(ws, "Offence"):
        if row["modusOperandi"]:
            alike[one(row, "modusOperandi"), one(row, "location")].append(row)
    found = []
    for group in alike.values():
        days = sorted(day(one(row, "date")).toordinal() for row in group)
        gaps = [later - earlier for earlier, later in pairwise(days)]
        if len(group) >= 5 and pstdev(gaps) < 0.2 * mean(gaps) and _spread(group) < 3:
            found.append(tuple(one(row, "id") for row in group))
    return found


def _spread(group: Iterable[dict[str, tuple[str, ...]]]) -> float:
    """The greatest distance between two of them, in kilometres at most."""
    points = [(float(one(row, "latitude")), float(one(row, "longitude"))) for row in group]
    return max(dist(a, b) * _KM for a, b in combinations(points, 2))


def life_on_a_map(ws: Workspace) -> Found:
    """A person with six or more dated, placed events in three or more countries."""
    events: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for schema in ("Event", "Observation"):
        for row in rows(ws, schema):
            for person in row["involved"] + row["observed"]:
                events[person][one(row, "id")] = one(row, "country")
    return [
        (person, *found)
        for person, found in events.items()
        if len(found) >= 6 and len(set(found.values())) >= 3
    ]


# -- people -------------------------------------------------------------------------------------------------------


def doubles(ws: Workspace) -> Found:
    """Two records with names that sound alike, of one gender, born in the same month - one knows no day."""
    blocks = defaultdict(list)
    for row in rows(ws, "Person"):
        for born in row["birthDate"]:
            blocks[row["gender"], born[:7]].append(row)
    return [
        (one(a, "id"), one(b, "id"))
        for block in blocks.values()
        for a, b in combinations(block, 2)
        if a["id"] != b["id"] and _sound_alike(a, b)
    ]


def _sound_alike(a: dict[str, tuple[str, ...]], b: dict[str, tuple[str, ...]]) -> bool:
    if set(a["alias"]) & set(b["alias"]):
        return True
    pairs = ((x.casefold(), y.casefold()) for x in a["name"] for y in b["name"])
    return any(SequenceMatcher(None, x, y).ratio() >= 0.85 for x, y in pairs)


def namesakes(ws: Workspace) -> Found:
    """Two records of exactly one name, born five years or more apart: two people."""
    by_name = defaultdict(dict)
    for row in rows(ws, "Person"):
        for name in row["name"]:
            by_name[name][one(row, "id")] = row["birthDate"]
    return [
        (a, b)
        for bearers in by_name.values()
        for a, b in combinations(bearers, 2)
        if bearers[a] and bearers[b] and abs(int(bearers[a][0][:4]) - int(bearers[b][0][:4])) >= 5
    ]


def contradictions(ws: Workspace) -> Found:
    """A person with two days of birth that differ by day and month swapped."""
    return [
        (one(row, "id"),)
        for row in rows(ws, "Person")
        for a, b in combinations(row["birthDate"], 2)
        if a[:4] == b[:4] and a[5:].split("-") == b[5:].split("-")[::-1]
    ]


def wanted(ws: Workspace, status: str = "published") -> Found:
    """Persons with a red notice of a status that is in force today."""
    return [
        (one(row, "subject"), one(row, "id"))
        for row in rows(ws, "Notice", noticeType="red", status=status)
        if day(one(row, "expiryDate")) > TODAY
    ]


def gaps(ws: Workspace) -> Found:
    """Somebody wanted of whom neither an address nor a passport is known."""
    addressed = {one(row, "id") for row in rows(ws, "Person") if row["addressEntity"]}
    held = {holder for row in rows(ws, "Passport") for holder in row["holder"]}
    return [(person,) for person, _ in wanted(ws) if person not in addressed | held]


def relatives(ws: Workspace) -> Found:
    """The relatives of whoever has the longest trail of events."""
    subject = max(life_on_a_map(ws), key=len)[0]
    ties = [row for row in rows(ws, "Family") if subject in row["person"] + row["relative"]]
    return [(subject, *{end for row in ties for end in row["person"] + row["relative"]} - {subject})]


def named_in_texts(ws: Workspace) -> Found:
    """Whoever most texts name, in two scripts or more; and these texts."""
    texts = {one(row, "id"): one(row, "bodyText") for s in ("PlainText", "Email") for row in rows(ws, s)}
    found = {}
    for row in rows(ws, "Person"):
        named = {
            name: [key for key, text in texts.items() if name in text]
            for name in row["name"] + row["alias"]
            if len(name) > 8
        }
        scripts = {name.isascii() for name, hits in named.items() if hits}
        if len(scripts) > 1:
            found[one(row, "id")] = {key for hits in named.values() for key in hits}
    most = max(found, key=lambda person: len(found[person]))
    return [(most, *found[most])]


def diffusions(ws: Workspace) -> Found:
    """Every diffusion the reader was sent."""
    return [(one(row, "id"),) for row in rows(ws, "Diffusion")]


# -- restrictions -------------------------------------------------------------------------------------------------


def protected(ws: Workspace) -> Found:
    """Victims, witnesses and people under eighteen."""
    grown = TODAY.replace(year=TODAY.year - 18, day=1).isoformat()
    return [
        (one(row, "id"),)
        for row in rows(ws, "Person")
        if {"victim", "witness"} & set(row["personStatus"]) or any(born > grown for born in row["birthDate"])
    ]


def sensitive(ws: Workspace) -> Found:
    """Persons whose religion or ethnic group is stated."""
    return [(one(row, "id"),) for row in rows(ws, "Person") if row["religion"] or row["ethnicity"]]


def sightings_in_a_file(ws: Workspace) -> Found:
    """Sightings that stand in the file of a case."""
    return [(one(row, "observed"), one(row, "id")) for row in rows(ws, "Observation") if row["caseFile"]]


def seizures(ws: Workspace, city: str) -> Found:
    """What was seized in a city."""
    return [(one(row, "id"),) for row in rows(ws, "Seizure", location=city)]


def people_of(ws: Workspace, level: str, title: str) -> Found:
    """People whom one kind of source alone knows: whom they are tied to, who they are, and the tie."""
    everybody = ws.entities(ws.find("Person")["id"])
    named = {
        e.id
        for e in everybody
        if {*zip(e.statements["level"], e.statements["source_title"], strict=True)} == {(level, title)}
    }
    return [
        (one(row, "person"), one(row, "associate"), one(row, "id"))
        for row in rows(ws, "Associate")
        if one(row, "associate") in named
    ]


def only_for(ws: Workspace, other: Workspace, schema: str) -> list[dict[str, tuple[str, ...]]]:
    """What exists under one purpose and not under another."""
    known = set(other.find(schema)["id"])
    return [row for row in rows(ws, schema) if one(row, "id") not in known]
