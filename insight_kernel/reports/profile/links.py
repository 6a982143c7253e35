"""Links of the subject: a figure of who and what is around it, and a table saying how and from where."""

import networkx as nx

from insight_kernel.model.caption import spoken
from insight_kernel.model.schema import vocabulary
from insight_kernel.reports.blocks import Block, Cell, figure, paragraph, table
from insight_kernel.reports.profile import words
from insight_kernel.reports.profile.material import Link, Seen, Thing
from insight_kernel.views import graph

_ELSEWHERE = ("Event", "Alert", "Warrant", "Sanction", "Identification", "Document", "CaseFile")
"""What has sections of its own, and would only crowd the figure."""
_SUMMED = ("Call", "Payment")
_SHARES = (
    "percentage",
    "sharesCount",
    "sharesValue",
    "sharesCurrency",
)  # texts that say nothing by themselves


def network(seen: Seen) -> Block:
    """Return the figure of the subject's links."""
    found = relations(seen)
    if not found:
        return paragraph("No links of the subject among what is visible; no figure drawn.", kind="empty")
    drawn: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for link in found:
        for id_ in (link.source, link.target):
            drawn.add_node(id_, caption=seen.caption(id_), schema=seen.things[id_].schema.name)
        drawn.add_edge(link.source, link.target, caption=_short(link), schema=link.kind)
    made = ("One step around the subject, which is ringed; without events, documents, notices, calls and payments, "
            "which have sections of their own. Position has no meaning.")  # fmt: skip
    title = f"Links of {seen.subject.caption}"
    return figure(graph(drawn, highlight=[seen.subject.id]), title, made=made)


def links(seen: Seen) -> Block:
    """Return the table of the subject's links."""
    rows = sorted((_row(link, seen) for link in relations(seen)), key=lambda row: (str(row[1]), str(row[0])))
    if not rows:
        return paragraph("No links of the subject among what is visible.", kind="empty")
    columns = ("With", "Kind", "Link", "Details", "Source (owner)", "Grade")
    made = "Each link once; its grade is that of the link's own statements."
    return table("Links", columns, rows, made=made)


def relations(seen: Seen) -> list[Link]:
    """Return the subject's links to persons, bodies, things and places."""
    return [link for link in seen.near if not _elsewhere(link, seen)]


def _elsewhere(link: Link, seen: Seen) -> bool:
    other = seen.things[_other(link, seen)]
    return link.kind in _SUMMED or any(other.schema.is_a(name) for name in _ELSEWHERE)


def _other(link: Link, seen: Seen) -> str:
    return link.target if link.source == seen.subject.id else link.source


def _row(link: Link, seen: Seen) -> list[Cell]:
    other = seen.things[_other(link, seen)]
    own = seen.things[link.thing] if link.thing else None
    said = own.said if own else [s for s in seen.things[link.source].said if s.reference == link.target]
    return [other.caption, other.schema.label, _sentence(link, seen), _details(link, seen),
            words.sources(said), words.grades(said)]  # fmt: skip


def _sentence(link: Link, seen: Seen) -> str:
    """Say the link from the subject's side, with an arrow where it has a direction."""
    edge = vocabulary().schemata[link.kind].edge if link.thing else None
    arrow = "" if edge and not edge.directed else "→ " if link.source == seen.subject.id else "← "
    verb = edge.label if edge else words.property_label(seen.things[link.source].schema, link.kind)
    return f"{arrow}{verb}"


def _details(link: Link, seen: Seen) -> str:
    """Return what the link's own entity says apart from its ends."""
    if link.thing is None:
        return ""
    own = seen.things[link.thing]
    names = [
        n for n, p in own.schema.properties.items() if p.type != "entity" and not words.administrative(n)
    ]
    dates = {*own.schema.start, *own.schema.end}
    texts = [_detail(own, name, value) for name in names if name not in dates for value in own.values(name)]
    period = f"{own.start} to {own.end}" if own.end else f"since {own.start}" if own.start else ""
    return "; ".join(filter(None, [*texts, period]))


def _detail(own: Thing, name: str, value: str) -> str:
    prop = own.schema.properties[name]
    return f"{prop.label.lower()} {value}" if prop.type == "number" or name in _SHARES else value


def _short(link: Link) -> str:
    if link.thing is None:
        return {"addressEntity": "address"}.get(link.kind, link.kind)
    return spoken(vocabulary().schemata[link.kind], link.caption)
