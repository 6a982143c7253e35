"""Data under restrictions: each shows to some readers only, and one link changes the network."""

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.people import deliver_person
from insight_kernel.training.world.places import CITIES, near

_EVERYBODY = "ana ben chen"
#: Role -> source, why, who sees such a person, who does not.
WITHHELD = {
    "excluded": ("gr-without-ma", "Greece keeps this person from Morocco.", "ana", "ben"),
    "expired": ("ua-expired", "Expired yesterday: gone for everybody.", "", _EVERYBODY),
    "confidential": ("ke-confidential", "Kenya's file is confidential.", "ana", "ben chen"),
}
#: Role -> source.
PROTECTED = {
    "victim": "br-victims",
    "witness": "fr-witnesses",
    "missing": "ke-missing",
    "plain-victim": "fr-nominal",
    "plain-witness": "gr-nominal",
}


def deliver_traps(draft: Draft, cast: Cast) -> None:
    """Deliver everything whose label keeps it from somebody."""
    _second_way(draft, cast)
    _case_files(draft, cast)
    _strangers(draft, cast)
    _protected(draft, cast)
    _purposes(draft, cast)
    _handling(draft, cast)
    _sensitive(draft, cast)


def _second_way(draft: Draft, cast: Cast) -> None:
    """Tie the cells a second time, for French eyes: the network is another one for who may see it."""
    one, other = cast.a[4].id, cast.b[3].id
    link = draft.link("fr-sole", "UnknownLink", {"subject": one, "object": other}, role="same rented garage")
    draft.plant(
        "hidden-link",
        [one, other, link],
        "Look for ways between the cells that avoid the broker: there is one, for France alone.",
        seen_by="ana",
        not_seen_by="ben chen",
    )


def _case_files(draft: Draft, cast: Cast) -> None:
    """Keep one observation for the members of each case: of the main subject, and of a member of his cell."""
    rows = (
        ("fr-lantern", "OP-LANTERN", cast.a[0].id, "Paris", 12, "ana", "ben chen"),
        ("ma-harbour", "OP-HARBOUR", cast.a[2].id, "Casablanca", 17, "ben", "ana chen"),
    )
    for source, case, observed, city, ago, seen_by, not_seen_by in rows:
        file = draft.add(
            source, "CaseFile", draft.key(f"case:{case}"), name=case, caseNumber=case, openedAt=draft.day(300)
        )
        seen = _event(
            draft,
            source,
            "Observation",
            "Followed to a storage unit",
            ago,
            city,
            observed=observed,
            caseFile=file,
        )
        how = f"Ask for sightings of this person: one in {city} stands in the file of {case}."
        draft.plant("case-file", [observed, seen], how, seen_by=seen_by, not_seen_by=not_seen_by)


def _strangers(draft: Draft, cast: Cast) -> None:
    """Deliver persons behind an exclusion, an expiry and a clearance, each tied to somebody plainly known."""
    for role in WITHHELD:
        deliver_withheld(draft, cast.strangers[role], role, cast.around("b")[2])


def deliver_withheld(draft: Draft, stranger: Actor, role: str, known: Actor) -> None:
    """Deliver a person from a file some readers do not see, tied to somebody plainly known."""
    source, why, seen_by, not_seen_by = WITHHELD[role]
    person = deliver_person(draft, stranger, source)
    ends = {"person": known.id, "associate": person}
    link = draft.link(source, "Associate", ends, relationship="former partner")
    how = f"Ask for the associates of the person named first. {why}"
    draft.plant(f"person-{role}", [known.id, person, link], how, seen_by=seen_by, not_seen_by=not_seen_by)


def _protected(draft: Draft, cast: Cast) -> None:
    """Deliver victims, witnesses and a minor, in files of their own and among everybody else's."""
    for role in PROTECTED:
        deliver_protected(draft, cast.strangers[role], role)


def deliver_protected(draft: Draft, stranger: Actor, role: str) -> None:
    """Deliver a person who exists for nobody without a permit."""
    person = deliver_person(draft, stranger, PROTECTED[role])
    how = "Search for this person by name: without permit and necessity there is nobody."
    draft.plant(f"protected-{role}", [person], how, seen_by="", not_seen_by=_EVERYBODY)


def deliver_wanted_only(draft: Draft, stranger: Actor) -> None:
    """Deliver a person for arrests only."""
    wanted = deliver_person(draft, stranger, "ma-wanted")
    how = "Search for this person by name, for the purpose of finding wanted persons."
    draft.plant("wanted-only", [wanted], how, seen_by="ana chen", not_seen_by="ben", purpose="wanted")


def _purposes(draft: Draft, cast: Cast) -> None:
    """Deliver a person for arrests only, and a passage for border checks only."""
    deliver_wanted_only(draft, cast.strangers["wanted"])
    traveller = cast.around("c")[1].id
    passage = _event(draft, "jp-border", "Observation", "Left by sea", 80, "Yokohama", observed=traveller)
    how = "Ask for sightings of this person, for the purpose of border checks."
    draft.plant(
        "border-only", [traveller, passage], how, seen_by="chen", not_seen_by="ana ben", purpose="border"
    )


def _handling(draft: Draft, cast: Cast) -> None:
    """Deliver seizures that may be seen but not simply passed on: conditions, consent, an end tomorrow."""
    rows = (
        (
            "de-evidence",
            "Hamburg",
            "Forty seals",
            "May be used in court only after asking, and passed on only with consent.",
        ),
        (
            "br-shared",
            "Santos",
            "Two crates of seals",
            "Brazil and Kenya must both consent before it goes to another country.",
        ),
        ("ua-expiring", "Odesa", "A press for seals", "Seen today, gone tomorrow."),
    )
    for source, city, name, how in rows:
        seizure = _event(draft, source, "Seizure", name, 44, city, seizedFrom=cast.around("c")[4].id)
        draft.plant(f"handling-{source}", [seizure], f"Ask for seizures in {city}. {how}", seen_by="ana ben")


def _sensitive(draft: Draft, cast: Cast) -> None:
    """State a religion and an ethnic group, both invented: to be seen with a permit, never searched by."""
    believer, other = cast.a[2], cast.b[0]
    draft.add(believer.source, "Person", believer.id, religion="Lampkeepers", personStatus=believer.status)
    draft.add(other.source, "Person", other.id, ethnicity="Saltmarsh people", personStatus=other.status)
    how = (
        "Read religion and ethnicity of these persons: both stay empty without the permit for sensitive data."
    )
    draft.plant("sensitive", [believer.id, other.id], how, seen_by="", not_seen_by=_EVERYBODY)


def _event(draft: Draft, source: str, schema: str, name: str, ago: int, city: str, **ties: str) -> str:
    """Deliver the one event of a restricted source, with its place, and return its id."""
    where = near(CITIES[city], draft.rng(f"event/{source}"), 2)
    country, key = CITIES[city].country, draft.key(f"event:{source}")
    return draft.add(
        source, schema, key, name=name, date=draft.day(ago), location=city, country=country, **ties, **where
    )
