"""Who delivers what to the invented world, and under which label: one line per source."""

from dataclasses import dataclass, field
from datetime import date, timedelta

OPEN = ("identify", "investigate", "network", "training")
CHECKS = (*OPEN, "wanted", "border")
BETWEEN_US = ("investigate", "network", "training")


@dataclass(frozen=True)
class Source:
    """One delivery: its folder name, title, owner and what its profile says beyond the defaults.

    ``grade`` is (scale, source grade, information grade), or nothing where the owner does not grade.
    ``days_left`` counts from the day the world is written; without it intake sets the expiry.
    ``limits`` are further label fields, ``sensitive`` the properties with a stricter label of their own.
    """

    name: str
    title: str
    owner: str
    level: str
    purposes: tuple[str, ...]
    grade: tuple[str, str, str] | None = None
    person_status: str | None = None
    days_left: int | None = None
    limits: dict[str, object] = field(default_factory=dict)
    sensitive: tuple[str, ...] = ()

    def profile(self, today: date) -> dict[str, object]:
        """Return the source profile as it stands in the delivered YAML file.

        Examples
        --------
        >>> SOURCES["fr-sole"].profile(date(2025, 1, 1))["label"]["only"]
        ['FR']
        """
        label: dict[str, object] = {"owner": self.owner, "level": self.level, "purposes": list(self.purposes)}
        label |= self.limits
        if self.days_left is not None:
            label["expires"] = today + timedelta(days=self.days_left)
        found: dict[str, object] = {"source": self.name, "title": self.title, "keys": "WORLD", "label": label}
        if self.person_status:
            found["person_status"] = self.person_status
        if self.grade:
            found["grade"] = dict(zip(("scale", "source", "information"), self.grade, strict=True))
        if self.sensitive:
            found["special"] = {name: ["sensitive"] for name in self.sensitive}
        return found | {"invented": True}


_OPEN_HOLDINGS = (
    Source("fr-nominal", "Persons known to French police", "FR", "restricted", CHECKS, ("4x4", "B", "2")),
    Source(
        "ma-nominal", "Persons known to Moroccan police", "MA", "restricted", OPEN, sensitive=("religion",)
    ),
    Source("de-nominal", "Persons known to German police", "DE", "official", CHECKS, ("admiralty", "B", "2")),
    Source(
        "jp-nominal", "Persons known to Japanese police", "JP", "official", CHECKS, ("admiralty", "A", "3")
    ),
    Source("gr-nominal", "Persons known to Greek police", "GR", "official", OPEN, ("5x5x5", "B", "2")),
    Source(
        "ua-nominal",
        "Persons known to Ukrainian police",
        "UA",
        "restricted",
        OPEN,
        ("3x5x2", "2", "B"),
        sensitive=("ethnicity",),
    ),
    Source("br-nominal", "Persons known to Brazilian police", "BR", "official", OPEN, ("4x4", "A", "2")),
    Source("ke-nominal", "Persons known to Kenyan police", "KE", "official", OPEN, ("4x4", "C", "3")),
    Source(
        "de-intelligence", "Contacts between persons", "DE", "restricted", BETWEEN_US, ("5x5x5", "C", "3")
    ),
    Source("fr-companies", "Company register", "FR", "official", OPEN, ("4x4", "A", "1")),
    Source("gr-companies", "Company register", "GR", "official", OPEN, ("5x5x5", "A", "1")),
    Source("de-vehicles", "Vehicles and their keepers", "DE", "official", CHECKS, ("admiralty", "A", "2")),
    Source("gr-stolen-vehicles", "Stolen vehicles", "GR", "official", CHECKS, ("5x5x5", "B", "1")),
    Source("ipsg-notices", "Notices", "IPSG", "official", (*CHECKS, "warn"), ("admiralty", "A", "2")),
    Source("fr-incidents", "Offences reported in ports", "FR", "restricted", OPEN, ("4x4", "B", "1")),
    Source("br-incidents", "Offences reported in ports", "BR", "official", OPEN, ("4x4", "B", "2")),
    Source("gr-incidents", "Offences reported in ports", "GR", "official", OPEN, ("5x5x5", "B", "2")),
    Source("ke-sightings", "Sightings", "KE", "official", CHECKS),
    Source("de-sightings", "Sightings", "DE", "restricted", OPEN, ("admiralty", "C", "3")),
    Source("de-plates", "Plate reads", "DE", "restricted", (*BETWEEN_US, "wanted"), ("admiralty", "A", "1")),
    Source("fr-reports", "Police reports", "FR", "restricted", OPEN, ("4x4", "B", "3")),
    Source("ma-reports", "Police reports", "MA", "restricted", OPEN),
    Source("ua-reports", "Police reports", "UA", "restricted", OPEN, ("3x5x2", "2", "C")),
    Source("jp-reports", "Police reports", "JP", "official", OPEN, ("admiralty", "B", "3")),
    Source("ipsg-mail", "Messages between bureaux", "IPSG", "restricted", OPEN, ("admiralty", "B", "3")),
)
_PRIVATE = (
    Source(
        "acmebank-accounts",
        "Customers and accounts",
        "X-ACMEBANK",
        "restricted",
        BETWEEN_US,
        person_status="unassessed",
        limits={"handling": ["H2"]},
    ),
    Source(
        "acmebank-payments", "Payments", "X-ACMEBANK", "restricted", BETWEEN_US, limits={"handling": ["H2"]}
    ),
    Source(
        "northtel-subscribers",
        "Subscribers and numbers",
        "X-NORTHTEL",
        "restricted",
        BETWEEN_US,
        person_status="unassessed",
        limits={"handling": ["H1"]},
    ),
    Source("northtel-calls", "Calls", "X-NORTHTEL", "restricted", BETWEEN_US, limits={"handling": ["H1"]}),
)
_RESTRICTED = (
    Source(
        "fr-sole", "For French eyes", "FR", "restricted", OPEN, ("4x4", "B", "2"), limits={"only": ["FR"]}
    ),
    Source(
        "fr-lantern",
        "Surveillance of OP-LANTERN",
        "FR",
        "confidential",
        BETWEEN_US,
        ("4x4", "A", "1"),
        limits={"files": ["OP-LANTERN"]},
    ),
    Source(
        "ma-harbour",
        "Informants of OP-HARBOUR",
        "MA",
        "restricted",
        BETWEEN_US,
        limits={"files": ["OP-HARBOUR"]},
    ),
    Source(
        "gr-without-ma", "Bilateral", "GR", "official", OPEN, ("5x5x5", "C", "2"), limits={"excluded": ["MA"]}
    ),
    Source("ua-expired", "Old persons file", "UA", "official", OPEN, ("3x5x2", "2", "D"), days_left=-1),
    Source("ua-expiring", "Last year's seizures", "UA", "official", OPEN, ("3x5x2", "1", "B"), days_left=1),
    Source(
        "ke-confidential",
        "Sources abroad",
        "KE",
        "confidential",
        OPEN,
        ("4x4", "B", "2"),
        limits={"existence": "contact-owner"},
    ),
    Source(
        "de-evidence",
        "Evidence of a court case",
        "DE",
        "restricted",
        OPEN,
        ("admiralty", "A", "1"),
        limits={
            "handling": ["H1", "H2", "H3"],
            "conditions": "Ask the court in Hamburg before any use in a hearing.",
        },
    ),
    Source(
        "br-shared",
        "Joint work with Kenya",
        "BR",
        "official",
        OPEN,
        ("4x4", "B", "2"),
        limits={"handling": ["H2"], "consent": ["KE"]},
    ),
    Source(
        "br-victims",
        "Victims of trafficking",
        "BR",
        "restricted",
        ("victim",),
        limits={"special": ["victim"]},
    ),
    Source(
        "fr-witnesses",
        "Witnesses under protection",
        "FR",
        "confidential",
        BETWEEN_US,
        limits={"special": ["witness"]},
    ),
    Source(
        "ke-missing", "Missing minors", "KE", "official", (*OPEN, "victim"), limits={"special": ["minor"]}
    ),
    Source("ma-wanted", "Wanted by Morocco", "MA", "official", ("wanted",)),
    Source("jp-border", "Checks at the border", "JP", "official", ("border",), ("admiralty", "A", "2")),
    Source(
        "gr-diffusions",
        "Diffusions",
        "GR",
        "official",
        ("wanted", "identify", "investigate"),
        ("5x5x5", "B", "2"),
        limits={"only": ["FR", "JP"]},
    ),
)
SOURCES: dict[str, Source] = {source.name: source for source in (*_OPEN_HOLDINGS, *_PRIVATE, *_RESTRICTED)}
