"""The same questions asked carelessly: each leaves out the one condition its trap is made for."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import combinations, pairwise

import networkx as nx
from finders import Found, one, rows

from insight_kernel import Workspace


def circles_at_any_time(ws: Workspace) -> Found:
    """Money paid round three hands, however long it takes and whatever the sums."""
    graph = nx.DiGraph((one(row, "payer"), one(row, "beneficiary")) for row in rows(ws, "Payment"))
    return [tuple(circle) for circle in nx.simple_cycles(graph, length_bound=3) if len(circle) == 3]


def together_at_one_camera(ws: Workspace) -> Found:
    """Two cars within two minutes of each other on three days, be it at one camera only."""
    by_camera = defaultdict(list)
    for row in rows(ws, "PlateRead"):
        if row["vehicle"]:
            when = datetime.fromisoformat(one(row, "date"))
            by_camera[one(row, "camera")].append((when, one(row, "vehicle")))
    met: Counter[tuple[str, str]] = Counter()
    for reads in by_camera.values():
        for (when, car), (later, other) in pairwise(sorted(reads)):
            if car != other and later - when <= timedelta(minutes=2):
                met[min(car, other), max(car, other)] += 1
    return [pair for pair, times in met.items() if times >= 3]


def near_the_limit_once(ws: Workspace) -> Found:
    """Whoever was ever paid a sum just under 10,000."""
    return [
        (one(row, "beneficiary"),) for row in rows(ws, "Payment") if 9000 <= float(one(row, "amount")) < 10000
    ]


def one_name_one_person(ws: Workspace) -> Found:
    """Two records of one name taken for one person."""
    by_name = defaultdict(set)
    for row in rows(ws, "Person"):
        for name in row["name"]:
            by_name[name].add(one(row, "id"))
    return [pair for bearers in by_name.values() for pair in combinations(bearers, 2)]


def red_whatever_its_status(ws: Workspace) -> Found:
    """Everybody a red notice was asked for."""
    return [(one(row, "subject"), one(row, "id")) for row in rows(ws, "Notice", noticeType="red")]


def one_manner_anywhere(ws: Workspace) -> Found:
    """Offences of one manner, wherever and whenever."""
    alike = defaultdict(set)
    for row in rows(ws, "Offence"):
        for manner in row["modusOperandi"]:
            alike[manner].add(one(row, "id"))
    return [tuple(group) for group in alike.values() if len(group) >= 5]


def behind_two_companies(ws: Workspace) -> Found:
    """Whatever owns a company through two others, be it no person."""
    companies = {one(row, "id") for row in rows(ws, "Company")}
    owned = [(one(row, "owner"), one(row, "asset")) for row in rows(ws, "Ownership")]
    graph = nx.DiGraph((owner, asset) for owner, asset in owned if asset in companies)
    reached = nx.all_pairs_shortest_path(graph, cutoff=3)
    return [tuple(way) for _, ways in reached for way in ways.values() if len(way) >= 3]


def doubles_to_the_letter(ws: Workspace) -> Found:
    """Two records of one Latin name born in one month: this one misses all of them."""
    blocks = defaultdict(set)
    for row in rows(ws, "Person"):
        for name in row["name"]:
            for born in row["birthDate"]:
                blocks[name, born[:7]].add(one(row, "id"))
    return [pair for block in blocks.values() for pair in combinations(block, 2)]
