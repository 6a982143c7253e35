"""Payments and calls, summed up: how many, how much in which currency, with whom, from when to when."""

from collections import defaultdict
from decimal import Decimal, InvalidOperation

from insight_kernel.reports.blocks import Block, Cell, moment, paragraph, table, together
from insight_kernel.reports.profile import words
from insight_kernel.reports.profile.material import Link, Seen, Thing

_MOST = 40  # rows listed
_WORD = {"in": "received", "out": "paid"}
Groups = dict[tuple[str, ...], list[Thing]]


def payments(seen: Seen) -> Block:
    """Return payments of the subject by direction, counterpart and currency."""
    groups = _grouped(seen, "Payment")
    if not groups:
        return paragraph("No payments of the subject among what is visible.", kind="empty")
    parted: Groups = defaultdict(list)
    for (own, direction, other), found in groups.items():
        for payment in found:
            parted[own, direction, other, payment.first("currency") or "currency not stated"].append(payment)
    rows = [
        [*key[1:3], str(len(found)), _sum(found), key[3], *_ends(found)] for key, found in _largest(parted)
    ]
    columns = ("Direction", "With", "Payments", "Sum", "Currency", "First", "Last", "Source (owner)", "Grade")
    made = "Payments paid or received by the subject, added up by counterpart and currency; nothing is converted."
    return together(_totals(parted), table("Payments", columns, rows, made=made + _cut(parted), grouped=1))


def calls(seen: Seen) -> Block:
    """Return calls of the subject's telephones by number, direction and counterpart."""
    groups = _grouped(seen, "Call")
    if not groups:
        return paragraph("No calls of the subject's telephones among what is visible.", kind="empty")
    rows = [[*key, str(len(found)), _minutes(found), *_ends(found)] for key, found in _largest(groups)]
    columns = (
        "Telephone",
        "Direction",
        "With",
        "Calls",
        "Minutes",
        "First",
        "Last",
        "Source (owner)",
        "Grade",
    )
    made = "Calls of telephones linked with the subject, counted by counterpart; who spoke is not recorded."
    return table("Calls", columns, rows, made=made + _cut(groups), grouped=2)


def _grouped(seen: Seen, kind: str) -> Groups:
    """Return the link entities of a kind by own end, direction and other end."""
    own = {
        seen.subject.id,
        *(id_ for link in seen.near for id_ in (link.source, link.target) if _belongs(id_, seen)),
    }
    groups: Groups = defaultdict(list)
    for link in dict.fromkeys((*seen.near, *seen.further)):
        if link.kind == kind and link.thing:
            key = _key(link, own, seen)
            groups[key].append(seen.things[link.thing])
    return groups


def _belongs(id_: str, seen: Seen) -> bool:
    return any(seen.things[id_].schema.is_a(name) for name in ("PhoneNumber", "Device"))


def _key(link: Link, own: set[str], seen: Seen) -> tuple[str, str, str]:
    outgoing = link.source in own
    mine, other = (link.source, link.target) if outgoing else (link.target, link.source)
    return seen.caption(mine), "out" if outgoing else "in", seen.caption(other)


def _largest(groups: Groups) -> list[tuple[tuple[str, ...], list[Thing]]]:
    """Return the largest groups, ordered so that equal leading cells stand together."""
    by_size = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))[:_MOST]
    return sorted(by_size, key=lambda item: (item[0][:-1], -len(item[1]), item[0]))


def _cut(groups: Groups) -> str:
    return f" Listed are the {_MOST} largest of {len(groups)} rows." if len(groups) > _MOST else ""


def _totals(groups: Groups) -> Block:
    """Say how much went out and came in, by currency, over all payments."""
    totals: defaultdict[tuple[str, str], list[Thing]] = defaultdict(list)
    for (_, direction, _, currency), found in groups.items():
        totals[direction, currency] += found
    said = [
        f"{_WORD[direction]} {_sum(found)} {currency} in {len(found)} payments"
        for (direction, currency), found in sorted(totals.items())
    ]
    return paragraph(f"In all: {'; '.join(said)}.")


def _ends(found: list[Thing]) -> list[Cell]:
    said = [s for thing in found for s in thing.said]
    days = sorted(filter(None, (thing.start for thing in found))) or [""]
    return [moment(days[0]), moment(days[-1]), words.sources(said), words.grades(said)]


def _sum(found: list[Thing]) -> str:
    amounts = [_number(payment.first("amount")) for payment in found]
    known = [amount for amount in amounts if amount is not None]
    missing = len(amounts) - len(known)
    return f"{sum(known, Decimal(0)):,}" + (f" ({missing} without amount)" if missing else "")


def _minutes(found: list[Thing]) -> str:
    seconds = [number for call in found if (number := _number(call.first("duration"))) is not None]
    return f"{sum(seconds, Decimal(0)) / 60:,.0f}" if seconds else ""


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
