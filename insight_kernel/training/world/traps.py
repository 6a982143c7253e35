"""Data under restrictions: each shows to some readers only, and one link changes the network."""

from insight_kernel.training.world.cast import Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.people import deliver_person
from insight_kernel.training.world.places import CITIES, near

_EVERYBODY = "ana ben chen"


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
    known = cast.around("b")[2].id
    rows = (
        ("gr-without-ma", "excluded", "Greece keeps this person from Morocco.", "ana", "ben"),
        ("ua-expired", "expired", "Expired yesterday: gone for everybody.", "", _EVERYBODY),
        ("ke-confidential", "confidential", "Kenya's file is confidential.", "ana", "ben chen"),
    )
    for source, role, why, seen_by, not_seen_by in rows:
        person = deliver_person(draft, cast.strangers[role], source)
        link = draft.link(
            source, "Associate", {"person": known, "associate": person}, relationship="former partner"
        )
        how = f"Ask for the associates of the person named first. {why}"
        draft.plant(f"person-{role}", [known, person, link], how, seen_by=seen_by, not_seen_by=not_seen_by)


def _protected(draft: Draft, cast: Cast) -> None:
    """Deliver victims, witnesses and a minor, in files of their own and among everybody else's."""
    rows = (
        ("br-victims", "victim"),
        ("fr-witnesses", "witness"),
        ("ke-missing", "missing"),
        ("fr-nominal", "plain-victim"),
        ("gr-nominal", "plain-witness"),
    )
    for source, role in rows:
        person = deliver_person(draft, cast.strangers[role], source)
        how = "Search for this person by name: without permit and necessity there is nobody."
        draft.plant(f"protected-{role}", [person], how, seen_by="", not_seen_by=_EVERYBODY)


def _purposes(draft: Draft, cast: Cast) -> None:
    """Deliver a person for arrests only, and a passage for border checks only."""
    wanted = deliver_person(draft, cast.strangers["wanted"], "ma-wanted")
    how = "Search for this person by name, for the purpose of finding wanted persons."
    draft.plant("wanted-only", [wanted], how, seen_by="ana chen", not_seen_by="ben", purpose="wanted")
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
