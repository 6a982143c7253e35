"""Notices of every colour, a warrant and a diffusion; one notice is still pending and one was refused."""

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.companies import Firm
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.people import deliver_person

PUBLISHED, PENDING, REFUSED = "published", "pending", "refused"


class Office:
    """Numbers and delivers the notices of the general secretariat."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.published = draft, 0

    def notice(
        self,
        colour: str,
        subject: str | None,
        country: str,
        status: str,
        issued: int | None = None,
        /,
        **more: str,
    ) -> str:
        """Deliver one notice, issued so many days ago and valid for five years; return its id."""
        self.published += 1
        issued = 30 + 41 * self.published if issued is None else issued
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

    def wanted(
        self, person: Actor, country: str, court: str, number: int, charges: str, ago: int
    ) -> dict[str, str]:
        """Deliver a wanted person and the warrant against him; return what his red notice says of both."""
        draft, name = self.draft, f"TEST-W-{number}"
        deliver_person(draft, person, "ipsg-notices", personStatus="wanted")
        warrant = draft.add(
            "ipsg-notices",
            "Warrant",
            draft.key(f"warrant:{number}"),
            name=f"Arrest warrant {name}",
            warrantNumber=name,
            subject=person.id,
            issuingCountry=country,
            issuingCourt=court,
            issueDate=draft.day(ago),
        )
        return {"warrant": warrant, "charges": charges}

    def not_counting(self, person: Actor, country: str, status: str, issued: int | None = None) -> None:
        """Deliver a request that was not published: it makes nobody wanted."""
        deliver_person(self.draft, person, "ipsg-notices", personStatus="unassessed")
        notice = self.notice("red", person.id, country, status, issued)
        self.draft.plant(
            f"notice-{status}",
            [person.id, notice],
            f"Ask who is wanted by a red notice: not this person, whose notice is only {status}.",
            seen_by="ana chen",
            not_seen_by="ben",
            purpose="wanted",
        )


def deliver_notices(office: Office, cast: Cast, firms: tuple[Firm, ...]) -> None:
    """Deliver the persons as the general secretariat knows them, their notices, and Greece's diffusion."""
    _red(office, cast.a[0])
    _persons(office, cast)
    _things(office, firms)
    _not_counting(office, cast)
    diffusion(office.draft, cast.around("b")[6], 5, 25)


def _red(office: Office, subject: Actor) -> None:
    """Seek the main subject for Morocco, on a warrant of its own."""
    charges = "Forming a criminal association; smuggling by sea."
    wanted = office.wanted(subject, "ma", "Court of Tangier", 17, charges, 90)
    notice = office.notice("red", subject.id, "ma", PUBLISHED, **wanted)
    office.draft.plant(
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
    office.notice("black", body, "br", PUBLISHED)


def _on(office: Office, colour: str, person: Actor, country: str, status: str, **more: str) -> None:
    deliver_person(office.draft, person, "ipsg-notices", personStatus=status)
    office.notice(colour, person.id, country, PUBLISHED, **more)


def _things(office: Office, firms: tuple[Firm, ...]) -> None:
    """Deliver the notices on threats, manners of working and assets."""
    office.notice("orange", None, "de", PUBLISHED, summary="Parcels with lamp oil that leaks and burns.")
    seal = "Seals are copied from photographs; look for the number printed in the wrong font."
    office.notice("purple", None, "fr", PUBLISHED, modusOperandi=seal)
    office.notice("silver", firms[0].id, "fr", PUBLISHED, summary="Tracing of assets of a trading company.")


def _not_counting(office: Office, cast: Cast) -> None:
    """Deliver a pending and a refused request."""
    office.not_counting(cast.around("a")[6], "br", PENDING)
    office.not_counting(cast.around("b")[5], "br", REFUSED)


def diffusion(draft: Draft, person: Actor, number: int, ago: int) -> None:
    """Send a diffusion of Greece to France and Japan only."""
    deliver_person(draft, person, "gr-diffusions", personStatus="suspect")
    sent = draft.add(
        "gr-diffusions",
        "Diffusion",
        draft.key(f"diffusion:{number}"),
        name=f"Diffusion TEST-D-{number}",
        diffusionNumber=f"TEST-D-{number}",
        subject=person.id,
        issuingCountry="gr",
        recipientCountry=["fr", "jp"],
        requestedAction="Report the whereabouts; do not detain.",
        status=PUBLISHED,
        issueDate=draft.day(ago),
    )
    draft.plant(
        "diffusion",
        [sent],
        "Ask for the diffusions on this person: France and Japan were written to, Morocco was not.",
        seen_by="ana chen",
        not_seen_by="ben",
        purpose="identify",
    )
