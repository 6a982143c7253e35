"""Asks every question of `finders` as each reader, and only then compares the answers with the truth.

    python tests/training/survey.py SIZE [SEED]

writes a world of that size (and of another seed), loads it and prints what was found, what was missed and
what was a false alarm.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import careless
import finders
from finders import Found

import insight_kernel as insight
from insight_kernel import Workspace
from insight_kernel.client.loading import deliveries_in, load_deliveries
from insight_kernel.errors import InsightError
from insight_kernel.model.ids import entity_hasher, to_text
from insight_kernel.store.folder import open_folder
from insight_kernel.training.world import write_world

READERS = ("ana", "ben", "chen")
TOMORROW = finders.TODAY + timedelta(1)  # one source ends the day after the world's: later than this run


class Desk:
    """The workspaces of one reader, opened when first asked for."""

    def __init__(self, store: Path, user: str, open_until: ExitStack) -> None:
        self.store, self.user, self._open_until = store, user, open_until
        self._known: dict[str, Workspace] = {}

    def for_(self, purpose: str) -> Workspace:
        """Return the workspace for a purpose; refused where the reader has not that purpose."""
        if purpose not in self._known:
            ws = insight.open(self.store, user=self.user, purpose=purpose, quiet=True)
            self._known[purpose] = self._open_until.enter_context(ws)
        return self._known[purpose]


def _under(purpose: str, finder: Callable[..., Found], *more: str) -> Callable[[Desk], Found]:
    return lambda desk: finder(desk.for_(purpose), *more)


def _wanted_only(desk: Desk) -> Found:
    """Persons one may know of when looking for wanted persons, and not when identifying somebody."""
    news = finders.only_for(desk.for_("wanted"), desk.for_("identify"), "Person")
    return [(row["id"][0],) for row in news]


def _border_only(desk: Desk) -> Found:
    """Sightings one may know of at the border only, with who was seen."""
    news = finders.only_for(desk.for_("border"), desk.for_("identify"), "Observation")
    return [(row["observed"][0], row["id"][0]) for row in news]


QUESTIONS: Mapping[str, Callable[[Desk], Found]] = {
    "cell": _under("network", finders.cells),
    "broker": _under("network", finders.broker),
    "hidden-link": _under("network", finders.other_way),
    "ownership-chain": _under("network", finders.owners_behind),
    "relay": _under("network", finders.relays),
    "successor-phone": _under("network", finders.successors),
    "round-trip": _under("network", finders.round_trips),
    "under-the-limit": _under("network", finders.under_the_limit),
    "convoy": _under("network", finders.convoys),
    "stolen-vehicle": _under("network", finders.stolen_and_seen),
    "series": _under("network", finders.series),
    "timeline": _under("network", finders.life_on_a_map),
    "family": _under("network", finders.relatives),
    "gap": _under("network", finders.gaps),
    "mentions": _under("network", finders.named_in_texts),
    "contradiction": _under("network", finders.contradictions),
    "duplicate": _under("network", finders.doubles),
    "namesake": _under("network", finders.namesakes),
    "notice": _under("wanted", finders.wanted),
    "notice-pending": _under("wanted", finders.wanted, "pending"),
    "notice-refused": _under("wanted", finders.wanted, "refused"),
    "diffusion": _under("identify", finders.diffusions),
    "case-file": _under("network", finders.sightings_in_a_file),
    "person-excluded": _under("network", finders.people_of, "official", "Bilateral"),
    "person-confidential": _under("network", finders.people_of, "confidential", "Sources abroad"),
    "person-expired": _under("network", finders.people_of, "official", "Old persons file"),
    "wanted-only": _wanted_only,
    "border-only": _border_only,
    "handling-de-evidence": _under("network", finders.seizures, "Hamburg"),
    "handling-br-shared": _under("network", finders.seizures, "Santos"),
    "handling-ua-expiring": _under("network", finders.seizures, "Odesa"),
    "sensitive": _under("network", finders.sensitive),
    "minor": _under("network", finders.protected),
    "protected-victim": _under("network", finders.protected),
    "protected-witness": _under("network", finders.protected),
    "protected-missing": _under("network", finders.protected),
    "protected-plain-victim": _under("network", finders.protected),
    "protected-plain-witness": _under("network", finders.protected),
}
#: The same, each without the condition its trap is made for: by kind and by what is wrong.
CARELESS: Mapping[tuple[str, str], Callable[[Desk], Found]] = {
    ("round-trip", "no limit of time"): _under("network", careless.circles_at_any_time),
    ("convoy", "one camera is enough"): _under("network", careless.together_at_one_camera),
    ("under-the-limit", "one payment is enough"): _under("network", careless.near_the_limit_once),
    ("duplicate", "the name alone"): _under("network", careless.one_name_one_person),
    ("notice", "whatever its status"): _under("wanted", careless.red_whatever_its_status),
    ("series", "the manner alone"): _under("network", careless.one_manner_anywhere),
    ("ownership-chain", "owners of any kind"): _under("network", careless.behind_two_companies),
    ("duplicate", "names to the letter"): _under("network", careless.doubles_to_the_letter),
}
#: What the kinds are called where people read them.
TITLES: Mapping[str, tuple[str, ...]] = {
    "closely knit cells": ("cell",),
    "the broker between them": ("broker",),
    "a second tie, for one country only": ("hidden-link",),
    "an owner behind two companies": ("ownership-chain",),
    "money that comes round": ("round-trip",),
    "sums kept under a limit": ("under-the-limit",),
    "calls passed on over a second phone": ("relay",),
    "a phone that takes over from another": ("successor-phone",),
    "cars that travel together": ("convoy",),
    "stolen cars on the road": ("stolen-vehicle",),
    "a series of thefts": ("series",),
    "a trail of events on a map": ("timeline",),
    "relatives": ("family",),
    "what is not known of a wanted person": ("gap",),
    "one person in texts of two scripts": ("mentions",),
    "birth dates that contradict": ("contradiction",),
    "one person recorded twice": ("duplicate",),
    "two persons of one name": ("namesake",),
    "red notices in force": ("notice",),
    "requests that were not published": ("notice-pending", "notice-refused"),
    "diffusions to some countries": ("diffusion",),
    "sightings in the file of a case": ("case-file",),
    "persons kept from one country": ("person-excluded",),
    "persons in a confidential file": ("person-confidential",),
    "persons whose record has expired": ("person-expired",),
    "persons for arrests only": ("wanted-only",),
    "a passage for border checks only": ("border-only",),
    "seizures with conditions": ("handling-de-evidence", "handling-br-shared", "handling-ua-expiring"),
    "religion and ethnic group": ("sensitive",),
    "victims, witnesses, minors": tuple(kind for kind in QUESTIONS if "protected" in kind or kind == "minor"),
}
#: Kinds of which the truth names a part of what an analyst finds: a trail of events, the texts about somebody.
PART = ("timeline", "mentions")


@dataclass(frozen=True)
class Row:
    """One kind and one reader: how many there are for him, how many he found, missed and took for one wrongly."""

    kind: str
    user: str
    planted: int
    withheld: int
    found: int
    false_alarms: int


def survey(store: Path, truth: Mapping[str, Any]) -> list[Row]:
    """Return a row for each kind planted and each reader of whom the truth says whether he sees it."""
    with ExitStack() as open_until:
        desks = {user: Desk(store, user, open_until) for user in READERS}
        answers = {
            (kind, user): _asked(question, desks[user])
            for kind, question in QUESTIONS.items()
            for user in READERS
        }
    return list(_compared(answers, truth, store))


def careless_survey(
    store: Path, truth: Mapping[str, Any], questions: Iterable[tuple[str, str]] = tuple(CARELESS)
) -> dict[tuple[str, str], Row]:
    """Return what the first reader finds with each careless question."""
    with ExitStack() as open_until:
        desk = Desk(store, READERS[0], open_until)
        answers = {asked: _asked(CARELESS[asked], desk) for asked in questions}
    return {
        asked: row
        for asked, found in answers.items()
        for row in _compared({(asked[0], READERS[0]): found}, truth, store)
    }


def _asked(question: Callable[[Desk], Found], desk: Desk) -> set[frozenset[str]]:
    """Return what a question finds; nothing for a reader who is refused a workspace for its purpose."""
    try:
        return {frozenset(ids) for ids in question(desk)}
    except InsightError as refusal:
        if "has this purpose" not in str(refusal):
            raise
        return set()


def _compared(
    answers: Mapping[tuple[str, str], set[frozenset[str]]], truth: Mapping[str, Any], store: Path
) -> Iterator[Row]:
    number = entity_hasher(open_folder(store).key)
    for (kind, user), found in answers.items():
        plants = [plant for plant in truth["planted"] if plant["kind"] == kind]
        mine, others = (
            {frozenset(to_text(number("WORLD", key)) for key in p["ids"]) for p in plants if user in p[of]}
            for of in ("seen_by", "not_seen_by")
        )
        if mine or others:
            hits = {plant for plant in mine if any(_is(kind, plant, answer) for answer in found)}
            wrong = [answer for answer in found if not any(_is(kind, plant, answer) for plant in mine)]
            yield Row(kind, user, len(mine), len(others), len(hits), len(wrong))


def _is(kind: str, plant: frozenset[str], answer: frozenset[str]) -> bool:
    return plant <= answer if kind in PART else plant == answer


def built(folder: Path, size: int, seed: int = 1) -> tuple[Path, dict[str, Any]]:
    """Write and load a world; return its store and its truth."""
    world = write_world(folder / "world", today=TOMORROW, size=size, seed=seed)
    outcome = load_deliveries(deliveries_in([folder / "world" / "sources"]), store=folder / "store")
    if not outcome.fine:
        raise AssertionError(outcome.text())
    return folder / "store", json.loads(world.truth.read_text("utf-8"))


def table(found: list[Row]) -> str:
    """Return the survey as a Markdown table: found of planted for each reader, and what is withheld from him."""
    lines = [
        "| planted | " + " | ".join(READERS) + " | false alarms |",
        "|---|" + "---|" * (len(READERS) + 1),
    ]
    for title, kinds in TITLES.items():
        of = {user: [row for row in found if row.user == user and row.kind in kinds] for user in READERS}
        wrong = sum(row.false_alarms for rows in of.values() for row in rows)
        lines.append(f"| {title} | {' | '.join(_cell(of[user]) for user in READERS)} | {wrong} |")
    return "\n".join(lines)


def careless_table(found: Mapping[tuple[str, str], Row]) -> str:
    """Return the careless survey as a Markdown table."""
    lines = ["| kind | asked carelessly | found | false alarms |", "|---|---|---|---|"]
    for (kind, how), row in found.items():
        lines.append(f"| {kind} | {how} | {row.found} of {row.planted} | {row.false_alarms} |")
    return "\n".join(lines)


def _cell(found: list[Row]) -> str:
    planted, withheld = sum(row.planted for row in found), sum(row.withheld for row in found)
    hits = [f"{sum(row.found for row in found)} of {planted}"] if planted else []
    return ", ".join([*hits, *([f"{withheld} withheld"] if withheld else [])])


def main() -> None:
    """Print the tables for a world of the size and seed given."""
    with TemporaryDirectory() as folder:
        store, truth = built(Path(folder), *map(int, sys.argv[1:]))
        for text in (table(survey(store, truth)), careless_table(careless_survey(store, truth))):
            print(text, end="\n\n")  # noqa: T201


if __name__ == "__main__":
    main()
