"""Notices of every colour, a warrant and a diffusion; one notice is still pending and one was refused."""

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.companies import Firm
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.people import deliver_person

_PUBLISHED, _PENDING, _REFUSED = "published", "pending", "refused"


class Office:
    """Numbers and delivers the notices of the general secretariat."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.published = draft, 0

    def notice(self, colour: str, subject: str | None, country: str, status: str, **more: str) -> str:
        """Deliver one notice and return its id."""
        self.published += 1
        issued = 30 + 41 * self.published
        number = f"TEST-{self.published:03d}/{colour.upper()}"
        return self.draft.add(
            "ipsg-notices",
            "Notice",
            self.draft.key(f"notice:{number}"),
            name=f"{colour.capitalize()} notice {number}",
            noticeType=colour,
            noticeNumber=number,
            subject=subject,
            issuingCountry=country,
            status=status,
            issueDate=self.draft.day(issued),
            expiryDate=self.draft.day(issued - 1826),
            **more,
        )


def deliver_notices(draft: Draft, cast: Cast, firms: tuple[Firm, ...]) -> None:
    """Deliver the persons as the general secretariat knows them, their notices, and Greece's diffusion."""
    office = Office(draft)
    _red(office, cast.a[0])
    _persons(office, cast)
    _things(office, firms)
    _not_counting(office, cast)
    _diffusion(draft, cast.around("b")[6])


def _red(office: Office, subject: Actor) -> None:
    """Seek the main subject for Morocco, on a warrant of its own."""
    draft = office.draft
    deliver_person(draft, subject, "ipsg-notices", personStatus="wanted")
    warrant = draft.add(
        "ipsg-notices",
        "Warrant",
        draft.key("warrant:1"),
        name="Arrest warrant TEST-W-17",
        warrantNumber="TEST-W-17",
        subject=subject.id,
        issuingCountry="ma",
        issuingCourt="Court of Tangier",
        issueDate=draft.day(90),
    )
    charges = "Forming a criminal association; smuggling by sea."
    notice = office.notice("red", subject.id, "ma", _PUBLISHED, warrant=warrant, charges=charges)
    draft.plant(
        "notice",
        [subject.id, notice],
        "Ask for the notices on the main subject: one red notice of Morocco, published, with its warrant.",
        seen_by="ana chen",
        not_seen_by="ben",
        purpose="wanted",
    )


def _persons(office: Office, cast: Cast) -> None:
    """Deliver the notices on persons: blue, green, yellow, special, and black for a body without a name."""
    _on(office, "blue", cast.b[1], "gr", "suspect", summary="Location and activities sought.")
    _on(office, "green", cast.b[2], "ua", "possible-threat", summary="Repeatedly active in stolen cargo.")
    _on(office, "yellow", cast.around("c")[3], "ke", "missing", summary="Last seen boarding a night bus.")
    _on(
        office,
        "special",
        cast.around("b")[8],
        "gr",
        "suspect",
        summary="Travel ban and assets freeze (invented).",
    )
    body = office.draft.add(
        "ipsg-notices",
        "Person",
        office.draft.key("person:body"),
        name="Unknown man from the harbour of Santos",
        gender="male",
        height="178",
        distinguishingMarks="Tattoo of an anchor on the left forearm.",
        personStatus="unidentified-body",
    )
    office.notice("black", body, "br", _PUBLISHED)


def _on(office: Office, colour: str, person: Actor, country: str, status: str, **more: str) -> None:
    deliver_person(office.draft, person, "ipsg-notices", personStatus=status)
    office.notice(colour, person.id, country, _PUBLISHED, **more)


def _things(office: Office, firms: tuple[Firm, ...]) -> None:
    """Deliver the notices on threats, manners of working and assets."""
    office.notice("orange", None, "de", _PUBLISHED, summary="Parcels with lamp oil that leaks and burns.")
    seal = "Seals are copied from photographs; look for the number printed in the wrong font."
    office.notice("purple", None, "fr", _PUBLISHED, modusOperandi=seal)
    office.notice("silver", firms[0].id, "fr", _PUBLISHED, summary="Tracing of assets of a trading company.")


def _not_counting(office: Office, cast: Cast) -> None:
    """Deliver a pending and a refused request: neither makes anybody wanted."""
    pending, refused = cast.around("a")[6], cast.around("b")[5]
    for person, status in ((pending, _PENDING), (refused, _REFUSED)):
        deliver_person(office.draft, person, "ipsg-notices", personStatus="unassessed")
        notice = office.notice("red", person.id, "br", status)
        office.draft.plant(
            f"notice-{status}",
            [person.id, notice],
            f"Ask who is wanted by a red notice: not this person, whose notice is only {status}.",
            seen_by="ana chen",
            not_seen_by="ben",
            purpose="wanted",
        )


def _diffusion(draft: Draft, person: Actor) -> None:
    """Send a diffusion of Greece to France and Japan only."""
    deliver_person(draft, person, "gr-diffusions", personStatus="suspect")
    diffusion = draft.add(
        "gr-diffusions",
        "Diffusion",
        draft.key("diffusion:1"),
        name="Diffusion TEST-D-5",
        diffusionNumber="TEST-D-5",
        subject=person.id,
        issuingCountry="gr",
        recipientCountry=["fr", "jp"],
        requestedAction="Report the whereabouts; do not detain.",
        status=_PUBLISHED,
        issueDate=draft.day(25),
    )
    draft.plant(
        "diffusion",
        [diffusion],
        "Ask for the diffusions on this person: France and Japan were written to, Morocco was not.",
        seen_by="ana chen",
        not_seen_by="ben",
        purpose="identify",
    )
