"""What happened, when and where: events, movements, a map and a timeline."""

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from insight_kernel.model.caption import spoken
from insight_kernel.reports.blocks import Block, Cell, figure, moment, paragraph, table
from insight_kernel.reports.profile import words
from insight_kernel.reports.profile.material import Seen, Thing
from insight_kernel.views import timeline, world_map

_ENDS = ("involved", "observed", "vehicle", "organizer", "seizedFrom", "party", "subject")


def events(seen: Seen) -> Block:
    """Return the events the subject, or what belongs to it, is named in; reads of plates are summed up apart."""
    found = [event for event in seen.linked("Event") if not event.schema.is_a("PlateRead")]
    if not found:
        return paragraph("No events of the subject among what is visible.", kind="empty")
    rows: list[list[Cell]] = [
        [moment(event.start), event.caption, event.schema.label, "; ".join(event.values("location")),
         _through(event, seen), words.sources(event.said), words.grades(event.said)]
        for event in sorted(found, key=lambda event: (event.start, event.caption))
    ]  # fmt: skip
    columns = ("Date", "Event", "Kind", "Place", "Names", "Source (owner)", "Grade")
    return table("Events", columns, rows, made="Events that name the subject or what belongs to it, by date.")


def movements(seen: Seen) -> Block:
    """Return where and how often plates of the subject's vehicles were read."""
    reads: defaultdict[tuple[str, str], list[Thing]] = defaultdict(list)
    for read in seen.linked("PlateRead"):
        reads[read.first("registrationNumber"), read.first("location", "camera")].append(read)
    if not reads:
        return paragraph("No reads of plates of the subject's vehicles among what is visible.", kind="empty")
    rows = [_reads(plate, place, found) for (plate, place), found in sorted(reads.items())]
    columns = ("Plate", "Place", "Reads", "First", "Last", "Source (owner)", "Grade")
    made = "Reads of the plates of linked vehicles, counted by place; a read is a vehicle, not who drives it."
    return table("Reads of plates", columns, rows, made=made, grouped=1)


def places(seen: Seen) -> Block:
    """Return a map of everything around the subject that has coordinates."""
    found = points(seen)
    if found.empty:
        return paragraph(
            "No coordinates among the visible events and addresses; no map is drawn.", kind="empty"
        )
    made = ("Coordinates as delivered with events and addresses of the subject and its belongings; equal places "
            "are drawn once. Nothing was looked up elsewhere.")  # fmt: skip
    return figure(world_map(found), f"Places around {seen.subject.caption}", made=made)


def points(seen: Seen) -> pd.DataFrame:
    """Return `lat, lon, caption, kind` of events, addresses and other things with coordinates."""
    rows = []
    for thing in (*seen.linked("Event"), *seen.linked("Address", "RealEstate")):
        lat, lon = (thing.first(name) for name in ("latitude", "longitude"))
        place = thing.first("location") if thing.schema.is_a("PlateRead") else ""
        rows.append((lat, lon, place or thing.caption, thing.schema.label))
    frame = pd.DataFrame(rows, columns=["lat", "lon", "caption", "kind"])
    frame[["lat", "lon"]] = frame[["lat", "lon"]].apply(pd.to_numeric, errors="coerce")
    return frame.dropna(subset=["lat", "lon"]).drop_duplicates(ignore_index=True)


def dates(seen: Seen) -> Block:
    """Return a timeline of what is dated around the subject."""
    found = dated(seen)
    if found.empty:
        return paragraph("Nothing around the subject has a date; no timeline is drawn.", kind="empty")
    made = ("Starts and ends as delivered with links, bodies, events, documents and notices. Calls, payments and "
            "reads of plates are summed up instead; a person's own dates stand under Identity.")  # fmt: skip
    return figure(timeline(found, today=seen.day), f"Dates around {seen.subject.caption}", made=made)


def dated(seen: Seen) -> pd.DataFrame:
    """Return `start, end, caption, kind` of what is linked with the subject, earliest first."""
    summed = ("Call", "Payment", "PlateRead", "Person", "Document")
    found = [thing for thing in seen.linked("Thing", "Interval") if not _is_any(thing, summed)]
    rows = [_span(thing, seen) for thing in found if thing.start or thing.end]
    frame = pd.DataFrame(rows, columns=["start", "end", "caption", "kind"])
    return frame.drop_duplicates().sort_values(["start", "caption"], ignore_index=True, na_position="last")


def _span(thing: Thing, seen: Seen) -> tuple[str | None, str | None, str, str]:
    kind = "Links" if thing.schema.edge else thing.schema.label
    return thing.start or None, thing.end or None, _called(thing, seen), kind


def _called(thing: Thing, seen: Seen) -> str:
    """Return what a thing is called on the timeline: a link by its other end, a sanction by its authority."""
    edge = thing.schema.edge
    if edge is None:
        sanction = thing.schema.is_a("Sanction") and thing.first("authority", "program")
        return sanction or thing.caption
    others = [id_ for id_ in thing.values(edge.source, edge.target) if id_ != seen.subject.id]
    ends = ", ".join(seen.caption(id_) for id_ in others if id_ in seen.things)
    return f"{ends} ({spoken(thing.schema, thing.caption)})"


def _is_any(thing: Thing, names: Iterable[str]) -> bool:
    return any(thing.schema.is_a(name) for name in names)


def _through(event: Thing, seen: Seen) -> str:
    """Return whom and what the event names, of what is known here."""
    ids = dict.fromkeys(s.reference for s in event.said if s.property in _ENDS and s.reference in seen.things)
    linked = [link for link in (*seen.near, *seen.further) if event.id in (link.source, link.target)]
    ids.update(dict.fromkeys(end for link in linked for end in (link.source, link.target) if end != event.id))
    return "; ".join(dict.fromkeys(seen.caption(id_) for id_ in ids if id_))


def _reads(plate: str, place: str, found: list[Thing]) -> list[Cell]:
    said = [s for read in found for s in read.said]
    days = sorted(filter(None, (read.start for read in found))) or [""]
    return [
        plate,
        place,
        str(len(found)),
        moment(days[0]),
        moment(days[-1]),
        words.sources(said),
        words.grades(said),
    ]
