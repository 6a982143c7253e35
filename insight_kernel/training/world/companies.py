"""Invented companies: who directs and owns them, and a chain that hides the main subject behind two."""

from dataclasses import dataclass

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.draft import Draft

#: Name, legal form, country, side; the first three of side ``a`` pay each other in a circle.
_FIRMS = (
    ("Saltglass Negoce", "SARL", "fr", "a"),
    ("Amber Gull Chartering", "SA", "gr", "a"),
    ("Tinfeather Conseil", "SARL", "fr", "a"),
    ("Halcyon Brine Holding", "SA", "gr", "a"),
    ("Quillwater Transit", "SARL", "fr", "a"),
    ("Dockbell Forwarding", "SA", "gr", "b"),
    ("Murexine Cold Store", "SA", "gr", "b"),
    ("Sternpost Marble", "SA", "gr", "b"),
    ("Plumbline Archives", "SARL", "fr", "c"),
    ("Ninefold Umbrella", "SARL", "fr", "c"),
    ("Cindermoth Ceramics", "SA", "gr", "c"),
    ("Velvet Anchor Hotels", "SA", "gr", "c"),
)


@dataclass(frozen=True)
class Firm:
    """One company, the source that delivers it, and the side it belongs to."""

    id: str
    name: str
    source: str
    country: str
    side: str


def deliver_companies(draft: Draft, cast: Cast) -> tuple[Firm, ...]:
    """Deliver the registers and return the companies in the order of the table."""
    firms = tuple(deliver_firm(draft, number, row) for number, row in enumerate(_FIRMS))
    for number, firm in enumerate(firms):
        deliver_director(draft, firm, _director(cast, firm, number))
    _chain(draft, cast, firms)
    return firms


def deliver_firm(draft: Draft, number: int, row: tuple[str, str, str, str]) -> Firm:
    """Deliver one entry of a company register: name, legal form, country, side."""
    name, form, country, side = row
    firm = Firm(draft.key(f"company:{number}"), f"{name} {form}", f"{country}-companies", country, side)
    draft.add(
        firm.source,
        "Company",
        firm.id,
        name=firm.name,
        legalForm=form,
        country=country,
        jurisdiction=country,
        registrationNumber=f"TEST-{country.upper()}-{1000 + 7 * number}",
        incorporationDate=draft.day(700 + 90 * number % 9_000),
        status="active",
    )
    return firm


def _director(cast: Cast, firm: Firm, number: int) -> Actor:
    """Choose a director of the company's own side: now a member of the cell, now a front man of the crowd."""
    cell = {"a": cast.a, "b": cast.b}.get(firm.side, ())
    if cell and number % 2 == 0:
        return cell[2]
    crowd = cast.around(firm.side)
    return crowd[number % len(crowd)]


def deliver_director(draft: Draft, firm: Firm, director: Actor) -> None:
    """Deliver who directs a company."""
    ends = {"director": director.id, "organization": firm.id}
    draft.link(firm.source, "Directorship", ends, role="director", startDate=draft.day(600))


def _chain(draft: Draft, cast: Cast, firms: tuple[Firm, ...]) -> None:
    """Let the main subject own a company through two others, and the second cell own one plainly."""
    subject, last, middle, first = cast.a[0].id, firms[0], firms[1], firms[3]
    steps = (
        (subject, first, "100"),
        (first.id, middle, "80"),
        (middle.id, last, "75"),
        (middle.id, firms[2], "60"),
    )
    for owner, asset, percentage in (*steps, (cast.b[1].id, firms[5], "51")):
        ends = {"owner": owner, "asset": asset.id}
        draft.link(asset.source, "Ownership", ends, percentage=percentage, startDate=draft.day(640))
    deliver_director(draft, firms[4], cast.a[0])
    draft.plant(
        "ownership-chain",
        [subject, first.id, middle.id, last.id],
        f"Follow ownership upwards from {last.name}: behind two companies stands the subject, 60 percent.",
        seen_by="ana ben",
    )
