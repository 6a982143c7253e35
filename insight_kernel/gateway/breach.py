"""The breach report: what happened in a time to whose data, from the log alone.

It gives what a notification to the authority and to those concerned needs: the nature of what happened, whose data
of which kinds, about how many, who had them, where they went, and whether the log that says so can be relied on.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from insight_kernel.audit.checkpoint import FILE
from insight_kernel.audit.verify import verify
from insight_kernel.gateway.floating import unpack
from insight_kernel.gateway.runs import LEAVING
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sought import Sought
from insight_kernel.model.label import Label

Row = dict[str, Any]
_READ = ("user", "organisation", "case", "purpose", "operation")


def breach_report(gateway: Gateway, sought: Sought, by: str) -> dict[str, Any]:
    """Return the report over a time, of one user, workspace or owner if one is named; that it was made is logged."""
    said = sought.checked().said()
    gateway.audit.append({"operation": "consultation", "request": "breach", "user": by, "sought": said})
    found = [entry for entry in gateway.log() if sought.fits(entry)]
    answered = [entry for entry in found if entry.get("decision") == "answered"]
    return {
        "asked": said, "made": gateway.clock.now().isoformat("T", "seconds"), "entries": len(found),
        "reads": _reads(answered), "data": _data(gateway, answered, sought.owner),
        "left": [*_left(gateway, sought)],
        "refusals": _counted(entry for entry in found if entry.get("decision") == "refused"),
        "alarms": _counted(entry for entry in found if entry.get("weight") == "alarm"),
        "gaps": _gaps(found), "log": _state(gateway),
    }  # fmt: skip


def _reads(answered: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return who read, for what and whose: questions and rows."""
    questions: Counter[tuple[Any, ...]] = Counter()
    rows: Counter[tuple[Any, ...]] = Counter()
    for entry in answered:
        key = (*(entry.get(name) for name in _READ), ", ".join(entry.get("owners", ())))
        questions[key] += 1
        rows[key] += entry.get("rows", 0)
    names = (*_READ, "owners")
    ordered = sorted(questions, key=lambda key: tuple(map(str, key)))
    return [
        {**dict(zip(names, key, strict=True)), "questions": questions[key], "rows": rows[key]}
        for key in ordered
    ]


def _data(gateway: Gateway, answered: Iterable[Mapping[str, Any]], owner: str | None) -> list[Row]:
    """Return which records their workspaces were first sent in this time: by owner and source, of which kinds."""
    numbers = sorted(
        {number for entry in answered if "records" in entry for number in unpack(entry["records"])}
    )
    stored = gateway.store.labels().labels
    found: dict[tuple[str, str], Row] = {}
    for id_, whose, source, labels in gateway.store.records_of(numbers):
        if owner not in (None, whose):
            continue
        row = found.setdefault((whose, source), {"kinds": Counter(), "levels": Counter(), "records": []})
        row["records"].append(id_)
        mine = [label for n in labels if isinstance(label := stored[n], Label)]
        row["kinds"].update({kind for label in mine for kind in label.special})
        row["levels"].update({label.level for label in mine})
    return [
        {"owner": whose, "source": source, "number": len(row["records"]), "kinds": dict(sorted(row["kinds"].items())),
         "levels": dict(sorted(row["levels"].items())), "records": row["records"]}
        for (whose, source), row in sorted(found.items())
    ]  # fmt: skip


def _left(gateway: Gateway, sought: Sought) -> Iterator[Row]:
    """Yield every release in this time; of one owner's data, those of workspaces that were sent any."""
    names = ("time", "run", "recipient", "user", "by", "case", "purpose", "released")
    period = Sought(user=sought.user, workspace=sought.workspace, since=sought.since, until=sought.until)
    holding = set()
    for entry in gateway.log():
        if sought.owner in entry.get("owners", ()):
            holding.add(entry.get("workspace"))
        if (
            entry.get("operation") not in LEAVING
            or entry.get("decision") != "granted"
            or not period.fits(entry)
        ):
            continue
        if sought.owner is None or entry["workspace"] in holding:
            yield {name: entry.get(name) for name in names}


def _counted(found: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return how often each cause occurred, repeats included, and between when."""
    kept: dict[tuple[str, str], Row] = {}
    for entry in found:
        key = str(entry.get("reason", "refused")), str(entry.get("user", ""))
        row = kept.setdefault(key, {"reason": key[0], "user": key[1], "times": 0, "first": entry["time"]})
        row["times"] += 1 + entry.get("repeated", 0)
        row["last"] = entry["time"]
    return [kept[key] for key in sorted(kept)]


def _gaps(found: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return what was announced and never said to be done, and lines that were cut: there the log has less to say."""
    open_: dict[int, Row] = {}
    cuts = []
    for entry in found:
        if entry.get("decision") == "intent":
            open_[entry["change"]] = {"entry": entry["n"], "time": entry["time"], "what": entry["operation"]}
        elif entry.get("decision") in ("committed", "recovered", "undone"):
            open_.pop(entry["change"], None)
        elif entry.get("operation") == "cut":
            cuts.append({"entry": entry["n"], "time": entry["time"], "what": f"{entry['bytes']} bytes cut"})
    return [*open_.values(), *cuts]


def _state(gateway: Gateway) -> dict[str, Any]:
    folder = gateway.store.folder / "audit"
    found = verify(folder)
    return {
        "whole": found.fault is None, "fault": found.fault, "entries": found.chain.number, "checkpoints": FILE,
        "last_good": asdict(found.last_good) if found.last_good else None, "outside": gateway.vouching.faults(),
    }  # fmt: skip
